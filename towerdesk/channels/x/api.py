"""Calls of X's API for an account, each signed by OAuth 1.0a (RFC 5849) as oauthlib does it."""

import re
from typing import Any
from urllib.parse import urlsplit

from oauthlib.oauth1 import Client

from towerdesk.channels import calling
from towerdesk.channels.calling import Upload
from towerdesk.channels.contract import Account, FateUnknown, NotFetched, NotSent
from towerdesk.lib.ask import Said
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid, Unavailable

WHO = "X"
SERVER = "https://api.x.com"
MEDIA = re.compile(r"(.+\.)?(twimg\.com|twitter\.com|x\.com)")
CLOSED = re.compile(r"(.+\.)?(twitter|x)\.com")
"""Hosts of media; those of direct messages are closed, and opened by a signature, which goes to no other host."""
LIMITS = ("x-user-limit-24hour", "x-app-limit-24hour", "x-rate-limit")
ACCOUNT = {
    32: "X does not know the keys",
    64: "X has suspended the account",
    89: "the access token has expired",
    215: "X does not know the keys",
    326: "X has locked the account: sign in there",
}
FINAL = {
    136: "They have blocked the account",
    144: "What this answers is no longer there",
    150: "They take no direct messages from those whom they do not follow",
    187: "X has this very text already, and takes it once only",
    349: "They can't be written to by direct message",
    385: "What this answers is no longer there, or not for us to see",
    433: "Whoever wrote it lets only some people answer",
}


def direct(account: Account, to: str, values: dict[str, Any]) -> str:
    """The id of the message. Raises `NotSent` or `FateUnknown`."""
    return _post(account, f"/2/dm_conversations/with/{to}/messages", "dm_event_id", json=values)


def post(account: Account, text: str, under: str) -> str:
    """The id of the post, which answers the one with the id `under`. Raises `NotSent` or `FateUnknown`."""
    return _post(account, "/2/tweets", "id", json={"text": text, "reply": {"in_reply_to_tweet_id": under}})


def upload(account: Account, file: Upload) -> str:
    """The id of a picture for a direct message. Nobody has seen it yet, so that its fate is never in doubt."""
    form = {"media_category": "dm_gif" if file[2] == "image/gif" else "dm_image"}
    try:
        return _post(account, "/2/media/upload", "id", form=form, files=[("media", file)])
    except FateUnknown as error:
        raise NotSent(f"{WHO} did not take the file {file[0]} ({error})", later=True) from None


def listen(account: Account, webhook: str) -> None:
    """Have X tell the webhook with this id of what happens to the account. Twice is as good as once."""
    url = f"{_server(account)}/2/account_activity/webhooks/{webhook}/subscriptions/all"
    said = calling.post(WHO, url, account, headers=_signature(account, "POST", url))
    if said.status != 409 and "DuplicateSubscription" not in said.body.decode(errors="replace"):
        _judge(said)


def fetch(account: Account, url: str) -> Said:
    """Raises `NotFetched`."""
    parts, own = urlsplit(url), urlsplit(_server(account))
    here = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
    if not here and not (parts.scheme == "https" and MEDIA.fullmatch(parts.hostname or "")):
        raise NotFetched(f"{WHO} says that it is on a host that is not its own", later=False)
    closed = here or bool(CLOSED.fullmatch(parts.hostname or ""))
    return calling.fetch(WHO, url, account, headers=_signature(account, "GET", url) if closed else None)


def introduce(account: Account) -> str:
    """The account's name. Raises `Invalid` for bad keys and `Unavailable` when X can't be asked."""
    url = f"{_server(account)}/2/users/me"
    try:
        told = calling.fetch(WHO, url, account, headers=_signature(account, "GET", url)).json()
    except NotFetched as error:
        raise (Unavailable if error.later else Invalid)(f"{error}.") from None
    return str((told.get("data") or {}).get("username") or "an account without a name")


def user(account: Account) -> str:
    """The number of the account, with which its access token begins."""
    return account.get("token").partition("-")[0]


def _post(account: Account, path: str, named: str, **sent: Any) -> str:
    url = f"{_server(account)}{path}"
    said = calling.post(WHO, url, account, headers=_signature(account, "POST", url), **sent)
    _judge(said)
    id_ = (said.json().get("data") or {}).get(named)
    if not id_:
        raise FateUnknown(f"{WHO} answered something that can't be read ({said.status}).")
    return str(id_)


def _judge(said: Said) -> None:
    if 200 <= said.status < 300:
        return
    told = said.json()
    error = next((one for one in told.get("errors") or [] if isinstance(one, dict)), {})
    code = error.get("code")
    why = str(told.get("detail") or error.get("message") or told.get("title") or "")[:200]
    if said.status == 429:
        raise NotSent(f"{WHO} asks for patience ({why or 429}).", later=True, after=_until_reset(said))
    if code in ACCOUNT or said.status == 402:
        known = ACCOUNT.get(code or 0, "X wants to be paid for more calls")
        raise NotSent(f"{known[0].upper()}{known[1:]} ({code or 402}).", later=True, trouble=True)
    if code in FINAL:
        raise NotSent(f"{FINAL[code]} ({code}).", later=False)
    calling.judge(WHO, said, why)


def _until_reset(said: Said) -> float:
    """Seconds until the ceiling that was reached is lifted; each is told by three headers, its end in Unix time."""
    reached = [
        name for name in LIMITS if said.headers.get(f"{name}-remaining", "0" if name == LIMITS[-1] else "") == "0"
    ]
    ends = [said.headers.get(f"{name}-reset", "") for name in reached]
    waits = [int(end) - now().timestamp() for end in ends if end.isascii() and end.isdecimal()]
    return max([*waits, 1.0]) if waits else calling.retry_after(said)


def _signature(account: Account, method: str, url: str) -> dict[str, str]:
    """Bodies are JSON or multipart, of which OAuth 1.0a signs nothing (RFC 5849 section 3.4.1.3.1)."""
    signer = Client(
        account.get("key"),
        client_secret=account.get("secret"),
        resource_owner_key=account.get("token"),
        resource_owner_secret=account.get("token_secret"),
    )
    _, headers, _ = signer.sign(url, http_method=method)
    return {"Authorization": str(headers["Authorization"])}


def _server(account: Account) -> str:
    return (account.get("server") or SERVER).rstrip("/")
