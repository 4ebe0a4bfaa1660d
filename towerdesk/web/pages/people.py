"""The people who write to us: found by name, address or number; one page for each; joined and taken apart by who may."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.lib.pages import Page
from towerdesk.lib.text import as_number
from towerdesk.people.change_person import change_person
from towerdesk.people.models import Person
from towerdesk.people.standing import standing_person
from towerdesk.tickets.join import join
from towerdesk.tickets.part import part
from towerdesk.web.person_page import listed, person_page, side
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say
from towerdesk.web.words import count_words

DEEPEST = ("merged_into__merged_into__merged_into", "organisation")


def people(request: DeskRequest) -> HttpResponse:
    """With `with`, whoever is chosen is looked at for joining with that person."""
    request.actor.must("person.read")
    words, after = request.GET.get("q", "").replace("\0", "").strip()[:200], request.GET.get("after") or None
    number = as_number(request.GET.get("with", ""))
    other = _found(number) if number else None
    trouble: Invalid | None = None
    page: Page[Person] = Page([])
    try:
        page = listed(request.actor, words, after)
    except Invalid as invalid:
        trouble = invalid
    kept = {name: value for name, value in (("q", words), ("with", str(number) if other else "")) if value}
    context = {
        "people": [one for one in page.items if one != other],
        "asked": words,
        "other": other,
        "first": not after,
        "beginning": f"?{urlencode(kept)}",
        "next": f"?{urlencode(kept | {'after': page.next})}" if page.next else "",
        "trouble": trouble,
    }
    return render(request, "web/people/list.html", context, status=trouble.status if trouble else 200)


def person(request: DeskRequest, number: int) -> HttpResponse:
    """Whoever is a part of somebody else is found there: old links keep working."""
    request.actor.must("person.read")
    found = _found(number)
    stands = standing_person(found)
    if stands != found:
        say(request, f"{found} is a part of {stands}.")
        return HttpResponseRedirect(f"/people/{stands.pk}")
    context = person_page(found, request.actor, request.GET.get("after") or None)
    return render(request, "web/people/page.html", context | {"first": not request.GET.get("after")})


def either(request: DeskRequest, number: int) -> HttpResponse:
    return _join(request, number) if request.method == "POST" else joining(request, number)


def joining(request: DeskRequest, number: int) -> HttpResponse:
    """What a join would do, before it is done. Who is named in `with` goes, who is on the path stays."""
    request.actor.must("person.merge")
    stays, goes = standing_person(_found(number)), standing_person(_named(request.GET.get("with", "")))
    if stays == goes:
        raise Invalid(f"{goes} and {stays} are one person already.")
    context = {
        "stays": side(stays, request.actor),
        "goes": side(goes, request.actor),
        "why": request.GET.get("why", "")[:300],
    }
    return render(request, "web/people/join.html", context)


def _join(request: DeskRequest, number: int) -> HttpResponse:
    stays, goes = _found(number), _named(request.POST.get("with", ""))
    joined = join(goes, stays, by=request.actor, why=request.POST.get("why", ""))
    moved = count_words(len(joined.moved["tickets"]), "ticket")
    say(request, f"{goes} is a part of {joined.into} now, with {moved}.", undo=f"/people/{goes.pk}/part")
    return HttpResponseRedirect(f"/people/{joined.into_id}")


@require_POST
def take_apart(request: DeskRequest, number: int) -> HttpResponse:
    found = _found(number)
    at = part(found, by=request.actor)
    say(request, f"{found} was taken out of {at} again. What came in since stays with {at}.")
    return HttpResponseRedirect(f"/people/{found.pk}")


@require_POST
def change(request: DeskRequest, number: int) -> HttpResponse:
    change_person(_found(number), by=request.actor, name=request.POST.get("name"), note=request.POST.get("note"))
    return HttpResponseRedirect(f"/people/{number}")


def _named(number: str) -> Person:
    if not as_number(number):
        raise Invalid("Choose whom to join: look for them by name, address or number.")
    return _found(as_number(number))


def _found(number: int) -> Person:
    found = Person.objects.select_related(*DEEPEST).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotFound(f"There is no person {number}.")
    return found
