"""Take a licence back: audits, complaints and drift say when; what is still in its pause is stopped, and the leads are told."""

import contextlib
from dataclasses import dataclass

from django.db import transaction

from towerdesk.assistant import alarm
from towerdesk.assistant.evidence import audits_of, known_wrong
from towerdesk.assistant.models import Licence, Run
from towerdesk.assistant.policy import ALONE, DELTA
from towerdesk.assistant.prove import end_proving
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict
from towerdesk.tickets.models import Intent, Message
from towerdesk.tickets.withdraw import withdraw


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why, and the run that tipped the scales, when one did."""

    why: str
    run: int | None = None
    n: int = 0
    errors: int = 0


def why_suspect(licence: Licence) -> Suspicion | None:
    """None while nothing speaks against it. Audits first, then whatever is known to be wrong, then a drift of scores."""
    audits = audits_of(licence)
    heard = alarm.listen([wrong for _, _, wrong in audits], licence.alpha, DELTA)
    if heard.why:
        return Suspicion(heard.why, _last_wrong(audits), heard.n, heard.errors)
    known = known_wrong(licence)
    told = alarm.listen([wrong for _, _, wrong in known], licence.alpha, DELTA)
    if told.why:
        why = f"{told.errors} of {told.n} were disputed, edited or found wrong: more than {licence.alpha:.0%} are, with certainty"
        return Suspicion(why, _last_wrong(known), told.n, told.errors)
    if _has_drifted(licence):
        return Suspicion("The scores of what comes in lie elsewhere than when it was issued: it has to be proved again")
    return None


def weigh(run: Run) -> Licence | None:
    """Something was found wrong: if that is too much for the licence that spoke for it, it ends now, not with the hour."""
    under = run.licence
    if under is None:
        return None
    with transaction.atomic():
        same = {"proving": under.proving_id} if under.proving_id else {"pk": under.pk}
        held = Licence.objects.select_for_update().filter(ended_at=None, **same).first()
        suspicion = why_suspect(held) if held else None
        if held and suspicion:
            suspend(held, suspicion)
            return held
    return None


def suspend(licence: Licence, suspicion: Suspicion, *, by: Actor = CLOCK) -> int:
    """At once, for all that it lets out; those intents go no further than suggesting until a lead raises them again.

    Its evidence is spent: a later licence begins with no grades. Returns how many queued answers were stopped.
    """
    with transaction.atomic():
        stopped = end(licence, suspicion.why, how="suspended", by=by)
        if licence.proving:
            end_proving(licence.proving, suspicion.why)
        about = (
            [licence.intent] if licence.intent else [one for one in licence.members.all() if licence.lets_out(one.pk)]
        )
        for intent in about:
            _step_down(intent, by)
        ticket = Run.objects.filter(pk=suspicion.run or 0).values_list("ticket", flat=True).first()
        record(
            "licence.suspended",
            by=by,
            ticket=ticket,
            subject=licence.pk,
            about=licence.about,
            why=suspicion.why,
            n=suspicion.n,
            errors=suspicion.errors,
            stopped=stopped,
        )
    return stopped


def take_back(licence: Licence, why: str, *, by: Actor) -> int:
    """A lead's own decision; as when the evidence says so."""
    by.must("intent.change")
    if licence.ended_at is not None:
        raise Conflict("This licence has ended already.")
    return suspend(licence, Suspicion(f"{by.name} took it back{': ' + why.strip() if why.strip() else ''}"), by=by)


def end(licence: Licence, why: str, *, how: str, by: Actor) -> int:
    """Whoever is about to send under it holds its row (`act`): after this nobody does. Returns how many were stopped."""
    with transaction.atomic():
        held = Licence.objects.select_for_update().get(pk=licence.pk)
        for one in (held, licence):
            one.ended_at, one.ended_why, one.ended_how = now(), why[:300], how
        held.save(update_fields=["ended_at", "ended_why", "ended_how"])
        named = licence.intent.slug if licence.intent else f"{licence.risk} together"
        record("licence.ended", by=by, subject=licence.pk, intent=named, why=why)
        return _stop_queued(licence, why) if how != "replaced" else 0


def leave_out(licence: Licence, intent: Intent, why: str, *, by: Actor = CLOCK) -> None:
    """One member of a pool may no longer be answered alone; its errors go on counting in the pool's bound."""
    with transaction.atomic():
        held = Licence.objects.select_for_update().get(pk=licence.pk)
        held.left_out = licence.left_out = {**held.left_out, str(intent.pk): why}
        held.save(update_fields=["left_out"])
        stopped = _stop_queued(licence, why, intent)
        _step_down(intent, by)
        record(
            "licence.suspended",
            by=by,
            subject=licence.pk,
            about=intent.name,
            why=why,
            n=0,
            errors=0,
            stopped=stopped,
        )


def _stop_queued(licence: Licence, why: str, intent: Intent | None = None) -> int:
    queued = Message.objects.filter(warrant=f"licence:{licence.pk}", delivery="queued", author_kind="assistant")
    if intent is not None:
        queued = queued.filter(pk__in=Run.objects.filter(licence=licence, intent=intent).values("sent"))
    stopped = 0
    for message in queued.select_related("ticket").order_by("ticket"):
        with contextlib.suppress(Conflict), transaction.atomic():  # it is on its way already
            withdraw(message, f"The licence was taken back: {why}"[:300], by=CLOCK)
            stopped += 1
    return stopped


def _step_down(intent: Intent, by: Actor) -> None:
    held = Intent.objects.select_for_update().get(pk=intent.pk)
    if held.level not in ALONE:
        return
    was, held.level = held.level, "suggest"
    held.save(update_fields=["level"])
    intent.level = held.level
    record("intent.levelled", by=by, subject=held.pk, intent=held.slug, was=was, now="suggest")


def _last_wrong(found: list[tuple[int, int, bool]]) -> int | None:
    return next((run for run, _, wrong in reversed(found) if wrong), None)


def _has_drifted(licence: Licence) -> bool:
    about = [licence.intent_id] if licence.intent_id else list(licence.members.values_list("pk", flat=True))
    decided = Run.objects.current().filter(
        intent__in=about, kind=licence.kind, eligible=True, fingerprint=licence.fingerprints.get("decider", "")
    )
    then = decided.filter(at__lte=licence.issued_at).order_by("-pk").values_list("score", flat=True)[:500]
    lately = decided.filter(at__gt=licence.issued_at).order_by("-pk").values_list("score", flat=True)[:100]
    return alarm.drifted(list(then), list(lately))
