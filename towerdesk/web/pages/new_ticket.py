"""Write down a request that came by phone or in person: with a form, or without one."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from towerdesk.channels.models import Inbox
from towerdesk.lib.errors import Invalid, Trouble
from towerdesk.lib.text import one_line
from towerdesk.people.find import normal_email, person_for
from towerdesk.people.models import Person
from towerdesk.tickets.asks import Ask, asks_of, rules_of
from towerdesk.tickets.models import Form, Ticket
from towerdesk.tickets.receive import Received
from towerdesk.tickets.shown import shown
from towerdesk.tickets.submit import submit
from towerdesk.web.asked import answers, typed
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def new_ticket(request: DeskRequest) -> HttpResponse:
    request.actor.must("ticket.open")
    form = _form(request.POST.get("form") or request.GET.get("form", ""))
    said = typed(request.POST)
    asks = asks_of(form, said) if form else []
    if request.method != "POST":
        return _page(request, form, asks)
    try:
        ticket = _submit(request, form, shown(asks, said))
    except Trouble as trouble:
        return _page(request, form, asks, trouble=trouble)
    say(request, f"{ticket.number} is open.")
    return HttpResponseRedirect(f"/tickets/{ticket.pk}")


def _form(key: str) -> Form | None:
    return Form.objects.select_related("intent", "team").filter(key=key, retired_at=None).first() if key else None


def _submit(request: DeskRequest, form: Form | None, asks: list[Ask]) -> Ticket:
    given = request.POST
    subject, text = one_line(given.get("subject", ""), 500), given.get("text", "").strip()
    if not subject or not text:
        raise Invalid("Say what it is about, and in a few words what was asked.")
    requester = _requester(given.get("email", ""), given.get("name", ""))
    received = Received(
        text=text,
        subject=subject,
        person=requester,
        channel="desk",
        trust={"verified": False, "sentence": f"{request.actor.name} wrote this down"},
    )
    values = answers(given, asks)
    return submit(
        subject,
        received,
        requester=requester,
        inbox=_inbox(given.get("inbox", "")),
        form=form,
        by=request.actor,
        **values,
    )


def _requester(email: str, name: str) -> Person:
    if "@" not in email:
        raise Invalid("Give the mail address that the answer goes to.", {"email": "Write a mail address."})
    return person_for(normal_email(email), one_line(name, 200))


def _inbox(number: str) -> Inbox:
    inboxes = Inbox.objects.select_related("team").order_by("pk")
    found = (inboxes.filter(pk=int(number)) if number.isdecimal() else inboxes).first()
    if found is None:
        raise Invalid("There is no inbox yet: make one first, so that replies have somewhere to leave from.")
    return found


def _page(request: DeskRequest, form: Form | None, asks: list[Ask], trouble: Trouble | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "forms": Form.objects.filter(retired_at=None),
        "asks": asks,
        "rules": rules_of(asks),
        "inboxes": Inbox.objects.all(),
        "typed": request.POST,
        "trouble": trouble,
    }
    return render(request, "web/tickets/new.html", context, status=trouble.status if trouble else 200)
