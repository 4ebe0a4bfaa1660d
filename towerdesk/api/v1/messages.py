"""Read a ticket's messages and events; upload and download files."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Router
from ninja.files import UploadedFile

from towerdesk.api.files import Upload, keep_upload
from towerdesk.api.security import asker
from towerdesk.api.v1.find import Cursor, Id, Limit, not_nul, the_message, the_ticket
from towerdesk.api.v1.shapes import EventsOut, MessageOut, MessagesOut
from towerdesk.api.v1.show import event_out, message_out
from towerdesk.events.models import Event
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import NotFound
from towerdesk.lib.files import read
from towerdesk.lib.pages import cut, page_of
from towerdesk.tickets.models import Attachment, Message

router = Router(tags=["messages"])

OLDEST_FIRST = ("created_at", "id")


@router.get("/tickets/{number}/messages", response=MessagesOut)
def of_ticket(request: HttpRequest, number: Id, cursor: Cursor = None, limit: Limit = 50) -> MessagesOut:
    """The conversation, oldest first."""
    ticket, of = the_ticket(request, number), f"messages of {number}"
    if cursor:
        messages = Message.objects.filter(ticket=ticket).prefetch_related("attachments")
        page = page_of(messages, *OLDEST_FIRST, after=not_nul(cursor), limit=limit, of=of)
    else:
        page = cut(_oldest(limit + 1, ticket=ticket.pk), *OLDEST_FIRST, size=limit, of=of)
    return MessagesOut(items=[message_out(message) for message in page.items], next=page.next)


@compiled
def _oldest(most: int, *, ticket: int) -> "QuerySet[Message]":
    return Message.objects.filter(ticket=ticket).prefetch_related("attachments").order_by(*OLDEST_FIRST)[:most]


@router.get("/tickets/{number}/events", response=EventsOut)
def events_of(request: HttpRequest, number: Id, cursor: Cursor = None, limit: Limit = 50) -> EventsOut:
    """Everything that happened to it, oldest first."""
    ticket = the_ticket(request, number)
    events = Event.objects.filter(ticket_id=ticket.pk)
    page = page_of(events, "id", after=not_nul(cursor), limit=limit, of=f"events of {number}")
    return EventsOut(items=[event_out(event) for event in page.items], next=page.next)


@router.get("/messages/{message}", response=MessageOut)
def one(request: HttpRequest, message: Id) -> MessageOut:
    """Read one message."""
    return message_out(the_message(request, message))


@router.post("/attachments", response={201: Upload}, tags=["attachments"])
def upload(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Upload a file (multipart, field `file`), to be sent along with a ticket, reply or note."""
    asker(request).must("ticket.note")
    return HttpResponse(keep_upload(file).model_dump_json(), status=201, content_type="application/json")


@router.get("/attachments/{attachment}", tags=["attachments"], response=bytes)
def download(request: HttpRequest, attachment: Id) -> HttpResponse:
    """Download a file: always as bytes to be saved, never as something a browser would run."""
    mine = Message.objects.visible_to(asker(request))
    found = Attachment.objects.filter(pk=attachment, message__in=mine).first()
    if found is None:
        raise NotFound(f"There is no attachment {attachment} that this key may see.")
    return as_download(found)


def as_download(attachment: Attachment) -> HttpResponse:
    response = HttpResponse(read(attachment.path), content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = content_disposition_header(True, attachment.name) or "attachment"
    return response
