"""The cast: Ana and Ben work here, Mara and Jonas write to us. All of them come about through the real verbs."""

from dataclasses import dataclass

from towerdesk.accounts import actors
from towerdesk.accounts.models import Team, User
from towerdesk.channels.models import Inbox
from towerdesk.lib.actor import Actor
from towerdesk.people.find import person_for
from towerdesk.people.models import Person
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.receive import Received, receive


@dataclass
class Desk:
    """A small company: two teams, one inbox."""

    repairs: Team
    billing: Team
    inbox: Inbox


def small_desk() -> Desk:
    repairs = Team.objects.create(name="Repairs", slug="repairs")
    billing = Team.objects.create(name="Billing", slug="billing")
    inbox = Inbox.objects.create(name="Support", address="support@brasswell.example", team=repairs)
    return Desk(repairs, billing, inbox)


def agent(name: str, *teams: Team, role: str = "agent") -> User:
    first = name.split(" ")[0].lower()
    user = User.objects.create_user(f"{first}@brasswell.example", "correct horse battery", name=name, role=role)
    user.teams.set(teams)
    return user


def acting(user: User) -> Actor:
    return actors.agent(user)


def mara() -> Person:
    return person_for("mara@lindqvist.example", "Mara Lindqvist")


def jonas() -> Person:
    return person_for("jonas@weber.example", "Jonas Weber")


def opened(
    desk: Desk, person: Person, subject: str = "Group head drips", text: str = "It drips. What can I do?"
) -> Ticket:
    """A ticket as intake makes it: opened and its first message received."""
    ticket = open_ticket(subject, requester=person, inbox=desk.inbox, by=person.actor())
    says(ticket, text, person)
    return ticket


def says(ticket: Ticket, text: str, person: Person | None = None, **more: object) -> Message:
    author = person or ticket.requester
    received = Received(text=text, subject=ticket.subject, person=author, **more)  # type: ignore[arg-type]
    return receive(ticket, received, by=author.actor())
