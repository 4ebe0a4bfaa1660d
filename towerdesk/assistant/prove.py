"""Begin a run of evidence: fix what it is about and which thresholds it tries, before anybody looks at a grade."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet

from towerdesk.assistant import binomial
from towerdesk.assistant.models import Proving, Run
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent

FEWEST = 30
"""So many scores have to be there before thresholds are fixed by them."""
STEPS = 10
TRAFFIC_WINDOW = timedelta(days=90)


def proving_of(intent: Intent, kind: str) -> Proving | None:
    """The open one under what decides now, or a new one; None while too little has come in. The intent's row is held."""
    held = Proving.objects.filter(intent=intent, kind=kind, ended_at=None).first()
    return renewed(held, [intent.pk], kind, intent=intent)


def renewed(
    held: Proving | None,
    members: Sequence[int],
    kind: str,
    *,
    intent: Intent | None = None,
    risk: str = "",
    after: int = 0,
) -> Proving | None:
    fingerprint = newest_fingerprint(members, kind)
    if held and held.fingerprint == fingerprint:
        return held
    if held:
        end_proving(held, "What decides has changed: its grades say nothing of what decides now")
    after = max(after, last_suspended(members, kind))
    scores = list(_eligible(members, kind, fingerprint).filter(pk__gt=after).values_list("score", flat=True))
    if len(scores) < FEWEST:
        return None
    made = Proving.objects.create(
        kind=kind,
        intent=intent,
        risk=risk,
        fingerprint=fingerprint,
        thresholds=binomial.thresholds(scores, STEPS),
        after=after,
        begun_at=now(),
    )
    made.members.set(members)
    return made


def end_proving(proving: Proving, why: str) -> None:
    proving.ended_at, proving.ended_why = now(), why[:300]
    proving.save(update_fields=["ended_at", "ended_why"])


def newest_fingerprint(members: Sequence[int], kind: str) -> str:
    """Of what decided last on these intents."""
    runs = Run.objects.filter(intent__in=members, kind=kind).exclude(fingerprint="")  # a person's own doing has none
    newest = runs.order_by("-id").values_list("fingerprint", flat=True)
    return newest.first() or ""


def last_suspended(members: Sequence[int], kind: str) -> int:
    """The newest run there was when a licence for one of these was taken back: what is older has been spent."""
    ended = Proving.objects.filter(members__in=members, kind=kind, licences__ended_how="suspended").exclude(
        ended_at=None
    )
    newest = ended.order_by("-ended_at").values_list("ended_at", flat=True).first()
    if newest is None:
        return 0
    return Run.objects.filter(at__lte=newest).order_by("-pk").values_list("pk", flat=True).first() or 0


def _eligible(members: Sequence[int], kind: str, fingerprint: str) -> "QuerySet[Run]":
    since = now() - TRAFFIC_WINDOW
    return Run.objects.current().filter(
        intent__in=members, kind=kind, fingerprint=fingerprint, eligible=True, at__gt=since
    )
