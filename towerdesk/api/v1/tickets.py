"""Open, list, read and change tickets."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router

from towerdesk.accounts.models import User
from towerdesk.actions.perform import perform
from towerdesk.actions.preview import preview
from towerdesk.actions.vocabulary import (
    Action,
    Assign,
    Change,
    Close,
    LinkTo,
    Merge,
    Reopen,
    Resolve,
    Snooze,
    Split,
    TagIt,
    Unmerge,
)
from towerdesk.api.files import keep_files
from towerdesk.api.once import once
from towerdesk.api.security import asker
from towerdesk.api.v1.find import Cursor, Filter, Id, Limit, hold_to_answer, not_nul, the_ticket, the_ticket_to_answer
from towerdesk.api.v1.opening import open_from
from towerdesk.api.v1.shapes import (
    ActionIn,
    MessageOut,
    NextIn,
    NoteIn,
    PreviewOut,
    ReplyIn,
    TicketIn,
    TicketOut,
    TicketsOut,
    WayOut,
)
from towerdesk.api.v1.show import message_out, ticket_out
from towerdesk.automation.routing.next_ticket import next_ticket
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.answer_by import ways_to_answer
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.reply import reply
from towerdesk.tickets.search import search

router = Router(tags=["tickets"])


@router.post("", response={201: TicketOut})
def open_one(request: HttpRequest, said: TicketIn) -> HttpResponse:
    """Open a ticket with the requester's first message."""
    asker(request).must("ticket.open")
    files = keep_files(said.attachments)
    return once(request, lambda: ticket_out(open_from(said, files, by=asker(request))), status=201)


@router.get("", response=TicketsOut)
def list_them(request: HttpRequest, q: Filter = "", cursor: Cursor = None, limit: Limit = 50) -> TicketsOut:
    """List tickets, the newest change first; with words in `q`, the newest message that holds them first."""
    page = search(q, asker(request), after=not_nul(cursor), limit=limit)
    return TicketsOut(items=[ticket_out(hit.ticket) for hit in page.items], next=page.next)


@router.post("/next", response=TicketOut)
def give_next(request: HttpRequest, said: NextIn) -> HttpResponse:
    """Give an agent the most urgent ticket that they may take."""
    by = asker(request)
    by.must("ticket.assign")

    def do() -> TicketOut:
        user = User.objects.filter(email=said.user.lower(), is_active=True).first()
        if user is None:
            raise Invalid(f"Nobody here has the address “{said.user}”.", {"user": "Name an agent by the mail address."})
        given = next_ticket(user, by=by)
        return ticket_out(Ticket.objects.one(given.pk))

    return once(request, do)


@router.get("/{number}", response=TicketOut)
def read(request: HttpRequest, number: Id) -> TicketOut:
    """Read one ticket."""
    return ticket_out(the_ticket(request, number))


@router.patch("/{number}", response=TicketOut)
def change_it(request: HttpRequest, number: Id, said: Change) -> HttpResponse:
    """Change what it is: priority, status, type, intent, product area, subject, next step."""
    return _do(request, number, said)


@router.get("/{number}/ways", response=list[WayOut])
def ways(request: HttpRequest, number: Id) -> list[WayOut]:
    """By which ways it may be answered; the first one is the one it is on."""
    found = ways_to_answer(the_ticket_to_answer(request, number))
    return [
        WayOut(key=way.key, channel=way.inbox.channel, inbox=way.inbox.name, to=way.to, left=way.left) for way in found
    ]


@router.post("/{number}/reply", response={201: MessageOut})
def reply_to_it(request: HttpRequest, number: Id, said: ReplyIn) -> HttpResponse:
    """Answer the requester."""
    by = asker(request)
    by.must("ticket.reply")
    files = keep_files(said.attachments)

    def do() -> MessageOut:
        with transaction.atomic(savepoint=False):
            message = reply(
                hold_to_answer(request, number),
                said.text,
                by=by,
                then=said.then,
                answers=said.answers,
                cc=said.cc,
                files=files,
                way=said.way,
                held=True,
            )
        return message_out(message, has_files=bool(files))

    return once(request, do, status=201)


