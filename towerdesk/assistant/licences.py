"""Issue, keep and end licences: only graded evidence lets the assistant answer alone."""

from datetime import timedelta

from django.db import transaction

from towerdesk.assistant import binomial
from towerdesk.assistant.models import Grade, Licence, Run
from towerdesk.assistant.policy import ALPHA, DELTA, LASTS, valid_licence
from towerdesk.events.record import record
from towerdesk.knowledge.models import Version
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent

TRAFFIC_WINDOW = timedelta(days=90)


def review_all() -> None:
    for intent in Intent.objects.filter(active=True):
        review(intent)


def review(intent: Intent, *, by: Actor = CLOCK) -> Licence | None:
    """Bring the intent's licence in line with its evidence; returns the one that is valid afterwards, if any."""
    with transaction.atomic():
        Intent.objects.select_for_update().get(pk=intent.pk)
        held = valid_licence(intent)
        reason = why_void(held) if held else ""
        certificate = _certify(intent)
        if held and (reason or certificate is None):
            end(held, reason or "Its errors no longer allow the bound", by=by)
            held = None
        if certificate is None or (held and held.n == certificate.n and held.k == certificate.errors):
            return held
        if held:
            end(held, "Replaced by one with newer evidence", by=by)
        return _issue(intent, certificate, by=by)


def why_void(licence: Licence) -> str:
    """A sentence when the licence no longer rests on what is in use; empty while it holds."""
    if licence.expires_at <= now():
        return "It expired"
    if licence.fingerprints.get("decider") != _newest_fingerprint(licence.intent):
        return "The model, the score or the policy has changed"
    cited = licence.fingerprints.get("versions", [])
    current = Version.objects.filter(pk__in=cited, article__current_id__in=cited, article__status="published").count()
    if current < len(cited):
        return "An article that it rests on has changed"
    return ""


def end(licence: Licence, why: str, *, by: Actor) -> None:
    licence.ended_at, licence.ended_why = now(), why
    licence.save(update_fields=["ended_at", "ended_why"])
    record("licence.ended", by=by, subject=licence.pk, intent=licence.intent.slug, why=why)


def _certify(intent: Intent) -> binomial.Certificate | None:
    fingerprint = _newest_fingerprint(intent)
    grades = Grade.objects.filter(intent=intent, run__kind="answer", run__fingerprint=fingerprint, run__eligible=True)
    traffic = _traffic(intent, fingerprint)
    return binomial.certify(
        list(grades.values_list("score", "right")), binomial.thresholds(traffic), ALPHA[intent.risk], DELTA
    )


def _issue(intent: Intent, certificate: binomial.Certificate, *, by: Actor) -> Licence:
    fingerprint = _newest_fingerprint(intent)
    licence = Licence.objects.create(
        intent=intent,
        threshold=certificate.threshold,
        alpha=certificate.alpha,
        delta=certificate.delta,
        n=certificate.n,
        k=certificate.errors,
        bound=certificate.bound,
        coverage=binomial.coverage(_traffic(intent, fingerprint), certificate.threshold),
        issued_at=now(),
        expires_at=now() + LASTS,
        fingerprints={"decider": fingerprint, "versions": _cited(intent, certificate.threshold, fingerprint)},
    )
    record(
        "licence.issued",
        by=by,
        subject=licence.pk,
        intent=intent.slug,
        threshold=licence.threshold,
        n=licence.n,
        k=licence.k,
        bound=licence.bound,
    )
    return licence


def _traffic(intent: Intent, fingerprint: str) -> list[float]:
    """Scores of all that came in, graded or not: thresholds must not be chosen by looking at grades."""
    recent = Run.objects.current().filter(
        intent=intent, fingerprint=fingerprint, at__gt=now() - TRAFFIC_WINDOW, eligible=True
    )
    return list(recent.values_list("score", flat=True))


def _cited(intent: Intent, threshold: float, fingerprint: str) -> list[int]:
    """The article versions that the graded replies at or above the threshold rested on, if they are still current."""
    runs = Run.objects.filter(intent=intent, fingerprint=fingerprint, eligible=True, grade__score__gte=threshold)
    cited = {source["version"] for evidence in runs.values_list("evidence", flat=True) for source in evidence[:1]}
    return sorted(Version.objects.filter(pk__in=cited, article__current_id__in=cited).values_list("pk", flat=True))


def _newest_fingerprint(intent: Intent) -> str:
    newest = Run.objects.filter(intent=intent).order_by("-id").values_list("fingerprint", flat=True).first()
    return newest or ""
