"""Around a form: articles while somebody types, the thank-you page, and the script that puts a form on another site."""

from datetime import timedelta

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from towerdesk.channels.webform.drawn import drawn_before
from towerdesk.channels.webform.words import Words
from towerdesk.events.record import record
from towerdesk.intake.by_form import ticket_with
from towerdesk.knowledge.models import Article
from towerdesk.knowledge.show import html_of, minutes
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.portal.answers import answers_for
from towerdesk.portal.frame import framed
from towerdesk.portal.pages.ask import is_open
from towerdesk.portal.sent import sent_raw
from towerdesk.portal.visitor import COOKIE, visitor_of
from towerdesk.tickets.models import Confirmation, Form, Ticket
from towerdesk.tickets.person_link import person_token
from towerdesk.tickets.taxonomy.form_page import page_of

TELLS_ADDRESS = timedelta(hours=1)
"""So long the thank-you page shows the address; whoever comes by the link later sees the number only."""


@require_safe
def answers(request: HttpRequest, key: str) -> HttpResponse:
    """A part of the page; empty when nothing fits."""
    form = _form(request, key)
    page = page_of(form)
    found = answers_for(request.GET.get("q", "")[:300], page.language) if page.answers else []
    cards = [_card(article, page.language) for article in found]
    context = {"cards": cards, "w": Words(page.language), "lang": page.language}
    return framed(render(request, "portal/ask_answers.html", context), page)


@csrf_exempt  # the signed page says that somebody has the form before them; nothing but a count can come of it
@require_POST
def answered(request: HttpRequest, key: str) -> HttpResponse:
    """ "This answered my question": counted as the article's own question is, once a visitor and day."""
    page, drawn = page_of(_form(request, key)), drawn_before(request.POST.get("page", ""), key)
    slug = request.POST.get("slug", "")
    article = Article.objects.visible_to(None).filter(slug=slug).first()
    if drawn is None or article is None:
        raise Invalid("This page is too old: open it again.")
    visitor = visitor_of(request) if COOKIE in request.COOKIES else drawn.key
    nobody = Actor("customer", None, "A visitor")
    with transaction.atomic():
        record("article.judged", by=nobody, subject=article.pk, visitor=visitor, helped=True)
    return framed(HttpResponse(status=204), page)


@require_safe
def sent(request: HttpRequest, key: str, token: str) -> HttpResponse:
    raw = sent_raw(token)
    form = Form.objects.filter(key=key).first()
    if raw is None or form is None:
        raise Http404("no such form")
    page = page_of(form)
    ticket = raw.ticket_id or ticket_with(raw)
    found = Ticket.objects.filter(pk=ticket).first() if ticket else None
    words = Words(page.language)
    address = str(raw.envelope.get("from", "")) if now() - raw.arrived_at < TELLS_ADDRESS else ""
    confirmed = ticket is not None and Confirmation.objects.filter(ticket=ticket).exclude(outcome="unsent").exists()
    context = {
        "w": words,
        "lang": page.language,
        "name": settings.DESK_NAME,
        "form": form,
        "page": page,
        "writes": True,
        "number": words.say("number", number=ticket) if ticket else words["no_number"],
        "next": words.say("next" if confirmed else "next_quiet", email=address) if address else "",
        "person": person_token(found) if found else "",
        "embedded": bool(request.GET.get("embedded")),
    }
    return framed(render(request, "portal/ask_sent.html", context), page)


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """One address for good, whatever the file itself is called in this version."""
    response = HttpResponseRedirect(staticfiles_storage.url("web/js/embed.js"))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _form(request: HttpRequest, key: str) -> Form:
    form = Form.objects.filter(key=key).first()
    if form is None or not is_open(form, request):
        raise Http404("no such form")
    return form


def _card(article: Article, language: str) -> dict[str, str]:
    text = article.current.text if article.current else ""
    body = mark_safe(html_of(text))  # noqa: S308 - made safe by html_of
    return {
        "slug": article.slug,
        "title": article.title,
        "body": body,
        "minutes": Words(language).say("minutes", n=minutes(text)),
    }
