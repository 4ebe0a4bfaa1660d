"""Try an inbox with a real message: wait for it, see what became of it, answer it, and see whether the answer arrived.

Nothing is made up: what is sent from a telephone or a mail program comes in and is answered like everything else.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from towerdesk.channels.account import door_of
from towerdesk.channels.models import Inbox
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import NotFound
from towerdesk.lib.text import as_number
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply
from towerdesk.web.request import DeskRequest
from towerdesk.web.sheets import Fate, fate

ENDED = ("delivered", "read", "failed", "bounced", "unsure", "withdrawn")
WORDS = "This is a test: your message came in as ticket {number}, and this answer left by “{inbox}”."


@dataclass(frozen=True, slots=True)
class Trial:
    """`since`: the newest arrival before it began, 0 when none is going on. `answer` is a reply to what came."""

    since: int = -1
    raw: Raw | None = None
    ticket: Ticket | None = None
    answer: Message | None = None

    @property
    def is_on(self) -> bool:
        return self.since >= 0

    @property
    def moves(self) -> bool:
        """Whether the next look may show something else."""
        if self.raw is None or self.raw.state == "stored":
            return self.is_on
        return self.answer is not None and self.answer.delivery not in ENDED

    @property
    def fate(self) -> Fate | None:
        return fate(self.answer, now()) if self.answer else None


def trial_of(request: DeskRequest, inbox: Inbox) -> Trial:
    if "since" not in request.GET:
        return Trial()
    since = as_number(request.GET["since"])
    raw = Raw.objects.filter(inbox=inbox, pk__gt=since).defer("content").order_by("pk").first()
    ticket = _ticket(raw, request.actor) if raw else None
    answers = Message.objects.filter(ticket=ticket, direction="out", public=True) if ticket else Message.objects.none()
    return Trial(since, raw, ticket, answers.filter(pk=as_number(request.GET.get("answer", ""))).first())


@require_POST
def begin(request: DeskRequest, inbox: int) -> HttpResponse:
    request.actor.must("inbox.change")
    newest = Raw.objects.filter(inbox=inbox).aggregate(newest=Max("pk"))["newest"] or 0
    return HttpResponseRedirect(f"/settings/inboxes/{inbox}?since={newest}#trial")


@require_safe
def look(request: DeskRequest, inbox: int) -> HttpResponse:
    """The card alone, for a page that waits."""
    request.actor.must("inbox.change")
    return render(request, "web/settings/inbox_trial.html", around(request, _find(inbox)))


@require_POST
def answer(request: DeskRequest, inbox: int) -> HttpResponse:
    """A real reply, with all that may go wrong with one."""
    request.actor.must("inbox.change")
    found = _find(inbox)
    raw = Raw.objects.filter(inbox=found, pk=as_number(request.POST.get("raw", ""))).defer("content").first()
    ticket = _ticket(raw, request.actor) if raw else None
    if raw is None or ticket is None:
        raise NotFound("What was sent is not on a ticket that you may read.")
    text = WORDS.format(number=ticket.number, inbox=found)
    with transaction.atomic():
        ticket.hold()
        said = _said_already(ticket, text) or reply(ticket, text, by=request.actor, then="keep")
    return HttpResponseRedirect(f"/settings/inboxes/{inbox}?since={raw.pk - 1}&answer={said.pk}#trial")


def _said_already(ticket: Ticket, text: str) -> Message | None:
    """What a second click on the same button finds."""
    said = ticket.messages.filter(direction="out", public=True, text=text).exclude(delivery__in=("failed", "withdrawn"))
    return said.order_by("-pk").first()


def around(request: DeskRequest, inbox: Inbox) -> dict[str, object]:
    """What the card shows."""
    door = door_of(inbox)
    title = door.title if door else "E-mail"
    return {"inbox": inbox, "trial": trial_of(request, inbox), "title": title, "query": request.GET.urlencode()}


def _ticket(raw: Raw, actor: Actor) -> Ticket | None:
    held = raw.message.ticket_id if raw.message else raw.ticket_id
    return Ticket.objects.visible_to(actor).select_related("requester").filter(pk=held or 0).first()


def _find(inbox: int) -> Inbox:
    found = Inbox.objects.filter(pk=inbox).first()
    if found is None:
        raise NotFound("There is no such inbox.")
    return found
