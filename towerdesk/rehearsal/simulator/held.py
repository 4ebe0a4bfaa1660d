"""The desk as it is: the licences that it holds today, and what the assistant really decided under what decides now."""

from collections.abc import Collection

from django.db.models import Count, OuterRef, Q, Subquery

from towerdesk.assistant.evidence import ALONE
from towerdesk.assistant.models import Licence, Run
from towerdesk.lib.clock import now
from towerdesk.rehearsal.past.book import Decided, Earned
from towerdesk.tickets.models import Message


def held_licences() -> list[Earned]:
    """Those that speak for answers. One of a risk together lets out its members, but for those that were left out."""
    held = Licence.objects.filter(kind="answer", ended_at=None, expires_at__gt=now()).select_related("intent")
    return [_earned(licence) for licence in held.prefetch_related("members").order_by("pk")]


def live_decisions(tickets: Collection[int]) -> list[Decided]:
    """On the first message of each, under the decider that the held licences speak for; older ones knew less.

    A ticket that was decided about before that is not among them, and stays with people.
    """
    deciders = {
        licence.fingerprints.get("decider", "") for licence in Licence.objects.filter(kind="answer", ended_at=None)
    }
    first = Message.objects.filter(ticket=OuterRef("ticket"), direction="in").order_by("pk").values("pk")[:1]
    runs = (
        Run.objects.filter(ticket__in=tickets, kind="answer", fingerprint__in=deciders, message=Subquery(first))
        .exclude(intent=None)
        .order_by("ticket", "pk")
        .distinct("ticket")
        .select_related("intent", "grade")
    )
    return [_decided(run) for run in runs]


def record_of_held() -> dict[str, int]:
    """What was really sent alone under their provings: how many, of how many somebody knows, how many were wrong."""
    provings = Licence.objects.filter(kind="answer", ended_at=None).exclude(proving=None).values("proving")
    sent = Run.objects.filter(licence__proving__in=provings, outcome__in=ALONE).exclude(sent__delivery="withdrawn")
    counts = sent.aggregate(alone=Count("pk"), known=Count("grade"), wrong=Count("grade", filter=Q(grade__right=False)))
    return {name: int(number) for name, number in counts.items()}


def _earned(licence: Licence) -> Earned:
    if licence.intent:
        about, members = licence.intent.slug, frozenset({licence.intent.slug})
    else:
        about = f"{licence.risk} together"
        members = frozenset(one.slug for one in licence.members.all() if licence.lets_out(one.pk))
    figures = (licence.threshold, licence.n, licence.k, licence.bound, licence.alpha, licence.coverage)
    versions = frozenset(licence.fingerprints.get("versions", []))
    return Earned(about, licence.issued_at, None, *figures, members, versions)


def _decided(run: Run) -> Decided:
    grade = getattr(run, "grade", None)
    verdict = "" if grade is None else "right" if grade.right else "wrong"
    intent = run.intent
    version = run.evidence[0].get("version", 0) if run.evidence else 0
    return Decided(
        key=str(run.ticket_id),
        at=run.at,
        intent=intent.slug if intent else "",
        risk=intent.risk if intent else "",
        score=run.score or 0.0,
        eligible=run.eligible,
        period=0,
        version=version or 0,
        verdict=verdict,
        measured_by="grade" if verdict else "",
        known_at=grade.at if verdict and grade else None,
    )
