"""How a form looks while it is being built, before anything is saved."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.channels.webform.words import Words
from towerdesk.lib.errors import Trouble
from towerdesk.tickets.asks import asks_of, rules_of
from towerdesk.tickets.form_lines import form_lines
from towerdesk.tickets.models import Form
from towerdesk.tickets.taxonomy.form_page import page_of
from towerdesk.tickets.taxonomy.shape_fields import checked_form
from towerdesk.web.form_edit import values_of
from towerdesk.web.request import DeskRequest


@require_POST
def preview(request: DeskRequest) -> HttpResponse:
    request.actor.must("taxonomy.change")
    values = values_of(request.POST)
    try:
        form = Form(name=values.pop("name"), **checked_form(Form(), values))
    except Trouble as trouble:
        return render(request, "web/settings/form_preview.html", {"trouble": trouble})
    return render(request, "web/settings/form_preview.html", drawn(form))


def drawn(form: Form) -> dict[str, object]:
    page, asks = page_of(form), asks_of(form)
    words = Words(page.language)
    return {
        "form": form,
        "page": page,
        "w": words,
        "asks": form_lines(asks, words),
        "rules": rules_of(asks),
        "files_help": words.say("files_help", most=page.files, megabytes=page.megabytes),
        "trap": "not_sent",
    }
