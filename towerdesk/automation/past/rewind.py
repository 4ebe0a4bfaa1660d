"""A ticket as it was just after one of its events, told from the log.

The log holds what changed: priority, type, intent, product area, language, mood, subject, fields, handler and tags exactly;
who owned it by name; the status by what was done. What it does not hold stays as it is now and is named in `unsure`.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

from towerdesk.accounts.models import Team, User
from towerdesk.events.models import Event
from towerdesk.tickets.hands import MOVES
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.models.message import ANSWERERS

NEVER_LOGGED = frozenset({"step", "due", "score", "organisation", "updated"})
EXACT = ("priority", "type", "product_area", "language", "mood", "subject", "handler")
AFTER_REPLY = frozenset({"status", "is"})


@dataclass(frozen=True, slots=True)
class Names:
    """Who and what the log's names may mean, read once for many tickets."""

    teams: dict[str, Team]
    teams_by_id: dict[int, Team]
    users: dict[str, User]
    intents: dict[str, Intent]

    @classmethod
    def read(cls) -> "Names":
        teams = list(Team.objects.all())
        return cls(
            {team.name: team for team in teams},
            {team.pk: team for team in teams},
            {str(user): user for user in User.objects.order_by("-id")},
            {intent.slug: intent for intent in Intent.objects.select_related("team")},
        )


@dataclass(frozen=True, slots=True)
class Then:
    """`unsure` are names of conditions whose answer may have been another one."""

    ticket: Ticket
    unsure: frozenset[str]


def rewind(ticket: Ticket, events: Iterable[Event], to: Event, names: Names) -> Then:
    """`events` are all of the ticket's, oldest first; `ticket` was read with `for_strips()`. Writes nothing."""
    then, unsure = copy(ticket), set(NEVER_LOGGED)
    then._state = copy(ticket._state)
    then._state.fields_cache = dict(ticket._state.fields_cache)
    then.tags = list(ticket.tags)
    every = list(events)
    for event in reversed([event for event in every if event.pk > to.pk]):
        _undo(then, event, names)
    before = [event for event in every if event.pk <= to.pk]
    _own(then, before, names, unsure)
    _settle(then, before, unsure)
    then.updated_at = to.at
    return Then(then, frozenset(unsure))


def _undo(then: Ticket, event: Event, names: Names) -> None:
    """What it changed is as before."""
    if event.kind == "ticket.changed":
        for name, (was, _) in event.data["changes"].items():
            if name in EXACT:
                setattr(then, name, was)
            elif name == "intent":
                then.intent = names.intents.get(was) if was else None
            elif name == "fields":
                then.fields = was
    elif event.kind == "ticket.tagged":
        then.tags = sorted({*then.tags, *event.data["removed"]} - set(event.data["added"]))
    elif event.kind == "ticket.merged_into":
        then.merged_into = None


def _own(then: Ticket, before: list[Event], names: Names, unsure: set[str]) -> None:
    """The owner by the last name that the log gave; before that the team it was opened for."""
    opened = next((event for event in before if event.kind == "ticket.opened"), None)
    team = names.teams_by_id.get(opened.data["team_id"]) if opened else None
    then.assignee = None
    if team is None:
        unsure |= {"team", "assignee"}
    for event in before:
        took = event.data.get("took", True) and then.assignee is None
        if event.kind == "message.queued" and event.actor_kind == "agent" and took:
            then.assignee = names.users.get(event.actor_name)  # who answers a ticket of nobody has it
        if event.kind not in MOVES:
            continue
        team, now = names.teams.get(event.data.get("team", ""), team), event.data["now"]
        if now in names.teams:
            team, then.assignee = names.teams[now], None
        elif now in names.users:
            then.assignee = names.users[now]
        else:
            unsure |= {"team", "assignee"}
    if team is not None:
        then.team = team


def _settle(then: Ticket, before: list[Event], unsure: set[str]) -> None:
    """Status, answer and resolution, by what was done."""
    then.status, then.first_reply_at, then.resolved_at, then.rating = "new", None, None, None
    then.resolution = then.known_by = ""
    for event in before:
        data: dict[str, Any] = event.data
        match event.kind:
            case "ticket.changed" if "status" in data["changes"]:
                then.status = data["changes"]["status"][1]
                unsure -= AFTER_REPLY
            case "ticket.assigned" if then.status == "new" and then.assignee is not None:
                then.status = "open"
            case "message.queued":
                if event.actor_kind in ANSWERERS:
                    then.first_reply_at = then.first_reply_at or event.at
                then.status = "pending"  # or it stayed as it was: the log does not say
                unsure |= AFTER_REPLY
            case "message.received" if not data["first"] and then.status in ("open", "pending", "hold"):
                then.status = "open"
                unsure -= AFTER_REPLY
            case "ticket.resolved":
                then.status, then.resolved_at, then.resolution = "resolved", event.at, data["kind"]
                then.known_by = data["known_by"]
                unsure -= AFTER_REPLY
            case "ticket.confirmed":
                then.known_by = data["known_by"]
            case "ticket.reopened" | "message.withdrawn":
                then.status = "open"
            case "ticket.closed" | "ticket.merged_into":
                then.status = "closed"
            case "ticket.rated":
                then.rating = data["rating"]
