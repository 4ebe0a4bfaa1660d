"""Choose one person of a pool, and say why in a sentence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from towerdesk.accounts.models import Team, User
from towerdesk.automation.models import Skill
from towerdesk.automation.routing.load import Person, hold_people, weights
from towerdesk.automation.routing.working import working
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Message, Ticket

KNOWS = timedelta(days=180)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Choice:
    """`person` is None when nobody can take it; `why` says so then."""

    person: Person | None
    why: str


def choose(ticket: Ticket, team: Team, skills: Sequence[Skill], *, sticky: bool, but: Collection[int] = ()) -> Choice:
    """Of the team's people at work with these skills and room for it. Holds their rows: call inside a transaction."""
    pool = _members(team, skills)
    if not pool:
        named = " and ".join(str(skill) for skill in skills)
        return Choice(None, f"Nobody in {team} can {named}" if named else f"Nobody belongs to {team}")
    at_work = working(pool, now()) - set(but)
    if not at_work:
        return Choice(None, f"Nobody of {team} who could take it is at work")
    return _of(hold_people(at_work), ticket, team, skills, sticky)


def _members(team: Team, skills: Sequence[Skill]) -> set[int]:
    members = User.objects.filter(teams=team, is_active=True).exclude(role="viewer")
    for skill in skills:
        members = members.filter(skills=skill)
    return set(members.values_list("pk", flat=True))


def _of(people: list[Person], ticket: Ticket, team: Team, skills: Sequence[Skill], sticky: bool) -> Choice:
    channel = ticket.inbox.channel
    weight = weights().get(channel, 1)
    free = [person for person in people if person.has_room(channel, weight)]
    if not free:
        return Choice(None, f"Everybody of {team} who is at work has their hands full")
    speaking = [person for person in free if person.speaks(ticket.language)]
    language = "" if speaking else f"; nobody free speaks {ticket.language}"
    among = speaking or free
    known = _who_knows(ticket, among) if sticky else None
    if known is not None:
        return Choice(known, f"{known.user.first_name} knows {ticket.requester.first_name}{language}")
    chosen = min(among, key=lambda one: (round(one.share, 6), one.last_given_at or LONG_AGO, one.user.pk))
    return Choice(chosen, f"{_why(chosen, among, skills, weight)}{language}")


def _who_knows(ticket: Ticket, among: list[Person]) -> Person | None:
    """Whoever of them answered this customer last."""
    by_id = {person.user.pk: person for person in among}
    answers = Message.objects.filter(
        ticket__requester_id=ticket.requester_id,
        direction="out",
        public=True,
        author_kind="agent",
        author_id__in=by_id,
        created_at__gte=now() - KNOWS,
    )
    last = answers.order_by("-created_at", "-id").values_list("author_id", flat=True).first()
    return by_id.get(last) if last else None


def _why(chosen: Person, among: list[Person], skills: Sequence[Skill], weight: int) -> str:
    can = f"can {' and '.join(str(skill) for skill in skills)}, " if skills else ""
    has = f"has {chosen.has} of {chosen.most}"
    if len(among) == 1:
        return f"{chosen.user.first_name} {can}{has} and is the only one with room"
    equals = [one for one in among if round(one.share, 6) == round(chosen.share, 6)]
    turn = "it is their turn" if len(equals) > 1 else "the least of all"
    return f"{chosen.user.first_name} {can}{has}, {turn}"
