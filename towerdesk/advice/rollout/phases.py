"""The three phases, each with its signals and with what stands in the way of the next."""

from collections.abc import Iterator
from dataclasses import dataclass

from towerdesk.advice.finding import Shown
from towerdesk.advice.rollout import measure as say
from towerdesk.advice.rollout.rank import Candidate, rank
from towerdesk.advice.rollout.signal import Block, Signal
from towerdesk.advice.rollout.standing import Standing, read_standing
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now

PHASES = (
    ("Intake, structure, ownership", "No hidden work across channels"),
    ("Automation and knowledge", "Cleaner routing, fewer repetitive touches"),
    ("AI and autonomy", "More resolved before an agent steps in"),
)
"""Each with the sign by which one knows that it has come about."""


@dataclass(frozen=True, slots=True)
class Phase:
    """`success` is how one knows that it has come about; `blocks` is empty when the next may begin."""

    number: int
    title: str
    success: str
    signals: tuple[Signal, ...]
    blocks: tuple[Block, ...]

    @property
    def is_done(self) -> bool:
        return not self.blocks and all(signal.is_reached for signal in self.signals)


@dataclass(frozen=True, slots=True)
class Rollout:
    """`now` is the number of the first phase that is not done; all done: 3."""

    phases: tuple[Phase, ...]
    candidates: list[Candidate]

    @property
    def now(self) -> int:
        return next((phase.number for phase in self.phases if not phase.is_done), len(self.phases))


def rollout(*, by: Actor) -> Rollout:
    """Counts every ticket of the desk, so it asks for the right to read them all."""
    by.must("report.read")
    by.must("ticket.read_all")
    at = now()
    stands, counts, candidates = read_standing(at), say.measure(at), rank(at)
    first = (say.accounted(stands), say.owned(stands), say.named(counts))
    second = (say.passed_on(counts), say.ready_made(counts))
    third = (say.autonomous(counts), say.proven(stands))
    found = (
        (first, (*_missing(_structure(stands)), *_missed(first))),
        (second, (*_missing(_automation(stands)), *_missed(second))),
        (third, (*_missing(_autonomy(stands)), *_missed(third), *_held_back(candidates))),
    )
    phases = (Phase(n, *words, *its) for n, (words, its) in enumerate(zip(PHASES, found, strict=True), start=1))
    return Rollout(tuple(phases), candidates)


def _structure(stands: Standing) -> Iterator[tuple[int, str, Shown]]:
    intents, policies = Shown("Make an intent", "/settings/intents/new"), Shown("Promise", "/settings/policies/new")
    yield stands.arrived, "Nothing has come in yet: connect an inbox.", Shown("Inboxes", "/settings")
    yield stands.intents, "There is no intent: say what people want, in ten or twenty words.", intents
    yield stands.policies, "Nothing is promised, so nobody knows what is late.", policies


def _automation(stands: Standing) -> Iterator[tuple[int, str, Shown]]:
    rules, macros = Shown("Write a rule", "/settings/rules/new"), Shown("Write a macro", "/settings/macros/new")
    routes, articles = Shown("Make a route", "/settings/routing/new"), Shown("Write an article", "/articles/new")
    yield stands.rules, "No rule is on: what is decided each time the same way is still decided by hand.", rules
    yield stands.routes, "No route is on: people choose what they like to answer.", routes
    yield stands.macros, "There is no macro: the same steps are clicked one by one.", macros
    yield stands.articles, "No article is published: there is nothing that an answer could rest on.", articles
    watching = "The assistant suggests nothing yet: it only watches, or is off."
    yield stands.suggesting, watching, Shown("Let it suggest", "/licences")


def _autonomy(stands: Standing) -> Iterator[tuple[int, str, Shown]]:
    nobody = "No intent may be answered alone, not even after a pause."
    yield stands.meant_to_send, nobody, Shown("Raise one", "/licences")


def _missing(asked: Iterator[tuple[int, str, Shown]]) -> Iterator[Block]:
    yield from (Block(what, mend) for count, what, mend in asked if not count)


def _missed(signals: tuple[Signal, ...]) -> Iterator[Block]:
    for signal in signals:
        if signal.value is not None and not signal.is_reached:
            yield Block(signal.lack, signal.mend)


def _held_back(ranked: list[Candidate]) -> Iterator[Block]:
    """The three that are worth most and are not answered alone yet."""
    waiting = [one for one in ranked if not one.is_exception and not one.is_alone][:3]
    for one in waiting:
        yield Block(f"{one.intent} would take about {one.worth} tickets in 90 days: {one.next.lower()}.", one.mend)
