"""Who may call: which site, how often, and with whose token. Everything else is turned away with a sentence."""

import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from towerdesk.channels.models import Inbox
from towerdesk.chats.models import Visitor
from towerdesk.chats.visitors import visitor_of
from towerdesk.chats.ways import Ways, ways_of
from towerdesk.lib.errors import Invalid, NotFound, Refused, Trouble
from towerdesk.lib.limits import Limit

MOST_BODY = 64 * 1024
MOST_PER_VISITOR = 90  # calls within a minute, everything counted

networks, visitors = Limit(60), Limit(60)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a widget. `visitor` is None for what needs no token."""

    request: HttpRequest
    inbox: Inbox
    ways: Ways
    visitor: Visitor | None = None

    @property
    def mine(self) -> Visitor:
        """Raises `Refused` for whoever has not begun a chat here."""
        if self.visitor is None:
            raise Refused("This chat is not known here any more: begin a new one.")
        return self.visitor

    def said(self) -> dict[str, Any]:
        """The JSON of the body. Raises `Invalid`."""
        body = self.request.body
        try:
            said = json.loads(body) if len(body) <= MOST_BODY and body else {}
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise Invalid("This is no JSON object.")
        return said


class TooOften(Trouble):
    status = 429
    title = "Too often"

    def __init__(self, seconds: float) -> None:
        super().__init__("That was very much at once: please wait a moment.")
        self.seconds = seconds


type Answers = Callable[[Call], Mapping[str, Any] | None]


def answers(does: Answers, method: str = "POST") -> Callable[[HttpRequest, str], HttpResponse]:
    """JSON out; a refusal is a sentence with its status. Sites that may not show this chat can't read the answer."""

    @csrf_exempt  # the token in a header is the right to speak; there is no session whose rights could be abused
    @wraps(does)
    def view(request: HttpRequest, key: str) -> HttpResponse:
        try:
            inbox, ways = find(key)
            headers = cors(ways, request.headers.get("Origin", ""))
        except Trouble as trouble:
            return _refused(trouble)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=headers)
        if request.method != method:
            return HttpResponse(status=405, headers={"Allow": f"{method}, OPTIONS", **headers})
        try:
            said = does(_admit(request, inbox, ways))
        except Trouble as trouble:
            return _refused(trouble, headers)
        return JsonResponse(said or {}, headers={**headers, "Cache-Control": "no-store"})

    return view


def find(key: str) -> tuple[Inbox, Ways]:
    inbox = Inbox.objects.filter(hook=key, channel="chat").first()
    if inbox is None:
        raise NotFound("There is no such chat.")
    return inbox, ways_of(inbox)


def cors(ways: Ways, origin: str) -> dict[str, str]:
    """Raises `Refused` for a site that is not on the inbox's list."""
    if not ways.allows(origin.lower(), settings.PUBLIC_URL.lower()):
        raise Refused(f"The chat is not shown on {origin}: add this site on the chat's page in the settings.")
    headers = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Expose-Headers": "retry-after",
        "Access-Control-Max-Age": "7200",
    }
    return {"Vary": "Origin", **(headers if origin else {})}


def token_in(authorization: str) -> str:
    kind, _, token = authorization.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def network_of(address: str) -> str:
    """A provider's customer has one IPv4 address, but a whole /64 of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    prefix = 32 if ip.version == 4 else 64
    return str(ipaddress.ip_network(f"{ip}/{prefix}", strict=False))


def must_not_hurry(inbox: Inbox, ways: Ways, address: str, visitor: Visitor | None) -> None:
    """Raises `TooOften`."""
    pause = networks.allow(f"{inbox.pk} {network_of(address)}", ways.most_per_network)
    if visitor is not None:
        pause = pause or visitors.allow(visitor.key, MOST_PER_VISITOR)
    if pause:
        raise TooOften(pause)


def _admit(request: HttpRequest, inbox: Inbox, ways: Ways) -> Call:
    token = token_in(request.headers.get("Authorization", ""))
    visitor = visitor_of(inbox, token) if token else None
    must_not_hurry(inbox, ways, request.META.get("REMOTE_ADDR", ""), visitor)
    return Call(request, inbox, ways, visitor)


def _refused(trouble: Trouble, headers: Mapping[str, str] | None = None) -> HttpResponse:
    said: dict[str, Any] = {"trouble": str(trouble)}
    said |= {"fields": trouble.fields} if isinstance(trouble, Invalid) else {}
    more = {"Retry-After": str(int(trouble.seconds) + 1)} if isinstance(trouble, TooOften) else {}
    return JsonResponse(said, status=trouble.status, headers={**(headers or {}), **more})
