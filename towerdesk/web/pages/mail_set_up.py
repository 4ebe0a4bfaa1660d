"""How an inbox gets and sends its mail: by a provider that calls us, or from somebody's mailbox at Google or Microsoft."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from towerdesk.channels.connect import choose_provider
from towerdesk.channels.models import Inbox
from towerdesk.channels.oauth.begin import begin, finish, give_up
from towerdesk.channels.oauth.companies import company
from towerdesk.intake.mailbox import watch_granted
from towerdesk.lib.errors import Trouble
from towerdesk.lib.text import one_line
from towerdesk.web.pages.inboxes import find, show
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

ASKED = ("client", "secret", "tenant", "user")


@require_POST
def provider(request: DeskRequest, inbox: int) -> HttpResponse:
    found = find(inbox)
    choose_provider(found, request.POST.get("provider", ""), by=request.actor)
    say(request, f"{found} is changed.")
    return HttpResponseRedirect(f"/settings/inboxes/{inbox}")


@require_POST
def ask(request: DeskRequest, inbox: int) -> HttpResponse:
    """The page again, with the link to where the person is asked: a form may not lead to another site by itself."""
    found = find(inbox)
    given = {name: request.POST.get(name, "").strip()[:4000] for name in ASKED}
    try:
        at = company(request.POST.get("company", ""))
        return show(request, inbox, go_on_at=at, go_on=begin(found, at.name, by=request.actor, **given))
    except Trouble as error:
        return show(request, inbox, trouble=str(error))


def granted(request: DeskRequest) -> HttpResponse:
    """They are back from there."""
    state, error = request.GET.get("state", ""), one_line(request.GET.get("error", ""), 60)
    number = state.partition(".")[0]
    try:
        found = finish(state, request.GET.get("code", ""), by=request.actor, error=error)
        watch_granted(found, by=request.actor)
    except Trouble as trouble:
        if number.isdecimal() and Inbox.objects.filter(pk=int(number[:9])).exists():
            return show(request, int(number[:9]), trouble=str(trouble))
        raise
    say(request, f"{found} is connected: mail that comes from now on is taken in, and replies leave from there.")
    return HttpResponseRedirect(f"/settings/inboxes/{found.pk}")


@require_POST
def take_back(request: DeskRequest, inbox: int) -> HttpResponse:
    found = find(inbox)
    give_up(found, by=request.actor)
    say(request, f"{found} is no longer connected to its mailbox. What came is kept.")
    return HttpResponseRedirect(f"/settings/inboxes/{inbox}")
