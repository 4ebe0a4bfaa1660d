"""A person decides on a surge: it is one problem, it is none, it is taken back, it is over."""

from collections import Counter
from collections.abc import Iterable

from django.db import transaction

from towerdesk.accounts.models import User
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, NotFound, Trouble
from towerdesk.lib.text import one_line
from towerdesk.people.find import person_for
from towerdesk.people.models import Person
from towerdesk.problems.models import Member, Surge, Telling
from towerdesk.tickets.change import change
from towerdesk.tickets.close import close
from towerdesk.tickets.link import link, unlink
from towerdesk.tickets.models import Link, Ticket
from towerdesk.tickets.next_step import who
from towerdesk.tickets.note import note
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.resolve import resolve


def accept(surge: Surge, *, by: Actor, subject: str = "") -> Ticket:
    """One problem ticket with all of them as its incidents. Those that the actor may not read stay proposed."""
    by.must("surge.decide")
    by.must("ticket.open")
    with transaction.atomic():
        held = _hold(surge, "proposed")
        mine = Ticket.objects.visible_to(by).select_related("inbox", "team").exclude(status="closed")
        tickets = {one.pk: one for one in mine.filter(pk__in=held.members.values("ticket")).order_by("pk")}
        if not tickets:
            raise NotFound("None of its tickets is open to you any more.")
        problem = _open(held, list(tickets.values()), one_line(subject, 500) or held.about, by)
        for member in held.members.filter(ticket__in=tickets, state="proposed").order_by("ticket_id"):
            _bind(member, tickets[member.ticket_id], problem, by)
        held.state, held.problem, held.decided_by, held.decided_at = "ongoing", problem, by.name[:200], now()
        held.save(update_fields=["state", "problem", "decided_by", "decided_at"])
        record("surge.accepted", by=by, ticket=problem.pk, subject=held.pk, tickets=len(tickets))
    return problem


def dismiss(surge: Surge, *, by: Actor, why: str = "") -> None:
    """What comes next of the same is not proposed again for half a day."""
    by.must("surge.decide")
    with transaction.atomic():
        held = _hold(surge, "proposed")
        held.state, held.decided_by, held.decided_at = "dismissed", by.name[:200], now()
        held.why = one_line(why, 300)
        held.save(update_fields=["state", "decided_by", "decided_at", "why"])
        record("surge.dismissed", by=by, subject=held.pk, why=held.why)


def take_back(surge: Surge, *, by: Actor) -> None:
    """Undo of either decision: the surge is a proposal again, its tickets are what they were."""
    by.must("surge.decide")
    with transaction.atomic():
        held = _hold(surge, "ongoing", "dismissed")
        problem = held.problem
        if problem and Telling.objects.filter(ticket=problem).exclude(state="stopped").exists():
            raise Conflict("People were told about this problem already: resolve it instead, and tell them that, too.")
        held.state, held.problem, held.decided_by, held.decided_at = "proposed", None, "", None
        held.save(update_fields=["state", "problem", "decided_by", "decided_at"])
        if problem:
            _untie(held.members.filter(state="linked").select_related("ticket"), problem, by)
            resolve(problem, "This was no problem of its own", kind="duplicate", by=by)
            close(problem, "taken back", by=by)
        record("surge.undone", by=by, ticket=problem.pk if problem else None, subject=held.pk)


def leave_out(surge: Surge, ticket: Ticket, *, by: Actor, out: bool = True) -> None:
    """This one is about something else; or it is not, after all."""
    by.must("surge.decide")
    with transaction.atomic():
        held = _hold(surge, "proposed", "ongoing")
        member = held.members.filter(ticket=ticket).select_related("ticket").first()
        if member is None:
            raise NotFound(f"Ticket {ticket.number} does not belong to this surge.")
        if out and member.state == "linked" and held.problem:
            _untie([member], held.problem, by)
        elif not out and held.problem:
            _bind(member, member.ticket, held.problem, by)
            return
        member.state = "left_out" if out else "proposed"
        member.save(update_fields=["state"])


