"""An approver's link. Opening it records nothing, since mail scanners open links too; pressing a button does."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from towerdesk.lib.errors import Invalid, Trouble
from towerdesk.tickets.approval_link import voice_of
from towerdesk.tickets.approve import answer_approval, delegate_approval
from towerdesk.tickets.models import Voice


@csrf_exempt  # the signed token is the right to answer; there is no session whose rights could be abused
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, token: str) -> HttpResponse:
    voice, trouble = voice_of(token), None
    if voice is None:
        raise Http404("no such question")
    if request.method == "POST":
        try:
            return _show(request, voice, done=_decide(request, voice))
        except Trouble as refused:
            trouble = refused
    return _show(request, voice, trouble=trouble)


def _decide(request: HttpRequest, voice: Voice) -> str:
    given, by = request.POST, voice.actor()
    if given.get("answer") in ("yes", "no"):
        answer_approval(voice, given["answer"] == "yes", given.get("note", ""), by=by)
        return given["answer"]
    if given.get("to", "").strip():
        return f"passed on to {delegate_approval(voice, given['to'], by=by).name}"
    raise Invalid("Choose yes or no, or say who decides instead of you.")


def _show(request: HttpRequest, voice: Voice, *, done: str = "", trouble: Trouble | None = None) -> HttpResponse:
    voice.approval.refresh_from_db()
    context = {"voice": voice, "approval": voice.approval, "ticket": voice.approval.ticket, "done": done}
    context |= {"trouble": trouble, "typed": request.POST, "name": settings.DESK_NAME}
    return render(request, "portal/approve.html", context, status=trouble.status if trouble else 200)
