"""Graded decisions by the hundred: rows as the assistant and its graders leave them, without thinking each one up."""

from collections.abc import Iterable, Sequence

from towerdesk.assistant.models import Grade, Licence, Run
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent, Message, Ticket


def decided(
    ticket: Ticket,
    intent: Intent,
    right: Iterable[bool | None],
    *,
    score: float | Sequence[float] = 0.9,
    fingerprint: str = "as now",
    outcome: str = "draft",
    licence: Licence | None = None,
    evidence: Sequence[dict[str, object]] = (),
    verdict: str = "audited",
    asked: bool = True,
    kind: str = "answer",
    parts: Sequence[dict[str, float]] = (),
) -> list[Run]:
    """One decision for each entry of `right`, on messages of one ticket; None: nobody has graded it."""
    verdicts = list(right)
    scores = [score] * len(verdicts) if isinstance(score, float) else list(score)
    same = {"ticket": ticket, "intent": intent, "kind": kind, "outcome": outcome, "licence": licence, "asked": asked}
    same |= {"fingerprint": fingerprint, "evidence": list(evidence), "reply": "In 30 days.", "state": "done"}
    runs = Run.objects.bulk_create(
        Run(message=message, score=scores[at], parts=dict(parts[at]) if parts else {}, eligible=True, at=now(), **same)
        for at, message in enumerate(_questions(ticket, len(verdicts)))
    )
    Grade.objects.bulk_create(
        Grade(run=run, intent=intent, score=run.score, right=good, verdict=verdict, by_kind="agent", by_name="Ana")
        for run, good in zip(runs, verdicts, strict=True)
        if good is not None
    )
    return runs


def _questions(ticket: Ticket, number: int) -> list[Message]:
    asked = {"ticket": ticket, "direction": "in", "channel": "email", "text": "How?", "visible": "How?"}
    return Message.objects.bulk_create(
        Message(author_kind="customer", author_name="Mara", **asked) for _ in range(number)
    )
