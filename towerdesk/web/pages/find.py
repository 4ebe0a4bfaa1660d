"""Find or do: one field that answers with actions, tickets, articles and places while one types."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from towerdesk.accounts.models import Team, User
from towerdesk.knowledge.models import Article
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.search import search
from towerdesk.web.context import PLACES
from towerdesk.web.request import DeskRequest
from towerdesk.web.strips import strip_from

MOST_TAKERS = 6
MOST_TICKETS = 7
DOES = (("resolve", "Resolve"), ("take", "Take"), ("reopen", "Open again"), ("watch", "Watch or no longer watch"))
ASKS = (
    ("snooze", "clock", "Snooze", "snooze"),
    ("split", "merge", "Split messages off", "split"),
    ("link", "merge", "Link", "link"),
    ("hand", "out", "Hand off", "handoff"),
    ("ask", "stamp", "Ask for a decision on", "approvals"),
)
"""What needs to be asked about first: the word, its icon, its name and its page."""


@dataclass(frozen=True, slots=True)
class Answer:
    """With `to`, a button that does it; else a link. `does` says in a sentence what will happen."""

    icon: str
    words: str
    link: str
    aside: str = ""
    to: str | None = None
    does: str = ""
    call: str = ""


@require_safe
def find(request: DeskRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:200]
    on = request.GET.get("on", "")
    groups = [("Do", list(_actions(request, asked, on))), ("Find", list(_tickets(request, asked)))]
    groups += [("Articles", list(_articles(request, asked))), ("Go to", list(_places(request, asked)))]
    context = {"groups": [group for group in groups if group[1]], "asked": asked}
    return render(request, "web/find/answers.html" if request.htmx else "web/find/page.html", context)


def _actions(request: DeskRequest, asked: str, on: str) -> Iterator[Answer]:
    """`give 4827 to ines`, `resolve 4827`; on a ticket's page its number may be left out."""
    verb, _, rest = asked.lower().partition(" ")
    words = [word for word in rest.split() if word != "to"]
    number = words.pop(0).lstrip("#") if words and words[0].lstrip("#").isdecimal() else on
    if not verb or not number.isdecimal():
        return
    ticket = Ticket.objects.visible_to(request.actor).filter(pk=int(number)).first()
    if ticket is None:
        return
    if "give".startswith(verb) and request.actor.can("ticket.assign"):
        yield from _gifts(request, ticket.pk, " ".join(words))
    for action, name in DOES:
        if action.startswith(verb) and len(verb) > 1:
            yield Answer("check", f"{name} {ticket.pk}", f"/tickets/{ticket.pk}/{action}", ticket.subject, to="")
    for word, icon, name, place in ASKS:
        if word.startswith(verb) and len(verb) > 1:
            yield Answer(icon, f"{name} {ticket.pk}", f"/tickets/{ticket.pk}/{place}", ticket.subject)


def _gifts(request: DeskRequest, number: int, name: str) -> Iterator[Answer]:
    link, who = f"/tickets/{number}/give", request.actor.name
    people = User.objects.filter(is_active=True).exclude(role="viewer")
    for person in _called(people, name):
        does = f"{who} gives {number} to {person.first_name}. Inside only: the customer sees nothing."
        yield Answer("person", f"Give {number} to {person.name}", link, to=f"user:{person.pk}", does=does)
    for team in _called(Team.objects.all(), name):
        does = f"{number} goes to team {team}. Inside only: the customer sees nothing."
        yield Answer("list", f"Give {number} to team {team}", link, to=f"team:{team.pk}", does=does)


def _called[T: (User, Team)](found: Iterable[T], name: str) -> list[T]:
    """Those of whose names a word begins so."""
    begun = [one for one in found if any(word.startswith(name) for word in one.name.lower().split())]
    return begun[:MOST_TAKERS]


def _tickets(request: DeskRequest, asked: str) -> Iterator[Answer]:
    if not asked:
        return
    try:
        hits = search(asked, request.actor, limit=MOST_TICKETS).items
    except Invalid:
        return
    at = now()
    for hit in hits:
        strip = strip_from(hit.ticket, request.actor, at)
        link = f"/tickets/{strip.number}" + (f"#m{hit.message_id}" if hit.message_id else "")
        yield Answer(strip.icon, strip.subject, link, strip.due, call=str(strip.number))


def _articles(request: DeskRequest, asked: str) -> Iterator[Answer]:
    if len(asked) < 3:
        return
    for article in Article.objects.visible_to(request.actor).filter(title__icontains=asked)[:3]:
        yield Answer("book", article.title, f"/articles/{article.pk}", article.status)


def _places(request: DeskRequest, asked: str) -> Iterator[Answer]:
    for place in PLACES:
        if request.actor.can(place.needs) and asked.lower() in place.name.lower():
            yield Answer(place.icon, place.name, place.path)
    if asked:
        yield Answer("search", f"All tickets with “{asked}”", f"/tickets?q={asked}")
