"""Begin a chat, find the visitor behind a token, and take over what their page says about them."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from towerdesk.channels.account import account_of
from towerdesk.channels.chat.identity import check_claim
from towerdesk.channels.models import Inbox
from towerdesk.chats.models import Visitor
from towerdesk.chats.ways import ways_of
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line, plain_address, storable
from towerdesk.tickets.models import Ticket

MOST_DATA = 20  # names of the host's own data
LONGEST = 300  # characters of a value


def begin(inbox: Inbox, said: Mapping[str, Any]) -> tuple[Visitor, str]:
    """The visitor, and the token that is told to their browser only once. Raises `Invalid` without what the inbox asks for."""
    token = secrets.token_urlsafe(32)
    visitor = Visitor(inbox=inbox, key=secrets.token_hex(12), token=_digest(token), created_at=now(), seen_at=now())
    _take_over(visitor, said)
    if ways_of(inbox).ask == "must" and not (visitor.name and visitor.mail):
        raise Invalid("Please say your name and mail address first.", {"mail": "This is needed."})
    visitor.save(force_insert=True)
    return visitor, token


def visitor_of(inbox: Inbox, token: str) -> Visitor | None:
    """None for a token that this inbox did not give out."""
    if not 20 <= len(token) <= 100:
        return None
    return Visitor.objects.select_related("ticket").filter(inbox=inbox, token=_digest(token)).first()


def visitor_at(ticket: Ticket) -> Visitor | None:
    """Who chats on this ticket, or did last."""
    return Visitor.objects.filter(ticket=ticket).order_by("-seen_at").first()


def say_who(visitor: Visitor, said: Mapping[str, Any]) -> None:
    """The page says again who it is for and where it is: kept when it differs."""
    before = {name: getattr(visitor, name) for name in TAKEN}
    _take_over(visitor, said)
    changed = [name for name in TAKEN if getattr(visitor, name) != before[name]]
    if changed:
        visitor.save(update_fields=changed)


TAKEN = ("name", "mail", "user", "vouched", "trouble", "page", "data", "language")


def _take_over(visitor: Visitor, said: Mapping[str, Any]) -> None:
    """A vouched visitor stays vouched until the site says another identity: what a page claims never outranks it."""
    if isinstance(said.get("identity"), Mapping):
        _believe_or_not(visitor, said["identity"])
    if not visitor.vouched:
        visitor.name = _word(said, "name", 120) or visitor.name
        visitor.mail = _mail(said) or visitor.mail
    page, data = said.get("page"), said.get("data")
    if isinstance(page, Mapping):
        visitor.page = {name: _word(page, name, LONGEST) for name in ("address", "title") if page.get(name)}
        visitor.page |= {"is_web": True} if visitor.page.get("address", "").startswith(("http://", "https://")) else {}
    if isinstance(data, Mapping):
        visitor.data = {
            one_line(storable(str(name)), 60): _word(data, name, LONGEST) for name in list(data)[:MOST_DATA]
        }
    visitor.language = _word(said, "language", 12) or visitor.language


def _believe_or_not(visitor: Visitor, said: Mapping[str, Any]) -> None:
    claim = check_claim(said, account_of(visitor.inbox).get("secret"))
    if claim.trouble:
        if not (visitor.vouched and visitor.user == claim.user):  # signed long ago is still the same person's page
            visitor.trouble, visitor.vouched, visitor.user = claim.trouble, False, ""
        return
    visitor.vouched, visitor.trouble, visitor.user = True, "", claim.user
    visitor.name, visitor.mail = claim.name or visitor.name, claim.mail


def _mail(said: Mapping[str, Any]) -> str:
    """An address to write to, never one of our own: that would be a loop."""
    mail = _word(said, "mail", 320).lower()
    local, _, domain = mail.rpartition("@")
    if not local or "." not in domain or " " in mail:
        return ""
    own = Inbox.objects.filter(address=plain_address(mail)).exists()
    return "" if own else mail


def _word(said: Mapping[str, Any], name: str, most: int) -> str:
    value = said.get(name, "")
    return one_line(storable(str(value)), most) if isinstance(value, (str, int, float)) else ""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
