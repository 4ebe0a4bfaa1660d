"""Past tickets once more, by the procedure as it runs and as it would: what a draft wins and breaks, with examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from towerdesk.assistant.models import ProcedureRun
from towerdesk.assistant.procedures.compile import compile_procedure
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.model import Procedure as Graph
from towerdesk.insights.models import TicketFact
from towerdesk.lib.errors import Trouble
from towerdesk.lib.text import one_line
from towerdesk.rehearsal.gaps.draft import lenders
from towerdesk.rehearsal.gaps.procedures.again import Outcome, Past, again, pasts
from towerdesk.rehearsal.gaps.procedures.ask import desk_specs
from towerdesk.rehearsal.models import Draft
from towerdesk.tickets.models import Ticket

MOST_OF_GAP, OTHERS = 60, 120
EXAMPLES = 3
BY_PEOPLE = Outcome("hand_over", "No procedure is for this")


@dataclass(frozen=True, slots=True)
class Pair:
    past: Past
    before: Outcome
    after: Outcome

    @property
    def wins(self) -> bool:
        return self.after.as_people(self.past) and not self.before.as_people(self.past)

    @property
    def breaks(self) -> bool:
        """It was as people did, and is not so any more; or it now changes what nobody had changed."""
        lost = self.before.as_people(self.past) and not self.after.as_people(self.past)
        return lost or (self.past.is_settled and self._acts(self.after) and not self._acts(self.before))

    @property
    def is_untold(self) -> bool:
        return not self.wins and not self.breaks and (self.after.end == "later" or not self.past.is_settled)

    @property
    def moves(self) -> bool:
        left_alone = self.before == BY_PEOPLE and self.after.end == "not_begun"
        return self.before != self.after and not left_alone

    def _acts(self, outcome: Outcome) -> bool:
        return bool(outcome.does) and not all(self._was_done(tool, given) for tool, given in outcome.does)

    def _was_done(self, tool: str, given: dict[str, Any]) -> bool:
        wanted = {name: str(value) for name, value in given.items()}
        return any(
            tool == one and wanted == {name: str(value) for name, value in did.items()} for one, did in self.past.did
        )


def try_out_change(draft: Draft) -> None:
    """Publishes nothing, calls nobody; keeps the outcome with the draft."""
    draft.state = "open"
    try:
        after = compile_procedure(draft.text, desk_specs())
    except Trouble as trouble:
        draft.trouble, draft.trial = f"It can't run: {trouble}"[:300], {}
        draft.save(update_fields=["trial", "state", "trouble"])
        return
    before = graph_of(draft.procedure.current) if draft.procedure and draft.procedure.current else None
    fresh = set(after.intents) - set(before.intents if before else ())
    own = _pairs(list(draft.tickets)[-MOST_OF_GAP:], None if fresh else before, after)
    beside = [*_pairs(_ran(draft), before, after), *_pairs(_like(draft, fresh), None, after)]
    draft.trial, draft.trouble = _told(own, beside, set(lenders(draft.tickets))), ""
    draft.save(update_fields=["trial", "state", "trouble"])


def _pairs(tickets: Sequence[int], before: Graph | None, after: Graph) -> list[Pair]:
    return [Pair(past, again(before, past) if before else BY_PEOPLE, again(after, past)) for past in pasts(tickets)]


def _ran(draft: Draft) -> list[int]:
    """The newest tickets that it ran on."""
    ran = ProcedureRun.objects.filter(version__procedure=draft.procedure).exclude(ticket__in=draft.tickets)
    return sorted(ran.order_by("-id").values_list("ticket", flat=True)[:OTHERS]) if draft.procedure else []


def _like(draft: Draft, intents: set[str]) -> list[int]:
    """The newest tickets that it would begin on from now on."""
    like = Ticket.objects.filter(intent__slug__in=intents, merged_into=None).exclude(pk__in=draft.tickets)
    return sorted(like.order_by("-id").values_list("pk", flat=True)[:OTHERS])


def _told(own: Sequence[Pair], beside: Sequence[Pair], lent: set[int]) -> dict[str, Any]:
    wins = [one for one in own if one.wins]
    broken = [one for one in (*own, *beside) if one.breaks]
    fresh = [one for one in own if one.past.ticket.pk not in lent]
    minutes = TicketFact.objects.filter(pk__in=_numbers(wins)).values_list("agent_minutes", flat=True)
    return {
        "tickets": len(own),
        "tickets_fresh": len(fresh),
        "wins": _numbers(wins),
        "wins_fresh": _numbers([one for one in fresh if one.wins]),
        "as_people": len(wins),
        "minutes": round(sum(minutes), 1),
        "others": len(beside),
        "moved": _numbers([one for one in beside if one.moves]),
        "breaks": _numbers(broken),
        "untold": _numbers([one for one in own if one.is_untold]),
        "examples": {
            "wins": [_example(one) for one in wins[:EXAMPLES]],
            "breaks": [_example(one) for one in broken[:EXAMPLES]],
            "others": [_example(one) for one in own if not one.wins and not one.breaks][:EXAMPLES],
        },
    }


def _numbers(pairs: Sequence[Pair]) -> list[int]:
    return [one.past.ticket.pk for one in pairs]


def _example(one: Pair) -> dict[str, Any]:
    wrote = " · ".join(one_line(said.text, 80) for said in one.past.messages)[:240]
    return {
        "ticket": one.past.ticket.pk,
        "said": wrote,
        "before": _in_words(one.before),
        "after": _in_words(one.after),
        "people": _calls(one.past.did) or "Nothing was changed",
    }


ENDS = {
    "done": "Done", "refused": "Told them no", "hand_over": "Handed over", "ask": "Asks, and nothing more came",
    "task": "A person's turn", "approve": "Waits for approval", "later": "Nobody can tell", "not_begun": "Not begun",
    "confirm": "Asks for a yes", "write": "Waits for approval",
}  # fmt: skip


def _in_words(outcome: Outcome) -> str:
    parts = [ENDS[outcome.end]]
    if outcome.does:
        parts.append(_calls(outcome.does))
    elif outcome.why and outcome.end != "done":
        parts.append(outcome.why)
    return ": ".join(parts)[:300]


def _calls(did: Sequence[tuple[str, dict[str, Any]]]) -> str:
    return ", ".join(f"{tool}({', '.join(str(given[name]) for name in sorted(given))})" for tool, given in did)
