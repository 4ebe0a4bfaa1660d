"""What lies around a ticket: kin, checklist, drafts, who else is here, the requester's own. By one question."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from towerdesk.channels.models import Inbox
from towerdesk.chats.models import Visitor
from towerdesk.connectors.models import STATES, Connection, ToolSetting
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.people.models import Identity, kind_name
from towerdesk.tickets.answer_by import inboxes_to_answer, ways_by
from towerdesk.tickets.asked_by_tools import calls_of
from towerdesk.tickets.models import Approval, Draft, Link, Message, Point, Ticket, Voice
from towerdesk.tickets.models.approval import OUTCOMES
from towerdesk.tickets.models.ticket import STATUSES, WAITING
from towerdesk.tickets.presence import FRESH, others_here
from towerdesk.web.columns import rows_of

SAYS = {
    "duplicate": ("Duplicate of", "Has the duplicate"),
    "child": ("Part of", "Has the part"),
    "incident": ("Incident of the problem", "Incident"),
    "report": ("Report of the bug", "Report"),
    "follow_up": ("Follows", "Followed up by"),
    "split": ("Split off from", "Split off"),
}
STATUS = dict(STATUSES)
VOICE = {name: name for name in ("id", "name", "answer", "note", "instead_of")} | {"user": "user_id"}
DECISION = {name: name for name in ("id", "question", "need", "deadline", "outcome")} | {"voices": "heard"}
OTHER = {"number": "id", "subject": "subject", "status": "status", "at": "created_at"}
VISITOR_TIMES = ("seen_at", "typing_at", "left_at")
VISITOR = {
    name: name for name in ("key", "name", "mail", "user", "vouched", "trouble", "page", "data", "here", *VISITOR_TIMES)
}
CALL_STATES = dict(STATES)
CALL = {
    name: name
    for name in (
        "id",
        "tool",
        "title",
        "state",
        "note",
        "checked",
        "preview",
        "result",
        "by_name",
        "decided_by",
        "created_at",
    )
}
INBOX = {name: name for name in ("id", "name", "channel", "team_id", "proven", "asked")}
MOST_SYSTEMS = 3
type Rows = Iterable[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kin:
    """Another ticket; `undo` is the path that takes the tie away, in the words of `undoes`."""

    number: int
    subject: str
    status: str
    says: str
    undo: str
    undoes: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    id: int
    text: str
    done_by: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Here:
    """A colleague who has this ticket open."""

    name: str
    writing: str  # "reply", "note" or ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A question and who said what; `mine` is the id of the voice that the reader still owes, or 0."""

    id: int
    question: str
    need: str
    deadline: datetime
    outcome: str
    says: str
    voices: list[dict[str, Any]]
    mine: int


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What a tool did on this ticket, or is to do; `sentence` says which, `changes` are was and now of each thing."""

    id: int
    tool: str
    sentence: str
    says: str
    state: str
    note: str
    checked: str
    changes: list[dict[str, str]]
    by: str
    decided_by: str
    at: datetime
    can_undo: bool


def around(ticket: Ticket, actor: Actor) -> dict[str, Any]:
    [found] = _found(actor, number=ticket.pk, requester=ticket.requester_id, since=now() - FRESH)
    kin = [*_linked(found["its_links"], ticket), *_merged(found["its_merged"])]
    points = [_tick(row) for row in found["its_points"]]
    return {
        "approvals": [_decision(row, actor) for row in found["its_approvals"]],
        "calls": [_call(row) for row in reversed(found["its_calls"])],
        "systems": [row["name"] for row in found["its_systems"] or ()],
        "kin": kin,
        "incidents": sum(one.says == "Incident" and one.waits for one in kin),
        "others": [
            {**row, "at": datetime.fromisoformat(row["at"]), "says": STATUS[row["status"]]}
            for row in found["its_others"]
        ],
        "points": points,
        "points_done": sum(point.done_at is not None for point in points),
        "drafts": {row["kind"]: {**row, "at": datetime.fromisoformat(row["at"])} for row in found["its_drafts"]},
        "visitor": next((_visitor(row) for row in found["its_visitors"]), None),
        "here": [Here(row["name"], row["writing"]) for row in found["its_present"]],
        "identities": [{**row, "kind": kind_name(row["kind"])} for row in found["its_identities"]],
        "also_by": found["its_ways"],
        "ways": ways_by(ticket, [_inbox(row) for row in found["its_inboxes"]]),
        "other_count": found["its_count"] or 0,
    }


@compiled
def _found(actor: Actor, *, number: int, requester: int, since: datetime) -> "QuerySet[Ticket, Any]":
    """`since`: who was seen later is here."""
    merged = Ticket.objects.visible_to(actor).filter(merged_into=number).order_by("id")
    ends = {f"{end}_{name}": f"{end}__{name}" for end in ("ticket", "other") for name in ("id", "subject", "status")}
    others = Ticket.objects.visible_to(actor).filter(requester=requester).exclude(pk=number)
    wrote = Message.objects.filter(direction="in", public=True, ticket__in=others.order_by())
    ways = wrote.order_by().values("channel").annotate(tickets=Count("ticket", distinct=True)).order_by("channel")
    drafts = Draft.objects.filter(ticket=number, user=actor.user_id)
    voices = rows_of(Voice.objects.filter(approval=OuterRef("pk")).order_by("id"), **VOICE)
    approvals = Approval.objects.filter(ticket=number).annotate(heard=voices).order_by("-id")[:3]
    here = others_here(Ticket(pk=number), actor, since)
    asked = {
        "its_approvals": rows_of(approvals, **DECISION),
        "its_calls": rows_of(calls_of(number).changing().order_by("-id")[:5], **CALL),
        "its_systems": rows_of(_systems(actor), name="name"),
        "its_drafts": rows_of(drafts, kind="kind", text="text", at="updated_at"),
        "its_present": rows_of(here, name="user__name", writing="writing"),
        "its_links": rows_of(Link.objects.around(Ticket(pk=number), actor), id="id", kind="kind", **ends),
        "its_merged": rows_of(merged, number="id", subject="subject", status="status"),
        "its_visitors": rows_of(Visitor.objects.filter(ticket=number).order_by("-seen_at")[:1], **VISITOR),
        "its_others": rows_of(others.order_by("-created_at")[:5], **OTHER),
        "its_count": _count(others),
        "its_inboxes": rows_of(inboxes_to_answer(number=number, requester=requester), **INBOX),
        "its_ways": rows_of(ways, channel="channel", tickets="tickets"),
        "its_points": rows_of(Point.objects.filter(ticket=number), id="id", text="text", by="done_by", at="done_at"),
        "its_identities": rows_of(
            Identity.objects.filter(person=requester)[:4], kind="kind", value="value", complained="complained_at"
        ),
    }
    return Ticket.objects.filter(pk=number).values(**asked)


def _systems(actor: Actor) -> "QuerySet[Connection]":
    """In which there is something to do for whoever reads this."""
    some = ToolSetting.objects.filter(connection=OuterRef("pk"), enabled=True)
    usable = (
        Connection.objects.filter(Exists(some), active=True) if actor.can("tool.use") else Connection.objects.none()
    )
    return usable.order_by("name")[:MOST_SYSTEMS]


def _count(tickets: "QuerySet[Ticket]") -> Subquery:
    return Subquery(tickets.order_by().values("requester").annotate(count=Count("pk")).values("count"))


def _inbox(row: dict[str, Any]) -> Inbox:
    """Not to be saved: one by which the ticket may be answered, as `inboxes_to_answer` finds it."""
    inbox = Inbox(**{name: row[name] for name in ("id", "name", "channel", "team_id")})
    inbox.proven, inbox.asked = row["proven"], row["asked"]  # type: ignore[attr-defined]
    return inbox


def _visitor(row: dict[str, Any]) -> Visitor:
    """Not to be saved: what the page shows of whoever chats."""
    times = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in VISITOR_TIMES}
    return Visitor(**{**row, **times})


def _decision(row: dict[str, Any], actor: Actor) -> Decision:
    waits = row["outcome"] == "waiting"
    owed = (one["id"] for one in row["voices"] if one["user"] == actor.user_id and not one["answer"])
    return Decision(
        id=row["id"],
        question=row["question"],
        need=row["need"],
        deadline=datetime.fromisoformat(row["deadline"]),
        outcome=row["outcome"],
        says=dict(OUTCOMES)[row["outcome"]],
        voices=row["voices"],
        mine=next(owed, 0) if waits and actor.user_id else 0,
    )


def _call(row: dict[str, Any]) -> ToolCall:
    preview, result = row["preview"], row["result"]
    return ToolCall(
        id=row["id"],
        tool=row["tool"],
        sentence=result.get("sentence") or preview.get("sentence") or row["title"],
        says=CALL_STATES[row["state"]],
        state=row["state"],
        note=row["note"],
        checked=row["checked"],
        changes=preview.get("changes", []),
        by=row["by_name"],
        decided_by=row["decided_by"],
        at=datetime.fromisoformat(row["created_at"]),
        can_undo=row["state"] == "done" and bool(preview.get("undo")),
    )


def _linked(rows: Rows, ticket: Ticket) -> Iterable[Kin]:
    for row in rows:
        mine = row["ticket_id"] == ticket.pk
        end = "other" if mine else "ticket"
        undo = f"/tickets/{ticket.pk}/links/{row['id']}/remove"
        yield _kin(
            {name: row[f"{end}_{name}"] for name in ("id", "subject", "status")}, SAYS[row["kind"]][not mine], undo
        )


def _merged(rows: Rows) -> Iterable[Kin]:
    for row in rows:
        yield _kin({**row, "id": row["number"]}, "Merged into this", f"/tickets/{row['number']}/unmerge", "Undo")


def _kin(row: dict[str, Any], says: str, undo: str, undoes: str = "Unlink") -> Kin:
    status, waits = STATUS[row["status"]].lower(), row["status"] in WAITING
    return Kin(row["id"], row["subject"], status, says, undo, undoes, waits)


def _tick(row: dict[str, Any]) -> Tick:
    return Tick(row["id"], row["text"], row["by"], datetime.fromisoformat(row["at"]) if row["at"] else None)