@router.post("/{number}/note", response={201: MessageOut})
def note_on_it(request: HttpRequest, number: Id, said: NoteIn) -> HttpResponse:
    """Write a note that only agents read."""
    by = asker(request)
    by.must("ticket.note")
    files = keep_files(said.attachments)

    def do() -> MessageOut:
        return message_out(
            note(the_ticket_to_answer(request, number), said.text, by=by, files=files), has_files=bool(files)
        )

    return once(request, do, status=201)


@router.post("/{number}/assign", response=TicketOut)
def assign_it(request: HttpRequest, number: Id, said: Assign) -> HttpResponse:
    """Give it to an agent or a team."""
    return _do(request, number, said)


@router.post("/{number}/tags", response=TicketOut)
def tag_it(request: HttpRequest, number: Id, said: TagIt) -> HttpResponse:
    """Put tags on, take tags off."""
    return _do(request, number, said)


@router.post("/{number}/resolve", response=TicketOut)
def resolve_it(request: HttpRequest, number: Id, said: Resolve) -> HttpResponse:
    """Say that it is done."""
    return _do(request, number, said)


@router.post("/{number}/reopen", response=TicketOut)
def reopen_it(request: HttpRequest, number: Id, said: Reopen) -> HttpResponse:
    """Take it up again."""
    return _do(request, number, said)


@router.post("/{number}/close", response=TicketOut)
def close_it(request: HttpRequest, number: Id, said: Close) -> HttpResponse:
    """Close it for good."""
    return _do(request, number, said)


@router.post("/{number}/merge", response=TicketOut)
def merge_it(request: HttpRequest, number: Id, said: Merge) -> HttpResponse:
    """Move its conversation to another ticket."""
    return _do(request, number, said)


@router.post("/{number}/unmerge", response=TicketOut)
def unmerge_it(request: HttpRequest, number: Id) -> HttpResponse:
    """Take it out of the ticket that it was merged into, with its messages."""
    return _do(request, number, Unmerge())


@router.post("/{number}/split", response={201: TicketOut})
def split_it(request: HttpRequest, number: Id, said: Split) -> HttpResponse:
    """Make a new ticket of the same requester out of some of its messages; the answer is the new one."""

    def do() -> TicketOut:
        made = perform(said, the_ticket(request, number), by=asker(request))
        return ticket_out(the_ticket(request, made.pk))

    return once(request, do, status=201)


@router.post("/{number}/link", response=TicketOut)
def link_it(request: HttpRequest, number: Id, said: LinkTo) -> HttpResponse:
    """Say what it is to another ticket: a duplicate of it, a part of it, an incident of that problem."""
    return _do(request, number, said)


@router.post("/{number}/snooze", response=TicketOut)
def snooze_it(request: HttpRequest, number: Id, said: Snooze) -> HttpResponse:
    """Put it out of sight until a moment, or until its customer writes."""
    return _do(request, number, said)


@router.post("/{number}/actions", response=TicketOut)
def act_on_it(request: HttpRequest, number: Id, said: ActionIn) -> HttpResponse:
    """Do any one action of the vocabulary (`GET /actions` describes them)."""
    return _do(request, number, said.root)


@router.post("/{number}/preview", response=PreviewOut)
def preview_on_it(request: HttpRequest, number: Id, said: ActionIn) -> PreviewOut:
    """Say what an action would do, without doing it."""
    return PreviewOut(would=preview(said.root, the_ticket(request, number), asker(request)))


def _do(request: HttpRequest, number: int, action: Action) -> HttpResponse:
    def do() -> TicketOut:
        ticket = the_ticket(request, number)
        perform(action, ticket, by=asker(request))
        ticket.refresh_from_db(fields=["due_at"])  # as the clocks set it
        return ticket_out(ticket)

    return once(request, do)
