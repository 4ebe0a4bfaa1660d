"""What one visitor may read: their own words, and replies that were shown in their chat. Never anything else of a ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from towerdesk.channels.chat.channel import shown_as, written_as
from towerdesk.chats.models import Visitor
from towerdesk.events.models import Event
from towerdesk.lib.clock import now
from towerdesk.lib.ids import is_signed, signature
from towerdesk.tickets.models import Attachment, Message
from towerdesk.tickets.models.message import RECEIPT

MOST = 200  # the newest messages of a conversation
SHOWN = ("sent", "delivered", "read")
SLACK = timedelta(seconds=60)
"""Events may be committed out of the order of their numbers, but no transaction takes longer than this."""
TELLS = frozenset(
    {"message.received", "message.sent", "message.edited", "message.taken_back", "message.arrived", "message.withdrawn"}
)
HANDED_OVER = "handed_over"
LINES = {
    "ticket.person_asked": HANDED_OVER,
    "assistant.handed_over": HANDED_OVER,
    "chat.by_mail": "by_mail",
    "ticket.answered_by": "by_mail",
}
"""Events that the visitor is told of in a line, by the word that the widget puts into their language."""
FILE_LASTS = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class News:
    """`upto`: the newest event that these items know of."""

    items: list[dict[str, Any]]
    upto: int


def messages_of(visitor: Visitor) -> "QuerySet[Message]":
    """Theirs by the conversation that they were written in, ours by the conversation that they were shown in."""
    theirs = Q(
        direction="in", channel="chat", thread_key=visitor.key, message_id__startswith=written_as(visitor.key, "")
    )
    ours = Q(direction="out", delivery__in=SHOWN, message_id__startswith=shown_as_any(visitor))
    return Message.objects.filter(theirs | ours, public=True, ticket__in=tickets_of(visitor)).defer("search")


def shown_as_any(visitor: Visitor) -> str:
    return shown_as(visitor.key, 0).removesuffix("0")


def tickets_of(visitor: Visitor) -> list[int]:
    written = Message.objects.filter(thread_key=visitor.key, channel="chat", direction="in").order_by()
    return list(written.values_list("ticket", flat=True).distinct())


def news_of(visitor: Visitor, last: int = 0) -> News:
    """What has changed since that event; everything without one. Saying something twice does no harm: items have keys."""
    newest = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    if not last:
        return News([*_lines(visitor), *_items(visitor, messages_of(visitor))], newest)
    since = Event.objects.filter(pk__lte=last).order_by("-id").values_list("at", flat=True).first() or now()
    lately = Q(pk__gt=last) | Q(at__gt=since - SLACK)
    touched = Event.objects.filter(lately, ticket_id__in=tickets_of(visitor), kind__in=TELLS | set(LINES))
    kinds = list(touched.values_list("kind", "subject_id"))
    numbers = [subject for kind, subject in kinds if subject and kind in TELLS]
    lines = _lines(visitor) if any(kind in LINES for kind, _ in kinds) else []
    return News([*lines, *_items(visitor, messages_of(visitor).filter(pk__in=numbers))], max(newest, last))


def file_of(visitor_key: str, number: int, signed: str) -> Attachment | None:
    """A file by a link that this visitor's page was given lately."""
    stamp, _, mark = signed.partition(".")
    if not is_signed("chat-file", f"{visitor_key} {number} {stamp}", mark) or int(stamp) < now().timestamp():
        return None
    visitor = Visitor.objects.filter(key=visitor_key).first()
    if visitor is None:
        return None
    return Attachment.objects.filter(pk=number, message__in=messages_of(visitor)).first()


def _items(visitor: Visitor, messages: "QuerySet[Message]") -> Iterable[dict[str, Any]]:
    newest = list(messages.prefetch_related("attachments").order_by("-created_at", "-id")[:MOST])[::-1]
    return [_item(visitor, message) for message in newest]


def _item(visitor: Visitor, message: Message) -> dict[str, Any]:
    mine = message.direction == "in"
    item: dict[str, Any] = {
        "key": f"m{message.pk}",
        "number": message.pk,
        "mine": mine,
        "text": "" if message.taken_back_at else message.visible or message.text,
        "at": (message.created_at if mine else message.sent_at or message.created_at).isoformat(),
        "files": [_file(visitor, file) for file in message.attachments.all() if not message.taken_back_at],
    }
    if mine:
        return item | {"id": message.message_id.removeprefix(written_as(visitor.key, ""))}
    by = (
        "desk"
        if message.warrant == RECEIPT
        else "assistant"
        if message.author_kind in ("assistant", "rule", "clock")
        else "person"
    )
    who = message.author_name.split(" ")[0] if by == "person" else ""
    return item | {"by": by, "who": who, "read": message.delivery == "read"}


def _file(visitor: Visitor, file: Attachment) -> dict[str, Any]:
    stamp = int(now().timestamp()) // 3600 * 3600 + FILE_LASTS
    signed = f"{stamp}.{signature('chat-file', f'{visitor.key} {file.pk} {stamp}', 32)}"
    address = f"{settings.PUBLIC_URL}/chat/files/{visitor.key}/{file.pk}/{signed}"
    return {"name": file.name, "size": file.size, "type": file.type, "address": address}


def _lines(visitor: Visitor) -> list[dict[str, Any]]:
    """Each kind once per ticket: whoever is handed to a person is told so, and not again."""
    found = Event.objects.filter(ticket_id__in=tickets_of(visitor), kind__in=LINES)
    found = found.exclude(~Q(data__channel="email"), kind="ticket.answered_by").order_by("id")
    first: dict[tuple[int | None, str], Event] = {}
    for event in found:
        kind = HANDED_OVER if LINES[event.kind] == HANDED_OVER else event.kind
        first.setdefault((event.ticket_id, kind), event)
    return [{"key": f"e{event.pk}", "line": LINES[event.kind], "at": event.at.isoformat()} for event in first.values()]