def set_ways(surge: Surge, *, links_new: bool, holds: bool, by: Actor) -> None:
    """What happens by itself while it lasts."""
    by.must("surge.decide")
    with transaction.atomic():
        held = _hold(surge, "proposed", "ongoing")
        held.links_new, held.holds = links_new, holds
        held.save(update_fields=["links_new", "holds"])


def end(problem: Ticket, *, by: Actor) -> list[Surge]:
    """Its problem is solved: from now on like requests are new ones. Called when the problem is resolved, by whomever."""
    with transaction.atomic():
        held = list(Surge.objects.select_for_update().filter(problem=problem, state="ongoing"))
        for surge in held:
            surge.state = "over"
            surge.save(update_fields=["state"])
            record("surge.over", by=by, ticket=problem.pk, subject=surge.pk)
    return held


def end_solved() -> int:
    """Problems that were resolved by a rule, by the API, on a list: looked for by the clock. Returns how many surges ended."""
    solved = Ticket.objects.filter(surges__state="ongoing", status__in=("resolved", "closed")).distinct().order_by("pk")
    return sum(len(end(problem, by=CLOCK)) for problem in solved)


def ours(by: Actor) -> Person:
    """Who a ticket of our own is for: whoever opens it, so that no customer is written to by mistake."""
    user = User.objects.filter(pk=by.user_id or 0).first()
    return person_for(user.email, user.name) if user else person_for("desk@towerdesk.invalid", by.name)


def _hold(surge: Surge, *states: str) -> Surge:
    held = Surge.objects.select_for_update().get(pk=surge.pk)
    if held.state not in states:
        said = held.get_state_display().lower()
        by = f" by {held.decided_by}" if held.decided_by else ""
        raise Conflict(f"This surge is {said}{by} by now: look again.")
    return held


def _open(surge: Surge, tickets: list[Ticket], subject: str, by: Actor) -> Ticket:
    """It belongs to the inbox and team that most of them belong to."""
    inbox = Counter(one.inbox for one in tickets).most_common(1)[0][0]
    team = Counter(one.team for one in tickets).most_common(1)[0][0]
    problem = open_ticket(
        subject,
        requester=ours(by),
        inbox=inbox,
        team=team,
        priority="high",
        type="problem",
        intent=surge.intent,
        by=by,
    )
    find_out(problem, by)
    usual = "less than one" if surge.expected < 0.95 else f"{surge.expected:.0f}"
    note(
        problem,
        f"{surge.count} like requests came in {surge.minutes} minutes; usually it is {usual}. They are its incidents.",
        by=by,
    )
    return problem


def find_out(ticket: Ticket, by: Actor) -> None:
    """Nobody outside waits for an answer on a ticket of our own."""
    change(ticket, next_step=f"{who(ticket)} finds out what is wrong", due_at=ticket.due_at, by=by)


def _bind(member: Member, ticket: Ticket, problem: Ticket, by: Actor) -> None:
    """One that is an incident of another problem already stays there."""
    try:
        with transaction.atomic():
            was = ticket.type
            link(ticket, problem, "incident", by=by)
            member.was_type, member.state = was, "linked"
            member.save(update_fields=["was_type", "state"])
    except Trouble:
        member.state = "left_out"
        member.save(update_fields=["state"])


def _untie(members: Iterable[Member], problem: Ticket, by: Actor) -> None:
    for member in members:
        found = Link.objects.filter(ticket=member.ticket, other=problem, kind="incident").select_related(
            "ticket", "other"
        )
        for one in found:
            unlink(one, by=by)
        if member.was_type and member.ticket.status != "closed":
            change(member.ticket, type=member.was_type, by=by)
        member.state = "proposed"
        member.save(update_fields=["state"])
