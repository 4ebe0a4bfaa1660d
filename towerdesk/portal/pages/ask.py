"""Forms that customers fill in: choose one, write, and hear the number. Without scripts every step works as well."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from towerdesk.channels.webform.drawn import Drawn, draw, drawn_before
from towerdesk.channels.webform.network import network_of
from towerdesk.channels.webform.said import Said
from towerdesk.channels.webform.words import Words
from towerdesk.intake.hand_in import HandedIn, hand_in
from towerdesk.intake.suspect import NONE_ABOVE, SLACK, Signs, why_suspect
from towerdesk.intake.webform_rates import Rates, bits_for, rates
from towerdesk.portal.frame import framed
from towerdesk.portal.given import Given, look_at, read
from towerdesk.portal.sent import sent_token
from towerdesk.portal.uploads import Uploads, is_too_much, uploads
from towerdesk.tickets.asks import asks_of, rules_of
from towerdesk.tickets.form_lines import form_lines
from towerdesk.tickets.models import Form
from towerdesk.tickets.taxonomy.form_page import FormPage, inbox_of, page_of

TRAP = "company_fax"
"""A field that people don't see. What fills in forms by itself likes it."""


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The list of forms; the only one there is, at once."""
    public = [(form, page_of(form)) for form in Form.objects.filter(retired_at=None)]
    public = [(form, page) for form, page in public if page.public]
    if len(public) == 1:
        return HttpResponseRedirect(f"/help/ask/{public[0][0].key}")
    language = _language(request, [page.language for _, page in public])
    shown = [(form, page) for form, page in public if page.language == language]
    others = [(form, page) for form, page in public if page.language != language]
    return render(request, "portal/ask_choose.html", _around(language, forms=shown, others=others))


@csrf_exempt  # a signed page stands in for it: there is no session whose rights could be abused, and none in a frame
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, key: str) -> HttpResponse:
    form = Form.objects.select_related("intent", "team").filter(key=key).first()
    if form is None or not is_open(form, request):
        return _closed(request, form)
    page = page_of(form)
    if request.method != "POST":
        return _page(request, form, page)
    if is_too_much(request, page):
        sentence = Words(page.language).say("bad_big", megabytes=page.files * page.megabytes)
        return _page(request, form, page, Given(sentence=sentence), read_post=False, status=413)
    return _take(request, form, page)


def is_open(form: Form, request: HttpRequest) -> bool:
    """To everybody when it is public; before that, to those who work here and try it out."""
    return form.retired_at is None and (page_of(form).public or request.user.is_authenticated)


def network(request: HttpRequest) -> str:
    """Behind a proxy of ours the last address that it names; what stands before that anybody can claim."""
    address = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2]
    return network_of(address)


def _take(request: HttpRequest, form: Form, page: FormPage) -> HttpResponse:
    words, asks = Words(page.language), asks_of(form)
    given, files = read(request.POST, asks), Uploads()
    look_at(given, asks, words)
    came_from = network(request)
    lately = rates(came_from, given.email)
    if lately.network >= NONE_ABOVE:
        given.sentence = words["bad_often"]
        return _page(request, form, page, given, status=429)
    signs = Signs(drawn_before(_posted(request, "page"), form.key), _posted(request, "proof"), _posted(request, TRAP))
    if signs.drawn:
        files = uploads(request, page, words, came_from)
        given.sentence = given.sentence or files.wrong
        given.wrong |= {"files": files.wrong} if files.wrong else {}
    if given.sentence:
        return _page(request, form, page, given, files, status=422)
    handed = _hand_in(request, form, page, given, files, signs, lately)
    if handed is None:
        given.sentence = words["none"]
        return _page(request, form, page, given, files, status=503)
    embedded = "?embedded=1" if request.GET.get("embedded") else ""
    return framed(HttpResponseRedirect(f"/help/ask/{form.key}/sent/{sent_token(handed.raw)}{embedded}"), page)


def _hand_in(
    request: HttpRequest, form: Form, page: FormPage, given: Given, files: Uploads, signs: Signs, lately: Rates
) -> HandedIn | None:
    """None when the desk has no inbox that an answer could leave from."""
    inbox, came_from = inbox_of(page), network(request)
    if inbox is None:
        return None
    said = Said(
        form=form.key,
        form_name=form.name,
        key=signs.drawn.key if signs.drawn else draw(form.key, 0).key,
        email=given.email,
        name=given.name,
        subject=given.subject,
        text=given.text,
        answers=given.answers,
        files=files.files,
        page=given.page,
        language=page.language,
    )
    suspect = why_suspect(signs, lately, came_from, given.email)
    return hand_in(said, inbox, network=came_from, suspect=suspect, proven=signs.is_proven(lately))


def _page(
    request: HttpRequest,
    form: Form,
    page: FormPage,
    given: Given | None = None,
    files: Uploads | None = None,
    *,
    read_post: bool = True,
    status: int = 200,
) -> HttpResponse:
    given = given or Given()
    asks, words = asks_of(form, given.answers), Words(page.language)
    context = _around(page.language, form=form, page=page, rules=rules_of(asks), given=given, trap=TRAP)
    before = drawn_before(_posted(request, "page"), form.key) if read_post and request.method == "POST" else None
    context |= {
        "asks": form_lines(asks, words, given.answers, given.wrong),
        "files_help": words.say("files_help", most=page.files, megabytes=page.megabytes),
        "drawn": before or _drawn(request, form),
        "kept": files.signed if files else [],
        "embedded": bool(request.GET.get("embedded")),
        "theme": _theme(request),
        "unseen": not page.public,
    }
    return framed(render(request, "portal/ask.html", context, status=status), page)


def _drawn(request: HttpRequest, form: Form) -> Drawn:
    return draw(form.key, bits_for(rates(network(request)).highest) + SLACK)


def _closed(request: HttpRequest, form: Form | None) -> HttpResponse:
    language = page_of(form).language if form else "en"
    public = [one for one in Form.objects.filter(retired_at=None) if page_of(one).public]
    forms = [(one, page_of(one)) for one in public]
    context = _around(language, forms=forms, others=[], closed=True)
    return render(request, "portal/ask_choose.html", context, status=404)


def _around(language: str, **more: Any) -> dict[str, Any]:
    return {"w": Words(language), "lang": language, "name": settings.DESK_NAME, "writes": True, "writing": True, **more}


def _posted(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, "")) if request.method == "POST" else ""


def _theme(request: HttpRequest) -> str:
    wanted = request.GET.get("theme") or request.COOKIES.get("theme", "")
    return wanted if wanted in ("light", "dark") else ""


def _language(request: HttpRequest, spoken: list[str]) -> str:
    """The one that was asked for, else the browser's first that there is a form in, else that of the first form."""
    wanted = [request.GET.get("lang", "")]
    wanted += [
        part.partition(";")[0].strip()[:2] for part in request.headers.get("Accept-Language", "").lower().split(",")
    ]
    return next((one for one in wanted if one in spoken), spoken[0] if spoken else "en")
