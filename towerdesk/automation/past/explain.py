"""Why a rule fired on a ticket or did not: what the log recorded, and beside it the condition asked again, marked as such."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from towerdesk.accounts.actors import rule as acting
from towerdesk.automation.models import MOMENTS, Rule
from towerdesk.automation.past.rewind import Names, Then, rewind
from towerdesk.automation.past.said import Said, about
from towerdesk.automation.rules.run import moments
from towerdesk.events.models import Event
from towerdesk.lib.clock import at
from towerdesk.lib.errors import Trouble
from towerdesk.tickets.filters import Condition, parse
from towerdesk.tickets.filters.condition import And, Clause
from towerdesk.tickets.models import Ticket

KINDS = frozenset(kind for kind, _ in MOMENTS) | {"message.received"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a condition: its text, what the ticket had there, and whether it held."""

    text: str
    has: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """`recorded`: the log says so. Otherwise the condition was asked again; `unsure` names what the log does not hold."""

    rule: str
    rule_id: int | None
    outcome: str  # fired, failed, not
    why: str
    recorded: bool
    parts: tuple[Part, ...] = ()
    unsure: tuple[str, ...] = ()


def occasions(events: Iterable[Event]) -> list[Event]:
    """Of a ticket's events those that rules may have answered, newest first; and what a rule of the clock did by itself."""
    return [
        event
        for event in sorted(events, key=lambda one: -one.pk)
        if (event.is_from_outside and event.kind in KINDS) or _by_clock(event)
    ]


def verdicts(ticket: Ticket, events: list[Event], event: Event) -> list[Verdict]:
    """What each rule did about `event`, in the order of the rules. `ticket` was read with `for_strips()`."""
    told = _recorded(events, event)
    if _by_clock(event):
        return list(told.values())
    rules = list(Rule.objects.filter(when__in=moments(event)).prefetch_related("versions"))
    others = [rule for rule in rules if rule.pk not in told and rule.created_at <= event.at]
    asked = _ask_again(others, rewind(ticket, events, event, Names.read()), event)
    gone = [verdict for number, verdict in told.items() if number not in {rule.pk for rule in rules}]
    return gone + [told.get(rule.pk) or asked[rule.pk] for rule in rules if rule.pk in told or rule.pk in asked]


def _by_clock(event: Event) -> bool:
    return event.kind in ("rule.fired", "rule.failed") and event.cause_id is None


def _recorded(events: Iterable[Event], event: Event) -> dict[int | None, Verdict]:
    answers = [one for one in events if one.kind in ("rule.fired", "rule.failed") and one.cause_id == event.pk]
    return {one.actor_id: _told(one) for one in ([event] if _by_clock(event) else answers)}


def _told(event: Event) -> Verdict:
    name, number = event.data["rule"], event.actor_id
    if event.kind == "rule.failed":
        return Verdict(name, number, "failed", event.data["trouble"], recorded=True)
    version = event.data.get("version")
    says = f"did: {', '.join(event.data['did'])}" + (f" (version {version})" if version else "")
    return Verdict(name, number, "fired", says, recorded=True)


def _switches(rules: list[Rule]) -> dict[int, list[Event]]:
    switched: dict[int, list[Event]] = {}
    numbers = [rule.pk for rule in rules]
    for event in Event.objects.filter(kind="rule.switched", subject_id__in=numbers).order_by("id"):
        switched.setdefault(event.subject_id or 0, []).append(event)
    return switched


def _was_on(rule: Rule, switches: dict[int, list[Event]], moment: datetime) -> bool:
    its_own = switches.get(rule.pk, [])
    if not its_own:
        return rule.active
    before = [event for event in its_own if event.at <= moment]
    return bool(before[-1].data["on"]) if before else not its_own[0].data["on"]


def _ask_again(rules: list[Rule], then: Then, event: Event) -> dict[int, Verdict]:
    """Each rule in the words it had then."""
    switches = _switches(rules)
    conditions = {rule.pk: _words_then(rule, event) for rule in rules}
    said = Said((one for one in conditions.values() if isinstance(one, Condition)), [then.ticket.pk])
    found: dict[int, Verdict] = {}
    for rule in rules:
        condition = conditions[rule.pk]
        if not _was_on(rule, switches, event.at):
            found[rule.pk] = Verdict(rule.name, rule.pk, "not", "It was switched off then.", recorded=False)
        elif isinstance(condition, Trouble):
            found[rule.pk] = Verdict(rule.name, rule.pk, "not", f"It can't be read: {condition}", recorded=False)
        else:
            parts = parts_of(condition, then.ticket, event.at, said)
            unsure = about(condition, then.unsure)
            found[rule.pk] = Verdict(rule.name, rule.pk, "not", _why(parts), False, parts, unsure)
    return found


def _words_then(rule: Rule, event: Event) -> Condition | Trouble:
    version = next((one for one in rule.versions.all() if one.at <= event.at), None)
    try:
        return parse(version.condition if version else rule.condition)
    except Trouble as trouble:
        return trouble


def _why(parts: Iterable[Part]) -> str:
    missing = [part.text for part in parts if not part.holds]
    if not missing:
        return "Every part holds when asked again, though it did not act then."
    return f"{' and '.join(missing)} did not hold."


def parts_of(condition: Condition, ticket: Ticket, moment: datetime, said: Said | None = None) -> tuple[Part, ...]:
    """Each part that must hold, asked of the ticket at this moment."""
    known = said or Said([condition], [ticket.pk])
    parts = condition.parts if isinstance(condition, And) else (condition,)
    with at(moment):
        return tuple(_part(part, ticket, moment, known) for part in parts)


def _part(part: Condition, ticket: Ticket, moment: datetime, said: Said) -> Part:
    """What the ticket had there; for words alone their holding says it all."""
    has = dict.fromkeys(leaf.has(ticket) for leaf in part.leaves() if isinstance(leaf, Clause))
    holds = said.holds(part, ticket, moment, acting(0, "A rule"))
    return Part(str(part) or "every ticket", ", ".join(has), holds)
