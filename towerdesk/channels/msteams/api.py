"""Calls of the connector that brings activities to Teams, of Graph, and what their errors mean."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from towerdesk.channels import calling
from towerdesk.channels.contract import Account, FateUnknown, NotFetched, NotSent
from towerdesk.channels.msteams import places, tokens
from towerdesk.lib.ask import Said

WHO = "Microsoft Teams"
MOST = 20 * 2**20  # bytes of a file that somebody shares
PAGES = 20  # of a thread, with 50 answers each
KNOWN_FOR = 3600.0  # seconds for which a member is remembered
MOST_KNOWN = 5000  # members

REMOVED = "The app was removed from this conversation: add it there again, and send the reply anew."
SENTENCES = {
    "BotNotInConversationRoster": REMOVED,
    "ConversationBlockedByUser": "They have blocked the app: answer them another way.",
    "ConversationNotFound": "The conversation is gone.",
    "ActivityNotFoundInConversation": "The message is gone.",
    "MessageWritesBlocked": "Nobody may write in this conversation at present.",
    "MessageSizeTooBig": "It is too big for Microsoft Teams.",
    "BotDisabledByAdmin": "An administrator of Microsoft 365 has switched the app off: have it allowed again.",
    "BotNotRegistered": "No bot is registered for the app: make an Azure Bot for it, and enable Microsoft Teams there.",
}
TROUBLES = ("BotNotInConversationRoster", "BotDisabledByAdmin", "BotNotRegistered")
"""What somebody has to mend at Microsoft: said on the inbox, too. Of those the first is given up, it concerns one place."""

_known: dict[tuple[str, str, str], tuple[float, dict[str, Any]]] = {}


def ask(account: Account, url: str, *, method: str = "POST", json: Any = None) -> dict[str, Any]:
    """Of the connector. Raises `NotSent` or `FateUnknown`; a call that changes nothing has no other fate."""

    def call(*, anew: bool) -> Said:
        return _call(account, url, method, json, tokens.for_bot(account, anew=anew))

    return _taken(_with_fresh_token(call))


def asked(account: Account, url: str) -> dict[str, Any]:
    """What the connector is only read from. Raises `NotFetched`."""
    try:
        return ask(account, url, method="GET")
    except NotSent as error:
        raise NotFetched(str(error), later=error.later and not error.trouble) from error
    except FateUnknown as error:
        raise NotFetched(str(error), later=True) from error


def post(account: Account, way: str, conversation: str, activity: dict[str, Any]) -> str:
    """The id of the new activity."""
    told = ask(account, places.of_conversation(account, way, conversation, "activities"), json=activity)
    return str(told.get("id") or "")


def replace(account: Account, way: str, conversation: str, id_: str, activity: dict[str, Any]) -> None:
    url = places.of_conversation(account, way, conversation, f"activities/{quote(id_, safe='')}")
    ask(account, url, method="PUT", json=activity)


def open_chat(account: Account, who: str) -> str:
    """The conversation with one person alone; the same one each time. `who`: tenant and user, as `Incoming.sender` is."""
    tenant, _, user = who.partition(":")
    told = ask(
        account,
        f"{places.service(account, '')}/v3/conversations",
        json={
            "bot": {"id": f"28:{account.get('app')}"},
            "isGroup": False,
            "members": [{"id": user}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        },
    )
    return str(told.get("id") or "")


def member(account: Account, way: str, conversation: str, user: str) -> dict[str, Any]:
    """Raises `NotFetched`. Remembered for an hour: it is asked with every message."""
    key = (account.get("app"), conversation, user)
    at, found = _known.get(key, (0.0, {}))
    if time.monotonic() - at > KNOWN_FOR or not found:
        rest = f"members/{quote(user, safe='')}"
        found = asked(account, places.of_conversation(account, way, conversation, rest))
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = (time.monotonic(), found)
    return found


def group_of(account: Account, way: str, team: str) -> str:
    """What Graph calls the team. Raises `NotFetched`."""
    found = asked(account, f"{places.service(account, way)}/v3/teams/{quote(team, safe='')}")
    return str(found.get("aadGroupId") or "")


def thread(account: Account, tenant: str, group: str, channel: str, root: str) -> list[dict[str, Any]]:
    """The messages of a thread in a channel, oldest first. Raises `NotFetched`, not for later without consent."""
    base = (
        f"{places.graph(account)}/v1.0/teams/{quote(group)}/channels/{quote(channel, safe='')}/messages/{quote(root)}"
    )
    found = [_graph(account, tenant, base)]
    url = f"{base}/replies?$top=50"
    for _ in range(PAGES):
        told = _graph(account, tenant, url)
        found += [one for one in told.get("value") or [] if isinstance(one, dict)]
        url = str(told.get("@odata.nextLink") or "")
        if not places.is_graph(account, url):
            break
    return sorted(found, key=lambda one: (len(str(one.get("id"))), str(one.get("id"))))


def download(account: Account, url: str, tenant: str) -> Said:
    """A file or a picture. Raises `NotFetched`. Our tokens are shown to the connector and to Graph alone."""
    try:
        if places.is_graph(account, url):
            headers = _bearer(tokens.for_graph(account, tenant))
        elif places.is_connector(account, url) and "/v3/attachments/" in url:
            headers = _bearer(tokens.for_bot(account))
        elif places.is_file(account, url):
            headers = {}
        else:
            raise NotFetched("it does not lie at Microsoft", later=False)
    except NotSent as error:
        raise NotFetched(str(error), later=error.later and not error.trouble) from error
    return calling.fetch(WHO, url, account, most=MOST, headers=headers, moves=0 if headers else 2)


def _graph(account: Account, tenant: str, url: str) -> dict[str, Any]:
    def call(*, anew: bool) -> Said:
        return _call(account, url, "GET", None, tokens.for_graph(account, tenant, anew=anew))

    try:
        said = _with_fresh_token(call)
        if said.status in (401, 403, 404):
            raise NotFetched("the app may not read the messages of this channel", later=False)
        calling.judge("Microsoft Graph", said)
    except NotSent as error:
        raise NotFetched(str(error), later=error.later and not error.trouble) from error
    except FateUnknown as error:
        raise NotFetched(str(error), later=True) from error
    return said.json()


def _with_fresh_token(call: Callable[..., Said]) -> Said:
    """401 says that nothing was done: the token may have been revoked before its time, so another is tried, once."""
    said = call(anew=False)
    return call(anew=True) if said.status == 401 else said


def _call(account: Account, url: str, method: str, json: Any, token: str) -> Said:
    return calling.post(WHO, url, account, json=json, headers=_bearer(token), method=method)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _taken(said: Said) -> dict[str, Any]:
    """Of 5xx Microsoft asks to try again after 502, 503 and 504, and says nothing about 500."""
    told = said.json()
    error = told.get("error")
    code = str(error.get("code") or "")[:100] if isinstance(error, dict) else ""
    if code in SENTENCES and 400 <= said.status < 500:
        trouble = code in TROUBLES
        raise NotSent(SENTENCES[code], later=trouble and code != TROUBLES[0], trouble=trouble)
    if said.status == 412:
        raise NotSent(f"{WHO} asks for patience (412).", later=True, after=calling.retry_after(said))
    if said.status == 500:
        raise FateUnknown(f"{WHO} failed while it did this ({code or 500}).")
    calling.judge(WHO, said, code)
    return told
