"""Rules made ready: read once, indexed by the moment they answer, their conditions turned into quick questions."""

from dataclasses import dataclass, field

from towerdesk.accounts.actors import rule as acting
from towerdesk.actions.vocabulary import Action, read_actions
from towerdesk.automation.models import Rule
from towerdesk.automation.rules.asking import Ask, Questions
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Trouble
from towerdesk.lib.stamps import Stamp
from towerdesk.tickets.filters import parse


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule, read once. `trouble` says why it can't be read; such a rule is told of and skipped."""

    id: int
    name: str
    version: int
    holds: Ask | None
    actions: tuple[Action, ...]
    trouble: str = ""

    @property
    def actor(self) -> Actor:
        return acting(self.id, self.name)


@dataclass(frozen=True, slots=True)
class Book:
    """All active rules in order, each with its moment, and the questions they share."""

    rules: tuple[tuple[str, Ready], ...] = ()
    questions: Questions = field(default_factory=Questions)
    _answering: dict[tuple[str, ...], list[Ready]] = field(default_factory=dict)

    def answering(self, moments: tuple[str, ...]) -> list[Ready]:
        """Rules of more than one moment still act in one order."""
        if moments not in self._answering:
            self._answering[moments] = [rule for when, rule in self.rules if when in moments]
        return self._answering[moments]


RULES = Stamp("SELECT concat_ws(' ', count(*) FILTER (WHERE active), max(changed_at), max(id)) FROM automation_rule")

_read: tuple[str, Book] = ("", Book())


def book() -> Book:
    """Read again only when a rule was added, changed or taken away."""
    global _read
    stamp = RULES.now()
    if stamp != _read[0]:
        _read = (stamp, _write_book())
    return _read[1]


def _write_book() -> Book:
    questions = Questions()
    rules = tuple((rule.when, make_ready(rule, questions)) for rule in Rule.objects.filter(active=True))
    return Book(rules, questions.closed())


def make_ready(rule: Rule, questions: Questions) -> Ready:
    try:
        holds, actions = questions.ask(parse(rule.condition)), tuple(read_actions(rule.actions))
    except Trouble as trouble:
        return Ready(rule.pk, rule.name, rule.version, None, (), str(trouble))
    return Ready(rule.pk, rule.name, rule.version, holds, actions)
