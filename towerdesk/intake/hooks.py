"""The HTTP door: providers call /hooks/KEY of an inbox. It checks who calls and keeps what they bring; reading comes later."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from towerdesk.channels.account import account_of, door_of
from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Answer, Call, Door, Forged, Heard, Nameless, Piece, Unrecognised
from towerdesk.channels.models import Inbox
from towerdesk.channels.renew import renew
from towerdesk.intake.open_hours import with_hours
from towerdesk.intake.store import store_pieces
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Trouble
from towerdesk.lib.text import one_line

MOST_BYTES = 5 * 2**20
"""Of one call. Providers send far less: media come as links, and Meta's largest batches have 3 MB."""
MOST_OF_MAIL = 30 * 2**20  # a mail has its files with it: of 20 MB or so, in base64
SEEN_EVERY = timedelta(seconds=10)
"""How often the time of the last call is written down: calls at the same moment shall not wait for each other."""

log = structlog.get_logger()


@csrf_exempt
def hook(request: HttpRequest, key: str) -> HttpResponse:
    """200 says that everything is committed; 5xx asks the provider to come again; 404 is for keys that nobody gave out."""
    try:
        return _hook(request, key)
    except UnreadablePostError:
        return _said(400, "The call broke off.")
    except (DatabaseError, InterfaceError, Trouble) as error:
        log.warning("a provider's call can't be kept now", why=str(error))
        return _said(503, "This can't be kept now: please try again.", {"Retry-After": "30"})


def _hook(request: HttpRequest, key: str) -> HttpResponse:
    inbox = _inbox(key)
    door = door_of(inbox) if inbox else None
    if inbox is None or door is None:
        return _said(404, "There is nothing here.")
    if request.method not in ("GET", "POST"):
        return _said(405, "Use GET or POST.", {"Allow": "GET, POST"})
    most = MOST_OF_MAIL if inbox.channel == "email" else MOST_BYTES
    body = request.read(most + 1)
    if len(body) > most:
        return _said(413, f"At most {most} bytes.")
    call = _call(request, body)
    account, wrong = _checked(inbox, door, call)
    if wrong is not None:
        return _turned_away(inbox, wrong)
    heard = _heard(door, call, account)
    store_pieces(heard.pieces, inbox, door="hook")
    _was_seen(inbox)
    return _answered(heard.answer)


def _inbox(key: str) -> Inbox | None:
    found: list[Inbox] = _called_by(key=key)
    return found[0] if found else None


@compiled
def _called_by(*, key: str) -> "QuerySet[Inbox]":
    return Inbox.objects.filter(hook=key).order_by("pk")[:1]


def _call(request: HttpRequest, body: bytes) -> Call:
    headers = {name.lower(): value for name, value in request.headers.items()}
    url = settings.PUBLIC_URL + request.get_full_path()
    return Call(request.method or "", url, request.GET.dict(), headers, body)


def _checked(inbox: Inbox, door: Door, call: Call) -> tuple[Account, Forged | None]:
    """The account that the call was checked with, and why it is not the provider's."""
    account = with_hours(account_of(inbox), door)
    wrong = _why_forged(door, call, account)
    if isinstance(wrong, Unrecognised) and renew(inbox):
        account = with_hours(account_of(inbox), door)
        wrong = _why_forged(door, call, account)
    return account, wrong


def _why_forged(door: Door, call: Call, account: Account) -> Forged | None:
    try:
        door.check(call, account)
    except Forged as forged:
        return forged
    except Exception as error:
        log.exception("a check of a signature failed in a way that the channel does not explain", provider=door.title)
        return Forged(f"the check failed ({type(error).__name__})")
    return None


def _heard(door: Door, call: Call, account: Account) -> Heard:
    try:
        return door.hear(call, account)
    except Exception:
        log.exception("a call is kept as one piece, since its channel could not take it apart", provider=door.title)
        return Heard([Piece(call.body)])


def _turned_away(inbox: Inbox, wrong: Forged) -> HttpResponse:
    """Counted and shown on the inbox; what it brought is not kept: anybody could fill the desk with it."""
    if isinstance(wrong, Nameless):
        return _said(401, "Who calls?", {"WWW-Authenticate": 'Basic realm="Towerdesk"'})
    why = str(wrong) or "not signed by the provider"
    counted = {"forged": F("forged") + 1, "forged_at": now(), "forged_why": one_line(why, 200)}
    Inbox.objects.filter(pk=inbox.pk).update(**counted)
    log.warning("a call was turned away", inbox=inbox.pk, why=why)
    return _said(401, "This call is not signed as it should be.")


def _was_seen(inbox: Inbox) -> None:
    long_ago = Q(last_seen_at=None) | Q(last_seen_at__lt=now() - SEEN_EVERY)
    Inbox.objects.filter(long_ago, pk=inbox.pk).update(last_seen_at=now())


def _answered(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.body, status=answer.status, content_type=answer.type)


def _said(status: int, words: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8", headers=headers)
