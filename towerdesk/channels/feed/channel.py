"""A feed as a channel: it is asked now and then, and each entry is a ticket; who may answer there, answers there."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from towerdesk.channels import calling, in_public
from towerdesk.channels.contract import Account, Incoming, Lately, NotFetched, NotSent, Outgoing, Sent, Terms
from towerdesk.channels.doors import Call, Field, Forged, Heard, Step
from towerdesk.channels.feed.listed import USUAL, entries, said_in
from towerdesk.channels.feed.moments import moment
from towerdesk.channels.feed.said import BEST, incoming
from towerdesk.channels.listing import Beginning, Listed, Mark
from towerdesk.lib.errors import Invalid, Unavailable
from towerdesk.lib.text import split_url

WHO = "The server of the feed"
MOST_BYTES = 5 * 2**20
MOVES = 3
USUALLY = 15
"""Minutes."""
ANSWER = "a public answer"
NO_ADDRESS = "The address of the feed is missing: connect the inbox under Settings → Inboxes."
BY_HAND = "The desk can't write there: answer at the place itself, then resolve this."
PLAIN = {
    "list": "the list",
    "id": "the entry’s id",
    "text": "the words",
    "title": "the title",
    "author": "the writer’s name",
    "author_id": "the writer’s id",
    "rating": "the rating",
    "link": "the link to it",
    "date": "the date",
    "changed": "the date of its last change",
}
NUMBERS = "A date such as 2026-11-01, or a number: so many of the newest. Empty: only what comes from now on."


class FeedChannel:
    name = "feed"
    identity = "feed"
    title = "a feed of comments or reviews"
    fields: Sequence[Field] = (
        Field("address", "Address", "Of an RSS or Atom feed, or of JSON."),
        Field("first", "Begin with", NUMBERS, needed=False),
        Field("every", "Minutes between looks", f"Empty: {USUALLY}.", needed=False),
        Field("best", "Best rating", "The highest that can be given. Empty: 5.", needed=False),
        *(
            Field(name, f"JSON: path of {PLAIN[name]}", f"Empty: {usual}", needed=False)
            for name, usual in USUAL.items()
        ),
        Field("header", "Header", "Sent along, such as Authorization: Bearer …", secret=True, needed=False),
        Field(
            "reply", "Where answers are posted to", "https://…/{id}/replies; empty: people answer there.", needed=False
        ),
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("Find the address of the feed: of a shop's reviews, a blog's comments, a forum, a map's entry."),
            Step("Of JSON, say where things stand in it: data.reviews is the list reviews within data, 0 its first."),
            Step("Choose what to begin with, and connect: the desk reads the list once and says what it finds."),
            Step("Whoever answers follows the link on the ticket. If the place has an address for answers, enter it."),
        )

    def introduce(self, account: Account) -> str:
        _reply_address(account, "id")
        _must_make_sense(account)
        try:
            found = self.list(account, Mark()).entries
        except NotFetched as error:
            told = str(error)
            raise (Unavailable if error.later else Invalid)(f"{told[0].upper()}{told[1:]}.") from None
        if not found:
            return "Connected: there is no entry yet."
        newest = self.read(found[0].pieces[0].content, {"account": account.values}, ())
        first = next((line for line in (newest.subject, *newest.visible.splitlines()) if line.strip()), "…")
        return f"Connected: {len(found)} entries, the first is “{first[:80]}” by {newest.sender_name}."

    def check(self, call: Call, account: Account) -> None:
        raise Forged("a feed is asked, and nobody calls")

    def hear(self, call: Call, account: Account) -> Heard:
        return Heard()

    def list(self, account: Account, mark: Mark) -> Listed:
        asks = {"If-None-Match": mark.etag, "If-Modified-Since": mark.modified}
        headers = {name: value for name, value in asks.items() if value} | _header(account)
        url = _address(account)
        said = calling.get(WHO, url, account, most=MOST_BYTES, headers=headers, moves=MOVES)
        if said.status == 304:
            return Listed(mark=mark, unchanged=True)
        if not 200 <= said.status < 300:
            busy = said.status in calling.TOO_BUSY or said.status >= 500
            wait = calling.retry_after(said) if busy else 0.0
            raise NotFetched(f"{WHO} does not give it ({said.status})", later=busy, after=wait)
        now_ = Mark(said.headers.get("etag", ""), said.headers.get("last-modified", ""))
        return Listed(entries(said.body, account.values), now_)

    def source(self, account: Account) -> str:
        return "\n".join([account.get("address"), account.get("list"), account.get("id")])

    def every(self, account: Account) -> timedelta:
        given = account.get("every").strip()
        return timedelta(minutes=min(max(int(given), 1), 1440) if given.isdecimal() else USUALLY)

    def beginning(self, account: Account) -> Beginning:
        given = account.get("first").strip()
        if given.isdecimal() and len(given) <= 4:
            return Beginning(newest=int(given))
        return Beginning(since=moment(given)) if given else Beginning()

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        account = envelope.get("account") or {}
        try:
            said = said_in(content, account)
            host = split_url(str(account.get("address") or "")).hostname or "feed"
            return incoming(said, host=host, best=_best(account), edit=bool(envelope.get("edit")))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
            return Incoming(identity="feed", happening="unknown", said=f"It is no entry ({type(error).__name__}).")

    def ready(self, account: Account | None = None) -> str:
        return "" if account and account.get("address") else NO_ADDRESS

    def id_of(self, message: int, inbox: str) -> str:
        return ""

    def terms(self, lately: Lately, account: Account) -> Terms:
        if account.get("reply") and lately.conversation:
            return in_public.terms(lately, ANSWER)
        return Terms(BY_HAND, closed=True, link=lately.link)

    def refuses(self, text: str, lately: Lately, account: Account) -> str:
        terms = self.terms(lately, account)
        return terms.sentence if terms.closed else ""

    def send(self, outgoing: Outgoing) -> Sent:
        """POST with the id of the entry and the words, by the same header as the feed."""
        account = outgoing.account
        if account is None:
            raise NotSent(NO_ADDRESS, later=True)
        against = self.refuses(outgoing.text, outgoing.lately, account) or in_public.against(outgoing, ANSWER)
        if against:
            raise NotSent(against, later=False)
        try:
            url = _reply_address(account, outgoing.answers)
        except Invalid as error:
            raise NotSent(str(error), later=False) from None
        told = {"id": outgoing.answers, "text": outgoing.text}
        said = calling.post(WHO, url, account, json=told, headers=_header(account))
        calling.judge(WHO, said, refused=(401, 403))
        id_ = said.json().get("id")
        return Sent(f"{said.status}", id=f"reply:{id_}" if isinstance(id_, str | int) else "")


def _must_make_sense(account: Account) -> None:
    first, numbers = account.get("first").strip(), [account.get(name).strip() for name in ("every", "best")]
    if first and not first.isdecimal() and moment(first) is None:
        raise Invalid("Begin with a date such as 2026-11-01, or with a number.")
    if any(number and not number.isdecimal() for number in numbers):
        raise Invalid("Minutes and the best rating are whole numbers.")


def _address(account: Account) -> str:
    address = account.get("address").strip()
    if split_url(address).scheme not in ("http", "https"):
        raise NotFetched("the address does not begin with https://", later=False)
    return address


def _reply_address(account: Account, entry: str) -> str:
    """The entry's id is a stranger's word: it may fill a part of the path, and nothing that says where to go."""
    template = account.get("reply").strip()
    parts = split_url(template)
    if template and (parts.scheme not in ("http", "https") or "{" in parts.netloc):
        raise Invalid("Answers are posted to an address that begins with https:// and a host; {id} stands behind that.")
    return template.replace("{id}", quote(entry, safe=""))


def _header(account: Account) -> dict[str, str]:
    name, colon, value = account.get("header").partition(":")
    return {name.strip(): value.strip()} if colon and name.strip() else {}


def _best(account: dict[str, Any]) -> float:
    try:
        return float(account.get("best") or BEST) or BEST
    except ValueError:
        return BEST
