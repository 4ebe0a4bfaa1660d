"""What the agents of the demo company pass on: some of it is accepted, some sent back, and some waits just now."""

import tomllib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from towerdesk.accounts import actors
from towerdesk.accounts.models import Team, User
from towerdesk.cli.demo.dice import Dice, dice, fill
from towerdesk.cli.demo.facts import HERE
from towerdesk.cli.demo.office import at_work
from towerdesk.cli.demo.prepare import SIGN_IN
from towerdesk.events.models import Event
from towerdesk.events.queue import defer
from towerdesk.events.record import FOLLOW, lock_of
from towerdesk.lib import clock
from towerdesk.lib.actor import Actor
from towerdesk.tickets.accept_handoff import accept_handoff
from towerdesk.tickets.assign import assign
from towerdesk.tickets.escalate import escalate
from towerdesk.tickets.hand_off import hand_off
from towerdesk.tickets.models import Handoff, Ticket
from towerdesk.tickets.models.ticket import WAITING
from towerdesk.tickets.send_back import send_back

type Life = Iterator[datetime]

HANDED = ("ticket.handed_off", "ticket.escalated", "handoff.accepted", "handoff.returned")
OFTEN = 0.08
"""How many of the tickets that could be passed on are."""
SENT_BACK = 0.4
LATELY = 2
"""How many handoffs of whoever signs in are answered within the last hour, and how many wait for them."""


@dataclass(frozen=True, slots=True)
class Passing:
    """To a team, or up to a lead; `back` is what the others say when they send it back, if they may."""

    intent: str
    reason: str
    note: str
    to: str = ""
    back: str = ""


def passed_on(ticket: Ticket, by: Actor, chance: Dice) -> Generator[datetime, None, Actor | None]:
    """Now and then it is not theirs to answer. Returns who answers; None when it is settled by then."""
    told = _passing(ticket, by)
    if told is None or chance.random() >= OFTEN:
        return by
    handoff = _pass_on(told, ticket, by)
    receiver = _receiver(handoff, by, chance)
    yield at_work(clock.now() + timedelta(hours=chance.uniform(0.1, 3)))
    ticket.refresh_from_db()
    if not _waits(handoff):
        return by if ticket.is_waiting else None
    answers = _answered(told, ticket, by, receiver, goes_back=bool(told.back) and chance.random() < SENT_BACK)
    yield at_work(clock.now() + timedelta(hours=chance.uniform(0.1, 2)))
    ticket.refresh_from_db()
    return answers if ticket.is_waiting else None


def lately() -> Life:
    """What whoever signs in has passed on is answered, then others ask them for a yes; both are news to them."""
    me, chance = _acting(User.objects.get(email=SIGN_IN)), dice("lately")
    for number, (told, ticket) in enumerate(_open(me, asks_me=False)):
        handoff = _pass_on(told, ticket, me)
        yield clock.now() + timedelta(minutes=7)
        if _waits(handoff):
            ticket.refresh_from_db()
            goes_back = bool(told.back) and number % 2 == 0
            _answered(told, ticket, me, _receiver(handoff, me, chance), goes_back=goes_back)
            _tell(ticket)
    for told, ticket in _open(me, asks_me=True):
        _pass_on(told, ticket, _sender(ticket, me, chance))
        _tell(ticket)
        yield clock.now() + timedelta(minutes=4)


def _passing(ticket: Ticket, by: Actor) -> Passing | None:
    """Who leads passes nothing up."""
    told = _passings().get(ticket.intent.slug if ticket.intent else "")
    if told is None or ticket.team is None or told.to == ticket.team.slug:
        return None
    return told if told.to or not by.can("ticket.read_all") else None


def _pass_on(told: Passing, ticket: Ticket, by: Actor) -> Handoff:
    note = fill(told.note, {"first": ticket.requester.name.split(" ")[0]})
    if told.to:
        return hand_off(ticket, Team.objects.get(slug=told.to), told.reason, note, by=by)
    return escalate(ticket, told.reason, note, by=by)


def _waits(handoff: Handoff) -> bool:
    """A customer who wrote meanwhile changes nothing; somebody who closed it does."""
    return Handoff.objects.select_related("ticket").get(pk=handoff.pk).waits


def _answered(told: Passing, ticket: Ticket, by: Actor, receiver: User, *, goes_back: bool) -> Actor:
    """Returns who has it from now on."""
    if goes_back:
        back = fill(told.back, {"first": ticket.requester.name.split(" ")[0]})
        send_back(ticket, back, by=_acting(receiver))
        return by
    accept_handoff(ticket, by=_acting(receiver))
    assign(ticket, receiver, by=_acting(receiver))
    return _acting(receiver)


def _receiver(handoff: Handoff, by: Actor, chance: Dice) -> User:
    return handoff.to_user or chance.choice(_others(handoff.to_id, by))


def _sender(ticket: Ticket, me: Actor, chance: Dice) -> Actor:
    """Whoever has it, or anybody of its team."""
    has = ticket.assignee if ticket.assignee_id not in (None, me.user_id) else None
    return _acting(has or chance.choice(_others(ticket.team_id or 0, me)))


def _others(team: int, but: Actor) -> list[User]:
    return list(User.objects.filter(teams=team, is_active=True).exclude(pk=but.user_id or 0).order_by("pk"))


def _acting(user: User) -> Actor:
    return actors.agent(user)


def _open(me: Actor, *, asks_me: bool) -> list[tuple[Passing, Ticket]]:
    """The newest open ticket for each thing that I pass on, or that I am asked to take."""
    own = set(Team.objects.filter(pk__in=me.teams).values_list("slug", flat=True))
    waiting = Ticket.objects.for_strips().filter(
        status__in=WAITING, step_kind__in=("answer", "approve"), handler="person"
    )
    found = []
    for told in _passings().values():
        to_me = told.to in own or not told.to
        ours = waiting.filter(intent__slug=told.intent).exclude(handoffs__state="asked").exclude(team__slug=told.to)
        if not told.to or not asks_me:
            ours = ours.filter(team__in=me.teams)
        ticket = ours.order_by("-id").first() if to_me == asks_me else None
        found += [(told, ticket)] if ticket else []
    return found[:LATELY]


def _tell(ticket: Ticket) -> None:
    """The past tells nobody; this is recent enough to be news, so the worker brings it as always."""
    event = Event.objects.of(ticket.pk).filter(kind__in=HANDED).latest("id")
    defer(FOLLOW, lock=lock_of(event), event=event.pk, follower="notify")


@cache
def _passings() -> dict[str, Passing]:
    table = tomllib.loads((HERE / "handoffs.toml").read_text(encoding="utf-8"))
    return {row["intent"]: Passing(**row) for row in table["handoffs"]}
