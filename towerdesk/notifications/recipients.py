"""Whom an event concerns, and in which words. A new kind of event to tell of is one line in `CONCERNS`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from towerdesk.accounts.models import Team, User
from towerdesk.events.models import Event
from towerdesk.lib.text import one_line
from towerdesk.notifications.kinds import OF_A_TEAM
from towerdesk.notifications.models import TeamHook
from towerdesk.tickets.models import Message, Ticket, Voice
from towerdesk.tickets.models.handoff import asked_handoff

PASSED_ON = ("ticket.handed_off", "ticket.escalated")
QUOTED = 140  # characters of what somebody wrote


@dataclass(frozen=True, slots=True)
class Word:
    kind: str
    to: User | Team
    sentence: str
    urgent: bool = False


def concerned(event: Event, ticket: Ticket) -> list[Word]:
    """Each reader once. Whether they may read the ticket, and whose doing it was, is for `notify` to ask."""
    words = CONCERNS[event.kind](event, ticket)
    return list({(type(word.to), word.to.pk): word for word in reversed(words)}.values())[::-1]


def _assigned(event: Event, ticket: Ticket) -> list[Word]:
    """Only while it is still so: routing passes a ticket through a team before a person has it."""
    if event.data["now"] != ticket.owner_name:
        return []
    if ticket.assignee is not None:
        return [Word("assigned", ticket.assignee, f"{event.actor_name} gave you this")]
    return _team_of(ticket, "team", f"{event.actor_name} gave this to {ticket.team}")


def _offered(event: Event, ticket: Ticket) -> list[Word]:
    if ticket.assignee is None or event.data["to"] != ticket.assignee.name:
        return []
    return [Word("offered", ticket.assignee, f"Routed to you: {event.data['why']}")]


def _mentioned(event: Event, ticket: Ticket) -> list[Word]:
    sentence = f"{event.actor_name} mentioned you: “{_written(event)}”"
    return [Word("mentioned", user, sentence) for user in _people(event.data["user"])]


def _answered(event: Event, ticket: Ticket) -> list[Word]:
    """The first message is the ticket itself; what a machine wrote asks nobody to look."""
    if event.data["first"] or event.data["auto"]:
        return []
    sentence = f"{event.actor_name} answered: “{_written(event)}”"
    watching = User.objects.filter(watched=ticket, is_active=True).prefetch_related("teams")
    return [Word("answered", user, sentence) for user in [*_people(ticket.assignee_id), *watching]]


def _wants_a_person(event: Event, ticket: Ticket) -> list[Word]:
    """By a press of theirs; who wrote it in a message is told of by that message."""
    sentence = f"{event.actor_name} asks for a person"
    if ticket.assignee_id is None:
        return _team_of(ticket, "team", sentence)
    watching = User.objects.filter(watched=ticket, is_active=True).prefetch_related("teams")
    return [Word("answered", user, sentence) for user in [*_people(ticket.assignee_id), *watching]]


def _near(event: Event, ticket: Ticket) -> list[Word]:
    return _owners(ticket, "near", event.data["words"])


def _broken(event: Event, ticket: Ticket) -> list[Word]:
    return _owners(ticket, "broken", event.data["words"])


def _approval(event: Event, ticket: Ticket) -> list[Word]:
    """Those who have not said anything yet; after a delegation only whoever it was passed on to."""
    asked = Voice.objects.filter(approval_id=event.subject_id or 0, answer="").exclude(user=None)
    voices = (
        asked.filter(name=event.data["name"]) if event.kind == "approval.delegated" else asked.filter(instead_of="")
    )
    sentence = {
        voice.user_id: f"{voice.approval.asked_by} asks you: {voice.approval.question}"
        for voice in voices.select_related("approval")
    }
    return [Word("approval", user, sentence[user.pk]) for user in _people(*sentence)]


def _handed(event: Event, ticket: Ticket) -> list[Word]:
    """Only while it waits; where one person is asked, the rest of the team need not look."""
    handoff = asked_handoff(ticket)
    if handoff is None or handoff.pk != event.subject_id or not handoff.waits:
        return []
    did = f"{event.actor_name} {'handed' if event.kind == 'ticket.handed_off' else 'escalated'} this to"
    asks = f"accept it or send it back: “{one_line(event.data['note'], QUOTED)}”"
    if handoff.to_user is not None:
        return [Word("handed", user, f"{did} you, {asks}") for user in _people(handoff.to_user_id)]
    return _team_of(ticket, "handed", f"{did} {handoff.to_name}, {asks}")


def _accepted(event: Event, ticket: Ticket) -> list[Word]:
    return [Word("settled", user, f"{event.actor_name} accepted this from you") for user in _people(_sender(event))]


def _returned(event: Event, ticket: Ticket) -> list[Word]:
    """Whoever has it again, and whoever had sent it; their team when it is nobody's in particular."""
    did, why = f"{event.actor_name} sent this back to", f"“{one_line(event.data['note'], QUOTED)}”"
    again = [Word("settled", user, f"{did} you: {why}") for user in _people(ticket.assignee_id)]
    sentence = f"{did} {event.data['now']}: {why}"
    sent = [Word("settled", user, sentence) for user in _people(_sender(event))]
    return [*again, *sent, *([] if ticket.assignee_id else _team_of(ticket, "team", sentence))]


