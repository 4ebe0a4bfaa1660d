"""A small form of a ticket: in a dialog when one is asked for, else a page of its own."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from towerdesk.lib.errors import Trouble
from towerdesk.tickets.models import Ticket
from towerdesk.web.request import DeskRequest


def aside(
    request: DeskRequest, ticket: Ticket, name: str, title: str, trouble: Trouble | None = None, **shown: Any
) -> HttpResponse:
    """`name` is a template `web/ticket/<name>_form.html`."""
    part = f"web/ticket/{name}_form.html"
    context = {"ticket": ticket, "part": part, "title": title, "trouble": trouble, **shown}
    status = trouble.status if trouble else 200
    return render(request, part if request.htmx else "web/ticket/aside.html", context, status=status)
