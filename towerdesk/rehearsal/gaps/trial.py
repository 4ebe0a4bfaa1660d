"""Decide about a gap's tickets and some others again, with a draft among the articles and without: what it wins and breaks."""

from collections.abc import Sequence
from typing import Any

from towerdesk.assistant.brain import heads_reading
from towerdesk.assistant.policy import LEAST_SCORE
from towerdesk.knowledge.models import Chunk
from towerdesk.knowledge.search import Shelf, shelf_of
from towerdesk.knowledge.then import Library, passages_of
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import Embedder
from towerdesk.lib.errors import Conflict
from towerdesk.rehearsal.gaps.draft import NUMBER, lenders, version_of
from towerdesk.rehearsal.gaps.merge import RIGHTS
from towerdesk.rehearsal.models import Draft, ReplayItem
from towerdesk.rehearsal.past.agree import compare
from towerdesk.rehearsal.past.book import chance
from towerdesk.rehearsal.past.decide import Remembering, Tools, decide
from towerdesk.rehearsal.past.gather import stories_of
from towerdesk.tickets.models import Intent, Ticket

OTHERS = 60
MOST_OF_GAP = 60


def ask_trial(draft: Draft, *, by: Actor) -> None:
    """`try_out` does it, in the worker, which holds the model."""
    by.must(RIGHTS[draft.kind])
    by.must("ticket.read_all")
    if not Draft.objects.filter(pk=draft.pk, state="open").update(state="trying"):
        raise Conflict("This draft is being tried, or is settled: look at it again.")


def try_out(draft: Draft, embedder: Embedder, *, others: int = OTHERS) -> dict[str, Any]:
    """Publishes nothing; keeps the outcome with the draft and returns it."""
    before = Library(embedder).at(now())
    after = _with(before, draft, embedder)
    tools = Tools(Remembering(embedder), {intent.slug: intent for intent in Intent.objects.filter(active=True)})
    own = _both(list(draft.tickets)[-MOST_OF_GAP:], before, after, tools)
    beside = _both(_others(draft, others), before, after, tools)
    lent = set(lenders(draft.tickets))
    draft.trial, draft.state = _told(own, beside, lent), "open"
    draft.save(update_fields=["trial", "state"])
    return dict(draft.trial)


def _with(shelf: Shelf, draft: Draft, embedder: Embedder) -> Shelf:
    made: list[Chunk] = passages_of(version_of(draft.title, draft.text), embedder)
    return shelf_of([*shelf.chunks.values(), *made], f"{shelf.state} and a draft")


def _others(draft: Draft, many: int) -> list[int]:
    """Always the same ones for the same draft, of the newest tickets that people resolved."""
    newest = Ticket.objects.filter(status__in=("resolved", "closed"), merged_into=None).exclude(pk__in=draft.tickets)
    numbers = list(newest.order_by("-id").values_list("pk", flat=True)[: many * 20])
    return sorted(numbers, key=lambda number: chance(str(draft.pk), str(number)))[:many]


def _both(numbers: Sequence[int], before: Shelf, after: Shelf, tools: Tools) -> list[tuple[ReplayItem, ReplayItem]]:
    pairs = []
    for story in stories_of(list(numbers)):
        pair = story.as_item(0), story.as_item(0)
        for item, shelf in zip(pair, (before, after), strict=True):
            proposal = decide(item, heads_reading(tools.embedder), shelf, tools)
            compare(item, [one["text"] for one in proposal.grounded], tools.embedder)
            _for_the_draft(item)
        pairs.append(pair)
    return pairs


def _for_the_draft(item: ReplayItem) -> None:
    """A grade of another article's suggestion says nothing about the draft: only what people said does."""
    if item.measured_by == "grade" and _cites_draft(item):
        item.verdict = item.measured_by = ""


def _cites_draft(item: ReplayItem) -> bool:
    return bool(item.evidence) and item.evidence[0]["id"] == NUMBER


def _told(
    own: Sequence[tuple[ReplayItem, ReplayItem]], beside: Sequence[tuple[ReplayItem, ReplayItem]], lent: set[int]
) -> dict[str, Any]:
    wins = [after for before, after in own if _is_better(before, after)]
    fresh = [after for after in wins if after.ticket_id not in lent]
    moved = [(before, after) for before, after in beside if _cites_draft(after)]
    breaks = [after for before, after in moved if before.verdict == "right"]
    return {
        "tickets": len(own),
        "tickets_fresh": sum(after.ticket_id not in lent for _, after in own),
        "wins": [after.ticket_id for after in wins],
        "wins_fresh": [after.ticket_id for after in fresh],
        "as_people": sum(after.verdict == "right" for after in wins),
        "minutes": round(sum(float(after.told["minutes"]) for after in wins if after.verdict == "right"), 1),
        "others": len(beside),
        "moved": [after.ticket_id for _, after in moved],
        "breaks": [after.ticket_id for after in breaks],
        "score_before": _mean([before.score for before, _ in own]),
        "score_after": _mean([after.score for _, after in own]),
    }


def _is_better(before: ReplayItem, after: ReplayItem) -> bool:
    """It would now be answered from the draft, which had nothing good enough, or something wrong, before."""
    answers = _cites_draft(after) and after.score >= LEAST_SCORE and after.verdict != "wrong"
    return answers and before.verdict != "right"


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 3) if values else 0.0
