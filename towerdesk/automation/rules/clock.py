"""Rules of the clock: each hour they look at what is not closed, and act once per ticket until somebody touches it."""

import structlog
from django.db.models import Max, Q

from towerdesk.automation.models import Rule
from towerdesk.automation.rules.asking import ANY_RULE, Questions
from towerdesk.automation.rules.ready import Ready, make_ready
from towerdesk.automation.rules.run import fire, tell
from towerdesk.events.models import Event
from towerdesk.lib.errors import Trouble
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import Ticket

BATCH = 500
TOUCH = ("customer", "agent", "key")

log = structlog.get_logger()


def run_clock_rules() -> int:
    """Returns how often a rule acted. At most a batch per rule; the next hour takes the rest."""
    return sum(_run(rule) for rule in Rule.objects.filter(active=True, when="clock"))


def _run(rule: Rule) -> int:
    ready = make_ready(rule, Questions())
    if ready.trouble:
        log.warning("a rule can't be read", rule=rule.name, why=ready.trouble)
        return 0
    return sum(_act(ready, ticket) for ticket in fitting(rule)[:BATCH] if not has_acted(rule, ticket))


def fitting(rule: Rule) -> list[Ticket]:
    tickets = parse(rule.condition).apply(Ticket.objects.exclude(status="closed"), ANY_RULE)
    return list(tickets.select_related("requester", "team", "assignee", "inbox").order_by("due_at", "id"))


def has_acted(rule: Rule, ticket: Ticket) -> bool:
    """Since anybody outside last touched the ticket; a failed try counts, so that it is told once."""
    events = Event.objects.filter(ticket_id=ticket.pk)
    its_own = Q(kind__startswith="rule.", actor_kind="rule", actor_id=rule.pk)
    last = events.aggregate(
        touched=Max("id", filter=Q(actor_kind__in=TOUCH)),
        acted=Max("id", filter=its_own),
    )
    return (last["acted"] or 0) > (last["touched"] or 0)


def _act(rule: Ready, ticket: Ticket) -> int:
    try:
        fire(rule, ticket, None)
    except Trouble as trouble:
        tell(rule, ticket, None, str(trouble))
    except Exception:
        log.exception("a rule broke", rule=rule.name, ticket=ticket.pk)
        tell(rule, ticket, None, "It broke unexpectedly; the log says where.")
    return 1
