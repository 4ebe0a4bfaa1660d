"""Let rules answer an event from outside, in order, each in its own name."""

from dataclasses import dataclass

import structlog
from django.db import connection, transaction

from towerdesk.actions.perform import perform_all
from towerdesk.actions.vocabulary import word
from towerdesk.automation.rules.asking import Seen
from towerdesk.automation.rules.ready import Ready, book
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.errors import Refused, Trouble
from towerdesk.tickets.models import Ticket

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that held: what it did, or the one sentence why it could not."""

    rule: str
    did: tuple[str, ...] = ()
    trouble: str = ""


def run(event: Event, ticket: Ticket) -> list[Fired]:
    """Let every active rule for this kind of event look at the ticket. Never raises for a broken rule.

    Safe to repeat: a rule that has answered this event does not answer it again.
    """
    if not event.is_from_outside:
        return []
    known = book()
    rules = known.answering(moments(event))
    if not rules:
        return []
    done, fired, seen = _Answered(event), [], Seen(ticket, known.questions)
    for rule in rules:
        answer = _try(rule, event, ticket, seen, done)
        if answer is not None:
            fired.append(answer)
            seen = Seen(ticket, known.questions)  # it may have changed what the next one looks at
    return fired


def moments(event: Event) -> tuple[str, ...]:
    """A ticket is opened by its first message: only then is there something to read."""
    return (event.kind, "ticket.opened") if event.data.get("first") else (event.kind,)


ANSWERED = "SELECT actor_id FROM events_event WHERE ticket_id = %s AND cause_id = %s AND kind LIKE 'rule.%%'"


class _Answered:
    """The rules that answered this event before; asked for when the first rule holds, which most do not."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._rules: set[int | None] | None = None

    def __contains__(self, rule: int) -> bool:
        if self._rules is None:
            with connection.cursor() as cursor:
                cursor.execute(ANSWERED, [self._event.ticket_id, self._event.pk])
                self._rules = {row[0] for row in cursor.fetchall()}
        return rule in self._rules


def _try(rule: Ready, event: Event, ticket: Ticket, seen: Seen, done: _Answered) -> Fired | None:
    try:
        if rule.holds is None:
            return _tell(rule, event, ticket, rule.trouble) if rule.id not in done else None
        if not rule.holds(seen) or rule.id in done:
            return None
        must_not_loop(rule, event)
        return fire(rule, ticket, event)
    except Trouble as trouble:
        return _tell(rule, event, ticket, str(trouble))
    except Exception:
        log.exception("a rule broke", rule=rule.name, ticket=ticket.pk)
        return _tell(rule, event, ticket, "It broke unexpectedly; the log says where.")


def fire(rule: Ready, ticket: Ticket, cause: Event | None) -> Fired:
    """Everything the rule does, and that it did, or nothing."""
    did = tuple(word(type(action)) for action in rule.actions)
    with transaction.atomic():
        perform_all(list(rule.actions), ticket, by=rule.actor, cause=cause)
        record(
            "rule.fired",
            by=rule.actor,
            ticket=ticket.pk,
            cause=cause,
            rule=rule.name,
            version=rule.version,
            did=list(did),
        )
    return Fired(rule.name, did)


def must_not_loop(rule: Ready, event: Event) -> None:
    """Law 7: what a machine sent is never answered by a machine."""
    if event.data.get("auto") and any(action.effect == "customer" for action in rule.actions):
        raise Refused("The message was sent automatically, so a rule does not answer it.")


def _tell(rule: Ready, event: Event, ticket: Ticket, trouble: str) -> Fired:
    """The ticket goes on as the database has it: what the rule had begun was undone."""
    ticket.refresh_from_db()
    tell(rule, ticket, event, trouble)
    return Fired(rule.name, trouble=trouble)


def tell(rule: Ready, ticket: Ticket, cause: Event | None, trouble: str) -> None:
    record("rule.failed", by=rule.actor, ticket=ticket.pk, cause=cause, rule=rule.name, trouble=trouble)
