"""Ask for a decision, and decide at the desk."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.accounts.models import User
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.tickets.approve import answer_approval, ask_approval, delegate_approval, withdraw_approval
from towerdesk.tickets.models import Approval, Ticket, Voice
from towerdesk.web.moments import moment
from towerdesk.web.pages.aside import aside
from towerdesk.web.pages.snooze import tomorrow
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def mine(request: DeskRequest) -> HttpResponse:
    """Everything that waits for the word of whoever is signed in."""
    seen = Ticket.objects.visible_to(request.actor)
    waiting = Voice.objects.filter(user=request.user, answer="", approval__outcome="waiting", approval__ticket__in=seen)
    context = {"voices": waiting.select_related("approval__ticket__requester").order_by("approval__deadline")}
    return render(request, "web/approvals/page.html", context)


def asking(request: DeskRequest, number: int) -> HttpResponse:
    ticket, trouble = find(number, request.actor), None
    if request.method == "POST":
        try:
            _ask(request, ticket)
            say(request, "They are asked. The ticket waits on others until they have decided.")
            return HttpResponseRedirect(f"/tickets/{ticket.pk}")
        except Trouble as refused:
            trouble = refused
    people = User.objects.filter(is_active=True).order_by("name").values_list("email", "name")
    shown = {"people": people, "typed": request.POST, "chosen": request.POST.getlist("who"), "first": tomorrow()}
    return aside(request, ticket, "approval", f"Ask for a decision on {ticket.number}", trouble, **shown)


def _ask(request: DeskRequest, ticket: Ticket) -> None:
    given = request.POST
    others = [word for word in given.get("others", "").replace(",", " ").split() if word]
    ask_approval(
        ticket,
        given.get("question", ""),
        [*given.getlist("who"), *others],
        need=given.get("need", "any"),
        deadline=moment(given.get("deadline", "")),
        by=request.actor,
    )


@require_POST
def deciding(request: DeskRequest, voice: int) -> HttpResponse:
    found = Voice.objects.select_related("approval__ticket", "user").filter(pk=voice, user=request.user).first()
    if found is None:
        raise NotFound("This is not asked of you, or no longer.")
    ticket = find(found.approval.ticket_id, request.actor)
    if request.POST.get("answer") in ("yes", "no"):
        answer_approval(found, request.POST["answer"] == "yes", request.POST.get("note", ""), by=request.actor)
        say(request, f"You said {request.POST['answer']}.")
    elif request.POST.get("to"):
        say(request, f"{delegate_approval(found, request.POST['to'], by=request.actor).name} decides instead.")
    else:
        raise Invalid("Choose yes or no, or say who decides instead of you.")
    return HttpResponseRedirect(f"/tickets/{ticket.pk}")


@require_POST
def taking_back(request: DeskRequest, number: int, approval: int) -> HttpResponse:
    found = Approval.objects.filter(ticket=find(number, request.actor), pk=approval).select_related("ticket").first()
    if found is None:
        raise NotFound("There is no such question on this ticket.")
    withdraw_approval(found, by=request.actor)
    say(request, "Nobody is asked any more.")
    return HttpResponseRedirect(f"/tickets/{number}")
