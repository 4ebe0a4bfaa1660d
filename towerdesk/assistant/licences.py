"""Issue, keep and end licences: only graded evidence lets the assistant answer alone.

Of an intent by its own grades (`review`), or of a risk class together where intents have few (`pools`). What takes one back
is `suspend`. A licence's error rate is over alpha with probability delta at most over all the looks that are taken at one
proving (`betting`); a new proving, after a suspension or under another decider, is a new statement with a delta of its own.
"""

from datetime import timedelta

from django.db import transaction

from towerdesk.assistant import betting, binomial
from towerdesk.assistant.evidence import current_versions, grades_of, pieces_of, settled, sharing
from towerdesk.assistant.models import Licence, Proving, Run
from towerdesk.assistant.policy import ALPHA, DELTA, LASTS, own_licence
from towerdesk.assistant.prove import newest_fingerprint, proving_of
from towerdesk.assistant.suspend import end, suspend, why_suspect
from towerdesk.assistant.terms import terms
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent

TRAFFIC_WINDOW = timedelta(days=90)
NEWER = 20  # so many grades more, or a tenth more, and a licence is issued anew
SOON = timedelta(days=14)


def review(intent: Intent, kind: str = "answer", *, by: Actor = CLOCK) -> Licence | None:
    """Bring the intent's own licence in line with its evidence; returns the one that is valid afterwards, if any."""
    with transaction.atomic():
        intent = Intent.objects.select_for_update().get(pk=intent.pk)
        held = own_licence(intent, kind)
        if held and (suspicion := why_suspect(held)):
            suspend(held, suspicion, by=by)
            return None
        if held and (why := why_void(held)):
            end(held, why, how="expired" if held.expires_at <= now() else "void", by=by)
            held = None
        proving = proving_of(intent, kind)
        if proving is None:
            _without_proof(held, by)
            return None
        return keep_or_issue(proving, held, [intent.pk], by=by)


def keep_or_issue(
    proving: Proving, held: Licence | None, members: list[int], *, delta: float = DELTA, by: Actor
) -> Licence | None:
    """Call with the row held that the licence is about."""
    pieces = settled(pieces_of(proving, members))
    alpha = ALPHA[proving.intent.risk if proving.intent else proving.risk]
    certificate = betting.certify(grades_of(pieces), proving.thresholds, alpha, delta)
    if certificate is None:
        _without_proof(held, by)
        return None
    if held and not _is_newer(certificate, held):
        return held
    if held:
        end(held, "Replaced by one with newer evidence", how="replaced", by=by)
    elif _ran_out_on(proving, certificate):
        return None
    cited = {piece.version for piece in pieces if piece.score >= certificate.threshold and piece.version}
    return _issue(proving, certificate, members, sorted(current_versions(cited)), by=by)


def why_void(licence: Licence) -> str:
    """A sentence when the licence no longer rests on what is in use; empty while it holds."""
    if licence.expires_at <= now():
        return "It expired"
    about = [licence.intent_id] if licence.intent_id else list(licence.members.values_list("pk", flat=True))
    if licence.fingerprints.get("decider") != newest_fingerprint(about, licence.kind):
        return "The model, the score or the policy has changed"
    cited = licence.fingerprints.get("versions", [])
    return "An article that it rests on has changed" if len(current_versions(cited)) < len(cited) else ""


def warn_of_ends() -> int:
    """Licences that run out within two weeks: the leads hear of each once. Returns how many were told of."""
    ending = Licence.objects.filter(ended_at=None, warned_at=None, expires_at__lt=now() + SOON, expires_at__gt=now())
    told_of = list(ending.select_related("intent"))
    for licence in told_of:
        with transaction.atomic():
            if not Licence.objects.filter(pk=licence.pk, warned_at=None).update(warned_at=now()):
                continue
            newest = Run.objects.filter(licence=licence).order_by("-pk").values_list("ticket", flat=True).first()
            day = licence.expires_at.date().isoformat()
            record("licence.expiring", by=CLOCK, ticket=newest, subject=licence.pk, about=licence.about, expires=day)
    return len(told_of)


def _without_proof(held: Licence | None, by: Actor) -> None:
    if held:
        end(held, "Its grades no longer allow the bound", how="void", by=by)


def _is_newer(certificate: binomial.Certificate, held: Licence) -> bool:
    """A few grades more are no reason for a new licence, unless this one lets less out or is about to run out."""
    more = certificate.n - held.n
    if certificate.threshold < held.threshold or (held.expires_at < now() + SOON and more > 0):
        return True
    return more >= max(NEWER, held.n // 10)


def _ran_out_on(proving: Proving, certificate: binomial.Certificate) -> bool:
    """What has expired is not issued again on the same grades: that would be no expiry."""
    last = proving.licences.order_by("-pk").first()
    return last is not None and last.ended_how == "expired" and certificate.n <= last.n


def _issue(
    proving: Proving, certificate: binomial.Certificate, members: list[int], versions: list[int], *, by: Actor
) -> Licence:
    scores, of_all = _traffic(members, proving.kind, proving.fingerprint)
    above = sum(score >= certificate.threshold for score in scores)
    licence = Licence.objects.create(
        kind=proving.kind,
        intent=proving.intent,
        risk="" if proving.intent else proving.risk,
        proving=proving,
        threshold=certificate.threshold,
        alpha=certificate.alpha,
        delta=DELTA,  # of a pool: what its bound and its leaving out take together
        n=certificate.n,
        k=certificate.errors,
        bound=certificate.bound,
        coverage=above / of_all if of_all else 0.0,
        issued_at=now(),
        expires_at=now() + LASTS,
        audit_share=sharing(above * (LASTS / TRAFFIC_WINDOW), terms().audit_share),
        fingerprints={"decider": proving.fingerprint, "versions": versions},
    )
    if proving.intent is None:
        licence.members.set(members)
    record(
        "licence.issued",
        by=by,
        subject=licence.pk,
        intent=proving.intent.slug if proving.intent else f"{proving.risk} together",
        threshold=licence.threshold,
        n=licence.n,
        k=licence.k,
        bound=licence.bound,
    )
    return licence


def _traffic(members: list[int], kind: str, fingerprint: str) -> tuple[list[float], int]:
    """Scores of what could have been let out lately, and how many decisions there were in all."""
    recent = Run.objects.current().filter(
        intent__in=members, kind=kind, fingerprint=fingerprint, at__gt=now() - TRAFFIC_WINDOW
    )
    return list(recent.filter(eligible=True).values_list("score", flat=True)), recent.count()
