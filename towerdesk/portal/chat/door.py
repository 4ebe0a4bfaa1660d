"""What the chat's script calls. Words are stored before they are acknowledged; the same words twice are stored once."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from towerdesk.channels.chat.note import MOST_BYTES, MOST_FILES, MOST_TEXT, Note, NotedFile, write_note
from towerdesk.channels.doors import Piece
from towerdesk.chats.conversation import file_of, messages_of
from towerdesk.chats.end import end_chat
from towerdesk.chats.models import Visitor
from towerdesk.chats.presence import types
from towerdesk.chats.state import hours_of, ticket_of
from towerdesk.chats.transcript import ask_for_transcript
from towerdesk.chats.visitors import begin, say_who
from towerdesk.intake.store import store_pieces
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid, Unavailable
from towerdesk.lib.files import read
from towerdesk.lib.limits import Limit
from towerdesk.lib.text import one_line, storable
from towerdesk.portal.chat.guard import Call, TooOften, answers, network_of
from towerdesk.problems.banners import banners_at
from towerdesk.tickets.arrive import arrive
from towerdesk.tickets.rate import rate

ID = re.compile(r"[\w-]{8,64}", re.ASCII)
SHOWN_INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}
MOST_TRANSCRIPTS = 5  # within an hour, from one network and to one address
transcripts = Limit(3600)
SHOWN = ("title", "greeting", "colour", "theme", "side", "ask", "files")


def looks(call: Call) -> Mapping[str, Any]:
    """What the script needs before anybody has written: no visitor is made for merely looking."""
    ways = call.ways.model_dump()
    notices = [banner.texts for banner in banners_at("chat")]
    shown = {name: ways[name] for name in SHOWN}
    return {**shown, **hours_of(call.inbox, call.ways), "paused": call.inbox.paused, "notices": notices}


def start(call: Call) -> Mapping[str, Any]:
    """The token is told once, here."""
    visitor, token = begin(call.inbox, call.said())
    return {"token": token, "key": visitor.key}


def about(call: Call) -> None:
    """Who the page is for, and where it is."""
    say_who(call.mine, call.said())


def message(call: Call) -> Mapping[str, Any]:
    """A form with `id`, `text` and `files`. 200 follows the commit."""
    visitor, given = call.mine, call.request.POST
    if call.inbox.paused:
        raise Unavailable("This chat is paused just now: please try again later.")
    number, text = given.get("id", ""), storable(given.get("text", "")).strip()
    if not ID.fullmatch(number):
        raise Invalid("A message has an id of 8 to 64 letters, digits and dashes.")
    if len(text) > MOST_TEXT:
        raise Invalid(f"At most {MOST_TEXT} characters at once: send the rest as another message.")
    files = _files(call)
    if not text and not files:
        raise Invalid("Write something first.")
    content = write_note(_note(visitor, number, text, files))
    try:
        store_pieces([Piece(content, id=f"{visitor.key} {number}")], call.inbox, door="chat")
    except (DatabaseError, InterfaceError):
        raise Unavailable("This can't be kept now: it is tried again by itself.") from None
    return {"id": number}


def seen(call: Call) -> None:
    """Numbers of our messages that the page has got, and whether somebody has them before their eyes."""
    said = call.said()
    numbers = [one for one in said.get("numbers", []) if isinstance(one, int)][:100]
    how = "read" if said.get("read") else "delivered"
    for one in messages_of(call.mine).filter(direction="out", pk__in=numbers).select_related("ticket"):
        arrive(one, how, by=CLOCK)  # type: ignore[arg-type]


def typing(call: Call) -> None:
    types(call.mine, bool(call.said().get("typing")))


def rating(call: Call) -> None:
    said, ticket = call.said(), ticket_of(call.mine)
    if ticket is None:
        raise Invalid("There is nothing to rate yet.")
    given = said.get("rating")
    rate(
        ticket, given if isinstance(given, int) else 0, str(said.get("comment", ""))[:2000], by=ticket.requester.actor()
    )


def transcript(call: Call) -> None:
    """To an address that somebody typed in: so few that nobody can have strangers written to."""
    visitor = call.mine
    say_who(visitor, {"mail": call.said().get("mail", "")})
    network = network_of(call.request.META.get("REMOTE_ADDR", ""))
    if pause := transcripts.allow(f"from {network}", MOST_TRANSCRIPTS) or transcripts.allow(
        f"to {visitor.mail}", MOST_TRANSCRIPTS
    ):
        raise TooOften(pause)
    ask_for_transcript(visitor)


def end(call: Call) -> None:
    end_chat(call.mine)


@require_safe
def file(request: HttpRequest, key: str, number: int, signed: str) -> HttpResponse:
    """A link in one visitor's page, good for a day. Never shown as a page of the desk's own."""
    found = file_of(key, number, signed)
    if found is None:
        raise Http404("no such file")
    inline = found.type in SHOWN_INLINE
    response = HttpResponse(read(found.path), content_type=found.type if inline else "application/octet-stream")
    name = re.sub(r"[^\w. ()-]", "_", found.name) or "file"
    response.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _note(visitor: Visitor, number: str, text: str, files: list[NotedFile]) -> Note:
    return Note(
        id=number,
        visitor=visitor.key,
        text=text,
        at=now(),
        name=visitor.name,
        mail=visitor.mail,
        user=visitor.user,
        site=visitor.inbox_id,
        vouched=visitor.vouched,
        trouble=visitor.trouble,
        files=tuple(files),
    )


def _files(call: Call) -> list[NotedFile]:
    given = call.request.FILES.getlist("files")
    if given and not call.ways.files:
        raise Invalid("This chat takes no files.")
    if len(given) > MOST_FILES or sum(one.size or 0 for one in given) > MOST_BYTES:
        raise Invalid(f"At most {MOST_FILES} files and {MOST_BYTES // 2**20} MB at once.")
    return [
        NotedFile(one_line(one.name or "file", 200), one_line(one.content_type or "", 100), one.read()) for one in given
    ]


VIEWS = {
    "looks": answers(looks, "GET"),
    "start": answers(start),
    "about": answers(about),
    "messages": answers(message),
    "seen": answers(seen),
    "typing": answers(typing),
    "rating": answers(rating),
    "transcript": answers(transcript),
    "end": answers(end),
}
