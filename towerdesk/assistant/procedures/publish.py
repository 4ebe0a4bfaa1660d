"""Let a procedure's newest version run, or let none of it run any more."""

from django.db import transaction

from towerdesk.assistant.models import Procedure
from towerdesk.assistant.procedures.compile import compile_procedure
from towerdesk.assistant.procedures.faults import Faulty
from towerdesk.assistant.procedures.model import Procedure as Compiled
from towerdesk.assistant.procedures.tools import Tools
from towerdesk.assistant.procedures.trials import try_all
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid


def publish(procedure: Procedure, tools: Tools, *, by: Actor) -> None:
    """Raises `Faulty` for a text that can't run, `Invalid` when one of its tests fails, and `Conflict` when another one is for
    the same intent.
    """
    by.must("procedure.change")
    newest = procedure.versions.first()
    if newest is None:
        raise Invalid("There is nothing to publish yet: write the procedure first.")
    made = compile_procedure(newest.text, tools)
    _must_pass(made, newest.tests)
    with transaction.atomic():
        held = Procedure.objects.select_for_update().get(pk=procedure.pk)
        if held.status == "published" and held.current_id == newest.pk:
            return
        _must_be_the_only_one(held, made.intents)
        newest.published_at = now()
        newest.save(update_fields=["published_at"])
        held.status, held.current, held.updated_at = "published", newest, now()
        held.title, held.risk, held.intents = made.title, made.risk, list(made.intents)
        held.save()
        intents = list(made.intents)
        record("procedure.published", by=by, subject=held.pk, key=held.key, version=newest.number, intents=intents)


def retire(procedure: Procedure, *, by: Actor) -> None:
    """What has begun with it goes on to its end; nothing begins with it any more."""
    by.must("procedure.change")
    with transaction.atomic():
        held = Procedure.objects.select_for_update().get(pk=procedure.pk)
        if held.status == "retired":
            return
        held.status, held.updated_at = "retired", now()
        held.save(update_fields=["status", "updated_at"])
        record("procedure.retired", by=by, subject=held.pk, key=held.key, intents=held.intents)


def why_it_can_not_run(text: str, tests: str, tools: Tools) -> str:
    """One sentence of why a text would not be published with these tools, or nothing."""
    try:
        _must_pass(compile_procedure(text, tools), tests)
    except Faulty as faulty:
        return str(faulty.faults[0])
    except Invalid as trouble:
        return str(trouble)
    return ""


def _must_pass(made: Compiled, tests: str) -> None:
    for verdict in try_all(made, tests):
        if not verdict.passed:
            raise Invalid(f"The test “{verdict.name}” fails: {verdict.wrong[0]}")


def _must_be_the_only_one(held: Procedure, intents: tuple[str, ...]) -> None:
    for intent in intents:
        other = Procedure.objects.published().exclude(pk=held.pk).filter(intents__contains=[intent]).first()
        if other:
            raise Conflict(
                f"“{other}” is the procedure for {intent} already: retire it, or take the intent out of one."
            )
