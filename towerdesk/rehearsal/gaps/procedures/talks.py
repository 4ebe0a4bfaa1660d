"""What was said and filled in on the past runs of a procedure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from towerdesk.assistant.models import Procedure, ProcedureRun

MOST = 600


@dataclass(frozen=True, slots=True)
class Talk:
    """`texts`: what the customer wrote, oldest first; `known`: each name with what it is by now, whoever said it."""

    ticket: int
    run: ProcedureRun
    texts: tuple[str, ...]
    known: dict[str, Any]

    def answers(self, slot: str) -> tuple[str, ...]:
        """What they wrote when they were asked for it; all that they wrote when they never were."""
        heard = self.run.kept.get("heard", [])
        return tuple(str(one["text"]) for one in heard if slot in one.get("asked", [])) or self.texts


def talks_of(procedure: Procedure, tickets: Sequence[int] | None = None) -> list[Talk]:
    """The newest ones, oldest first; or those on these tickets."""
    runs = ProcedureRun.objects.filter(version__procedure=procedure).select_related(
        "version__procedure", "ticket__requester"
    )
    if tickets is not None:
        runs = runs.filter(ticket__in=tickets)
    return [_talk(run) for run in reversed(runs.order_by("-id")[:MOST])]


def _talk(run: ProcedureRun) -> Talk:
    known = {name: one["content"] for name, one in run.kept.get("known", {}).items()}
    texts = tuple(str(one["text"]) for one in run.kept.get("heard", []))
    return Talk(run.ticket_id, run, texts, known)
