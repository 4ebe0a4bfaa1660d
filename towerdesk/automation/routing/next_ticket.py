"""Give a person the most urgent ticket that they may take, so that nobody picks the easy ones."""

from typing import Any

from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from towerdesk.accounts.models import User
from towerdesk.automation.models import Placement, Profile, Route, Skill
from towerdesk.automation.routing.load import Person, hold_people, weights
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, NotFound, Refused
from towerdesk.tickets.assign import assign
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import OURS

CRITICAL_FIRST = Case(When(priority="critical", then=Value(0)), default=Value(1), output_field=IntegerField())


def next_ticket(user: User, *, by: Actor) -> Ticket:
    """Critical ones first, then by due time; of the person's own teams, with skills, languages and room for it.

    Raises `Conflict` when they have their hands full and `NotFound` when nothing waits for them.
    """
    by.must("ticket.assign")
    if not user.is_active or user.role == "viewer":
        raise Refused(f"{user} takes no tickets: ask an administrator for the role of an agent.")
    with transaction.atomic():
        [person] = hold_people([user.pk])
        if person.has >= person.most:
            raise Conflict(
                f"{user.first_name} has {person.has} of {person.most}: finish or give away one before the next."
            )
        ticket = _most_urgent(person, by)
        if ticket is None:
            raise NotFound(f"Nothing waits that {user.first_name} can take now.")
        assign(ticket, user, by=by)
        Profile.objects.update_or_create(user=user, defaults={"last_given_at": now()})
        Placement.objects.filter(ticket_id=ticket.pk).delete()
        why = f"{user.first_name} took the next: {'critical' if ticket.priority == 'critical' else 'first due'}"
        record("ticket.routed", by=by, ticket=ticket.pk, route="", to=user.name, why=why)
    return ticket


def _most_urgent(person: Person, by: Actor) -> Ticket | None:
    """Locked as it is found; what others are taking at this moment is skipped, not waited for."""
    waiting = Ticket.objects.visible_to(by).filter(
        status__in=("new", "open", "pending", "hold"),
        step_kind__in=OURS,
        assignee=None,
        team__in=person.user.teams.all(),
    )
    waiting = waiting.exclude(pk__in=_passed_or_beyond(person))
    fitting = waiting.filter(_channels(person)).filter(_languages(person))
    locked = fitting.select_for_update(of=("self",), skip_locked=True)
    return locked.order_by(CRITICAL_FIRST, "due_at", "id").first()


def _passed_or_beyond(person: Person) -> "QuerySet[Any, int]":
    """What they let pass, and what needs a skill that they don't have."""
    missing = Skill.objects.exclude(people=person.user)
    beyond = Route.objects.filter(skills__in=missing)
    found = Placement.objects.filter(Q(tried__contains=[person.user.pk]) | Q(route__in=beyond, overflowed=False))
    return found.values_list("ticket_id", flat=True)


def _channels(person: Person) -> Q:
    """Not of a channel of which they have enough, or whose weight is too much now."""
    weighs, full = weights(), set()
    for channel in {*weighs, *person.limits}:
        if not person.has_room(channel, weighs.get(channel, 1)):
            full.add(channel)
    return ~Q(inbox__channel__in=full)


def _languages(person: Person) -> Q:
    return Q(language__in=["", *person.languages]) if person.languages else Q()
