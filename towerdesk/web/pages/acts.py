"""What a person does on a ticket. Each is a verb, then back to the ticket with a quiet word; a refusal keeps what was typed."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.lib.files import Kept, keep
from towerdesk.problems.surges.decide import end
from towerdesk.tickets.assign import assign
from towerdesk.tickets.draft import drop_draft, keep_draft
from towerdesk.tickets.link import incidents_of
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.reopen import reopen
from towerdesk.tickets.reply import Then, reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.undelivered import lift_complaint
from towerdesk.tickets.watch import watch
from towerdesk.tickets.withdraw import withdraw
from towerdesk.web.pages.ticket import find, show
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

MOST_BYTES = 25 * 2**20

type Act = Callable[[DeskRequest, Ticket], str | None]


def act(does: Act) -> Callable[[DeskRequest, int], HttpResponse]:
    """Find the ticket, do it, say it, and go back; what it returns is the quiet word."""

    @wraps(does)
    def view(request: DeskRequest, number: int) -> HttpResponse:
        ticket = find(number, request.actor)
        said = does(request, ticket)
        if said:
            say(request, said)
        return back(request, ticket)

    return require_POST(view)


def back(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    """To where the person was, when that is the Tower; else to the ticket."""
    came_from = request.headers.get("Referer", "").partition("?")[0]
    on_tower = came_from == request.build_absolute_uri("/")
    return HttpResponseRedirect("/" if on_tower else f"/tickets/{ticket.pk}")


@require_POST
def send_reply(request: DeskRequest, number: int) -> HttpResponse:
    ticket, text = find(number, request.actor), request.POST.get("text", "")
    try:
        files = uploaded(request)
        message = reply(
            ticket,
            text,
            by=request.actor,
            then=then_of(request),
            answers=_id_in(request, "answers"),
            seen=_id_in(request, "seen"),
            pause=ticket.inbox.undo,
            files=files,
            way=_other_way(request, ticket),
        )
    except Trouble as trouble:
        return show(request, ticket, write="reply", text=text, trouble=trouble)
    drop_draft(ticket, "reply", by=request.actor)
    say_leaves(request, message, f"Your reply leaves for {ticket.requester.first_name}")
    return HttpResponseRedirect(f"/tickets/{ticket.pk}")


@require_POST
def write_note(request: DeskRequest, number: int) -> HttpResponse:
    ticket, text = find(number, request.actor), request.POST.get("text", "")
    try:
        note(ticket, text, by=request.actor, files=uploaded(request))
    except Trouble as trouble:
        return show(request, ticket, write="note", text=text, trouble=trouble)
    drop_draft(ticket, "note", by=request.actor)
    return HttpResponseRedirect(f"/tickets/{ticket.pk}")


@act
def take(request: DeskRequest, ticket: Ticket) -> str:
    assign(ticket, request.user, by=request.actor)
    return f"{ticket.number} is yours."


@require_POST
def solve(request: DeskRequest, number: int) -> HttpResponse:
    """A problem that is solved leads on to answering its incidents."""
    ticket = find(number, request.actor)
    resolve(ticket, request.POST.get("note", "").strip(), kind=request.POST.get("kind") or "solved", by=request.actor)
    say(request, f"{ticket.number} is resolved. It closes by itself unless {ticket.requester.first_name} writes.")
    if end(ticket, by=request.actor) and request.actor.can("problem.tell"):
        return HttpResponseRedirect(f"/tickets/{ticket.pk}/tell?kind=over")
    if ticket.type == "problem" and incidents_of(ticket).exists():
        return HttpResponseRedirect(f"/tickets/{ticket.pk}/incidents")
    return back(request, ticket)


@act
def take_up(request: DeskRequest, ticket: Ticket) -> str:
    reopen(ticket, request.POST.get("why", "").strip(), by=request.actor)
    return f"{ticket.number} is open again."


@act
def watching(request: DeskRequest, ticket: Ticket) -> None:
    watch(ticket, request.user, by=request.actor, on=not getattr(ticket, "is_watched", False))


@act
def stop_assistant(request: DeskRequest, ticket: Ticket) -> str:
    """Hold back what the assistant is about to send on this ticket."""
    waiting = Message.objects.filter(ticket=ticket, direction="out", author_kind="assistant", delivery="queued").first()
    if waiting is None:
        raise NotFound("There is nothing to stop: it has left already, or somebody was faster.")
    withdraw(waiting, f"{request.actor.name} stopped it", by=request.actor)
    return f"Stopped. {ticket.number} waits on us."


@act
def lift(request: DeskRequest, ticket: Ticket) -> str:
    """The customer once reported a reply as spam, and wants automatic mail all the same."""
    lift_complaint(ticket, by=request.actor)
    return f"Automatic mail may go to {ticket.requester.first_name} again."


@require_POST
def stop_message(request: DeskRequest, message: int) -> HttpResponse:
    found = (
        Message.objects.visible_to(request.actor).select_related("ticket").filter(pk=message, direction="out").first()
    )
    if found is None:
        raise NotFound("There is no such message.")
    withdraw(found, f"{request.actor.name} stopped it", by=request.actor)
    mine = found.author_kind == "agent" and found.author_id == request.user.pk
    if mine:
        keep_draft(found.ticket, "reply", found.text, by=request.actor)
    say(request, "Not sent. The words are in your draft." if mine else "Not sent. The words are still on the ticket.")
    return HttpResponseRedirect(f"/tickets/{found.ticket_id}")


def say_leaves(request: DeskRequest, message: Message, words: str) -> None:
    """With the way back while there is one: how long is a setting of the inbox."""
    seconds = message.ticket.inbox.undo_seconds
    if seconds:
        say(request, f"{words} in {seconds} seconds.", undo=f"/messages/{message.pk}/stop", seconds=seconds)
    else:
        say(request, f"{words} now.")


def _id_in(request: DeskRequest, name: str) -> int | None:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and 0 < int(given) < 2**63 else None


def _other_way(request: DeskRequest, ticket: Ticket) -> str:
    """The one that the ticket is on needs no word, though it may have changed since the page was drawn."""
    way = request.POST.get("way", "")
    return "" if way == f"{ticket.inbox_id}:" else way


def then_of(request: DeskRequest) -> Then:
    return "resolve" if request.POST.get("then") == "resolve" else "wait"


def uploaded(request: DeskRequest) -> list[Kept]:
    """What was attached, kept in the storage before any transaction begins."""
    files = request.FILES.getlist("files")
    if sum(file.size or 0 for file in files) > MOST_BYTES:
        raise Invalid(f"The files are larger than {MOST_BYTES // 2**20} MB together: send fewer, or a link.")
    return [keep(file.name or "file", file.content_type or "application/octet-stream", file.read()) for file in files]
