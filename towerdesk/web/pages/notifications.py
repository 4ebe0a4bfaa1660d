"""What is new for me: the list behind the bell, and the ways on from it."""

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import NotFound
from towerdesk.notifications.models import LOST, Notification, Post
from towerdesk.notifications.read import read_all, read_one
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

SHOWN = 50
MOST_COUNTED = 100


def notifications(request: DeskRequest) -> HttpResponse:
    news = Notification.objects.at_desk_of(request.actor)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        news = news.filter(pk__lt=int(before[:18]))
    found = list(news.select_related("ticket").prefetch_related("reasons").order_by("-pk")[: SHOWN + 1])
    context = {
        "news": found[:SHOWN],
        "older": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "lost": Post.objects.filter(user=request.user, state__in=LOST).order_by("-ended_at").first(),
    }
    return render(request, "web/notifications/page.html", context)


def count(request: DeskRequest) -> HttpResponse:
    """As far as a bell can say it. Asked for by the bell itself, so that no page waits for it."""
    unread = Notification.objects.at_desk_of(request.actor).unread()
    return JsonResponse({"unread": unread[:MOST_COUNTED].count()})


def follow(request: DeskRequest, number: int) -> HttpResponse:
    """Where the list and the mails lead: it is read from now on."""
    found = read_one(request.user, number)
    if found is None:
        raise NotFound("This notification is not yours, or it is long gone: look at the list.")
    return HttpResponseRedirect(f"/tickets/{found.ticket_id}")


@require_POST
def read(request: DeskRequest) -> HttpResponse:
    """One that is named, or all."""
    number = request.POST.get("number", "")
    if number.isascii() and number.isdigit():
        read_one(request.user, int(number[:18]))
    else:
        read_all(request.user)
        say(request, "All is read.")
    return HttpResponseRedirect("/notifications")
