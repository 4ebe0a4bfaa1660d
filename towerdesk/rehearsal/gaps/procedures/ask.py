"""Draft a change of a procedure, or a new one, for a gap; the draft compiles, or says why there is none. Publishes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from towerdesk.assistant.models import Procedure, ProcedureVersion
from towerdesk.assistant.procedures.compile import compile_procedure
from towerdesk.assistant.procedures.faults import Faulty
from towerdesk.assistant.procedures.who import verified_address
from towerdesk.connectors import registry
from towerdesk.connectors.contract import ToolSpec
from towerdesk.lib.actor import Actor
from towerdesk.lib.embedding import Embedder
from towerdesk.lib.errors import Invalid, Trouble
from towerdesk.rehearsal.gaps.deeds import deeds_of
from towerdesk.rehearsal.gaps.draft import lenders, said_alike
from towerdesk.rehearsal.gaps.kinds import KINDS
from towerdesk.rehearsal.gaps.procedures.branch import other_arm
from towerdesk.rehearsal.gaps.procedures.example import test_of
from towerdesk.rehearsal.gaps.procedures.origins import Case
from towerdesk.rehearsal.gaps.procedures.page import Change, row, with_intent
from towerdesk.rehearsal.gaps.procedures.said import as_said
from towerdesk.rehearsal.gaps.procedures.skeleton import skeleton
from towerdesk.rehearsal.gaps.procedures.talks import talks_of
from towerdesk.rehearsal.gaps.stumbles import Stumble, stumbles
from towerdesk.rehearsal.models import Draft, Gap
from towerdesk.tickets.models import Intent, Message, Ticket

LOOKED_BACK = timedelta(days=120)
MOST_SAID = 2  # sentences of people's letters


def ask_change(gap: Gap, *, by: Actor) -> Draft:
    """An empty one; `fill_in_change` makes it, in the worker. Raises `Invalid` for a gap that no procedure can close."""
    by.must("procedure.change")
    by.must("ticket.read_all")
    if KINDS[gap.kind].drafts != "procedure":
        raise Invalid(KINDS[gap.kind].instead)
    version = _published(gap.procedure)
    return Draft.objects.create(
        kind="procedure",
        gap=gap,
        title=gap.name[:200],
        tickets=gap.tickets,
        state="making",
        procedure=gap.procedure,
        based_on=version.number if version else None,
        by_name=by.name,
    )


def fill_in_change(draft: Draft, embedder: Embedder) -> None:
    try:
        change = _change(draft, embedder)
        compile_procedure(change.text, desk_specs())
        draft.text, draft.tests, draft.title = change.text, change.tests, change.title[:200]
        draft.sentences, draft.notes, draft.state = change.rows, change.notes, "open"
    except Faulty as faulty:
        draft.state, draft.trouble = "failed", f"What came out can't run. {faulty.faults[0]}"[:300]
    except Trouble as trouble:
        draft.state, draft.trouble = "failed", str(trouble)[:300]
    draft.save()


def desk_specs() -> dict[str, ToolSpec]:
    """Every tool that is connected, by its whole name."""
    return {wired.name: replace(wired.spec, name=wired.name) for wired in registry.tools(usable=False)}


def _change(draft: Draft, embedder: Embedder) -> Change:
    gap = draft.gap
    if gap is None:
        raise Invalid("The gap that it was for is not there any more.")
    lent = lenders(draft.tickets)
    version = _published(draft.procedure)
    if gap.kind == "deeds":
        return _new(gap, lent, embedder)
    if version is None or draft.procedure is None:
        raise Invalid("The procedure is not published any more.")
    if gap.kind == "intent":
        rows = [row(f"People began “{draft.procedure}” by hand, and it came to its end", gap.tickets)]
        made = Change(with_intent(version.text, gap.intent), rows, title=f"{draft.procedure}: also for {gap.intent}")
    elif gap.kind == "guard":
        made = _branch(draft, gap, version, lent, embedder)
    else:
        made = as_said(draft.procedure, version.text, str(gap.about["slot"]), lent)
    made.tests = version.tests
    return made


def _branch(draft: Draft, gap: Gap, version: ProcedureVersion, lent: Sequence[int], embedder: Embedder) -> Change:
    stumbled = [one for one in stumbles(gap.found_at - LOOKED_BACK) if _is_of(one, gap, lent)]
    talks = talks_of(version.procedure, lent)
    return other_arm(version.text, gap.about, stumbled, talks, desk_specs(), _letter(gap.tickets, embedder))


def _is_of(one: Stumble, gap: Gap, lent: Sequence[int]) -> bool:
    same = one.kind == gap.kind and (one.about["when"], one.about["said"]) == (gap.about["when"], gap.about["said"])
    return same and one.run.version.procedure_id == gap.procedure_id and one.run.ticket_id in lent


def _new(gap: Gap, lent: Sequence[int], embedder: Embedder) -> Change:
    intent = Intent.objects.filter(slug=gap.intent).first()
    cases = cases_of(lent, gap.about["deeds"])
    if not cases:
        raise Invalid("The journals do not tell any more what people did on these tickets.")
    made = skeleton(intent, cases, desk_specs(), _letter(gap.tickets, embedder))
    made.tests = test_of(made.text, cases, desk_specs())
    return made


def cases_of(tickets: Sequence[int], deeds: Sequence[str]) -> list[Case]:
    """Those on which just these things were done."""
    found, did = [], deeds_of(tickets)
    for ticket in Ticket.objects.filter(pk__in=tickets).order_by("id"):
        theirs = did.get(ticket.pk, [])
        if [deed.name for deed in theirs] == list(deeds):
            messages = list(ticket.messages.filter(direction="in", public=True).order_by("id"))
            known = {"requester": {"email": _address(ticket, messages)}}
            found.append(Case(ticket.pk, [one.visible for one in messages], theirs, known))
    return found


def _address(ticket: Ticket, messages: Sequence[Message]) -> str:
    """Whom a server vouches for; by hand a person did."""
    proven = next((address for message in messages if (address := verified_address(message))), "")
    known = ticket.requester.identities.filter(kind="email").order_by("-verified", "id").values_list("value", flat=True)
    return proven or next(iter(known), "")


def _letter(tickets: Sequence[int], embedder: Embedder) -> str:
    """What people wrote in like words on two of the tickets or more."""
    said = [str(one["text"]) for one in said_alike(tickets, embedder)[:MOST_SAID]]
    return " ".join(said).replace("{", "(").replace("}", ")").replace("\n", " ")


def _published(procedure: Procedure | None) -> ProcedureVersion | None:
    return procedure.current if procedure is not None and procedure.status == "published" else None