def _sender(event: Event) -> int | None:
    """The person who passed on what this event answers; rules and keys hear of nothing."""
    passed = Event.objects.of(event.ticket_id or 0).filter(kind__in=PASSED_ON, subject_id=event.subject_id)
    return passed.filter(actor_kind="agent").values_list("actor_id", flat=True).last()


def _stuck(event: Event, ticket: Ticket) -> list[Word]:
    message = Message.objects.filter(pk=event.subject_id or 0).first()
    author = message.author_id if message and message.author_kind == "agent" else ticket.assignee_id
    start = "Your reply did not leave" if event.kind == "message.failed" else "Nobody knows whether your reply left"
    return [Word("stuck", user, f"{start}: {event.data['reason']}") for user in _people(author)]


def _told(event: Event, ticket: Ticket) -> list[Word]:
    sentence, urgent = f"{event.actor_name}: {event.data['text']}", event.data["urgent"]
    team = Team.objects.filter(pk=event.data["team"] or 0).first()
    if team is None:
        return [Word("told", user, sentence, urgent) for user in _people(event.data["user"])]
    return _members(team, "told", sentence, urgent)


def _licence(event: Event, ticket: Ticket) -> list[Word]:
    """Those who decide how far the assistant may go; the ticket is the one that tipped the scales, or the newest."""
    about = event.data["about"]
    if event.kind == "licence.expiring":
        sentence = f"The licence for {about} runs out on {event.data['expires']}: grade some more to renew it"
    else:
        sentence = f"The assistant may no longer answer {about} alone: {event.data['why']}"
    leads = User.objects.filter(is_active=True, role__in=("lead", "admin")).prefetch_related("teams")
    return [Word("licence", user, sentence) for user in leads]


CONCERNS: dict[str, Callable[[Event, Ticket], list[Word]]] = {
    "ticket.assigned": _assigned,
    "ticket.routed": _offered,
    "ticket.mentioned": _mentioned,
    "ticket.told": _told,
    "ticket.handed_off": _handed,
    "ticket.escalated": _handed,
    "handoff.accepted": _accepted,
    "handoff.returned": _returned,
    "message.received": _answered,
    "ticket.person_asked": _wants_a_person,
    "message.failed": _stuck,
    "message.unsure": _stuck,
    "sla.warned": _near,
    "sla.breached": _broken,
    "sla.escalated": _broken,
    "approval.asked": _approval,
    "approval.delegated": _approval,
    "licence.suspended": _licence,
    "licence.expiring": _licence,
}


def may_concern(event: Event) -> bool:
    """False when the event itself says that there is nobody to tell, so that no job need look."""
    if event.kind == "ticket.person_asked":
        return bool(event.data["how"] == "link")
    return event.kind != "ticket.routed" or bool(event.data["to"])


def _owners(ticket: Ticket, kind: str, sentence: str) -> list[Word]:
    """Whoever has it; the whole team when nobody has. The team's own channel hears of both."""
    if ticket.assignee is None:
        return _team_of(ticket, kind, sentence)
    hooked = [Word(kind, ticket.team, sentence)] if ticket.team and _has_hook(ticket.team) else []
    return [*(Word(kind, user, sentence) for user in _people(ticket.assignee_id)), *hooked]


def _team_of(ticket: Ticket, kind: str, sentence: str) -> list[Word]:
    return _members(ticket.team, kind, sentence) if ticket.team else []


def _members(team: Team, kind: str, sentence: str, urgent: bool = False) -> list[Word]:
    members: Iterable[User] = team.members.filter(is_active=True).prefetch_related("teams")
    hooked: list[User | Team] = [team] if kind in OF_A_TEAM and _has_hook(team) else []
    return [Word(kind, one, sentence, urgent) for one in [*members, *hooked]]


def _has_hook(team: Team) -> bool:
    return TeamHook.objects.filter(team=team).exists()


def _people(*ids: int | None) -> list[User]:
    wanted = [one for one in ids if one]
    return list(User.objects.filter(pk__in=wanted, is_active=True).prefetch_related("teams")) if wanted else []


def _written(event: Event) -> str:
    text = Message.objects.filter(pk=event.subject_id or 0).values_list("visible", flat=True).first()
    return one_line(text or "", QUOTED)
