"""Calls of Slack's Web API, and what its errors mean. It answers 200 to nearly everything and says `ok: false`."""

import time
from typing import Any
from urllib.parse import urlsplit

from towerdesk.channels import calling
from towerdesk.channels.contract import Account, FateUnknown, File, NotFetched, NotSent
from towerdesk.channels.slack.mrkdwn import escape
from towerdesk.lib.ask import Said
from towerdesk.lib.errors import Invalid, Unavailable

WHO = "Slack"
SERVER = "https://slack.com"
MOST = 20 * 2**20  # bytes of a file that somebody shares
PAGES = 20  # of a thread, with 200 messages each
KNOWN_FOR = 3600.0  # seconds for which a user's name is remembered
MOST_KNOWN = 5000  # users

BAD_ACCOUNT = {
    "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope",
    "no_permission", "org_login_required", "ekm_access_denied", "team_access_not_granted", "not_allowed_token_type",
}  # fmt: skip
LATER = {"ratelimited", "rate_limited", "service_unavailable", "request_timeout", "team_added_to_org"}
UNKNOWN_FATE = {"internal_error", "fatal_error"}
"""Slack says of these that some of what was asked may have been done before it failed."""
SENTENCES = {
    "token_revoked": "Slack's token was revoked: install the app again and connect the inbox with the new token.",
    "account_inactive": "The app was removed from the workspace: install it again and connect the inbox anew.",
    "invalid_auth": "Slack refuses the token: connect the inbox with the bot token of the installed app.",
    "token_expired": "Slack's token has expired: install the app again and connect the inbox with the new token.",
    "not_in_channel": "The app is not in this channel: invite it there by writing /invite and its name.",
    "channel_not_found": "The channel is gone, or private without the app in it: invite the app there.",
    "is_archived": "The channel is archived.",
    "user_not_found": "Nobody of this name is in the workspace.",
    "cannot_dm_bot": "A bot can't be written to.",
}

_known: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}


def ask(account: Account, method: str, **values: Any) -> dict[str, Any]:
    """The whole answer. Raises `NotSent` or `FateUnknown`; a method that changes nothing has no other fate."""
    said = calling.post(WHO, _url(account, method), account, json=values, headers=_signed_in(account))
    return _taken(said, method)


def asked(account: Account, method: str, **values: Any) -> dict[str, Any]:
    """Of a method that takes no JSON, or only reads. Raises `NotFetched`."""
    form = {name: str(value) for name, value in values.items()}
    try:
        return _taken(calling.post(WHO, _url(account, method), account, form=form, headers=_signed_in(account)), method)
    except NotSent as error:
        raise NotFetched(str(error), later=error.later and not error.trouble) from error
    except FateUnknown as error:
        raise NotFetched(str(error), later=True) from error


def _taken(said: Said, method: str) -> dict[str, Any]:
    told = said.json()
    if told.get("ok") is True:
        return told
    error = str(told.get("error", ""))[:100]
    if error in BAD_ACCOUNT:
        needed = f" It lacks the right {told['needed']}." if error == "missing_scope" and told.get("needed") else ""
        why = SENTENCES.get(error, f"Slack refuses the account ({error}): connect the inbox again.")
        raise NotSent(f"{why}{needed}", later=True, trouble=True)
    if error in UNKNOWN_FATE:
        raise FateUnknown(f"{WHO} failed while it did this ({error}).")
    if said.status == 429 or error in LATER:
        raise NotSent(f"{WHO} asks for patience ({error or said.status}).", later=True, after=calling.retry_after(said))
    calling.judge(WHO, said, error)
    if not error:
        raise FateUnknown(f"{WHO} answered something that can't be read ({said.status}).")
    raise NotSent(SENTENCES.get(error, f"{WHO} does not take this ({method}: {error})."), later=False)


def introduce(account: Account, scopes: frozenset[str]) -> str:
    """Workspace and name of the bot. Raises `Invalid` for a token that will not do and `Unavailable` when it can't be tried."""
    try:
        said = calling.post(WHO, _url(account, "auth.test"), account, form={}, headers=_signed_in(account))
        told = _taken(said, "auth.test")
    except NotSent as error:
        raise (Unavailable if error.later and not error.trouble else Invalid)(str(error)) from None
    except FateUnknown as error:
        raise Unavailable(str(error)) from None
    given = {scope.strip() for scope in said.headers.get("x-oauth-scopes", "").split(",")}
    if said.headers.get("x-oauth-scopes") and (lacking := scopes - given):
        raise Invalid(f"The app lacks the rights {', '.join(sorted(lacking))}: add them and install it again.")
    wanted = account.get("team")
    if wanted and wanted != told.get("team_id"):
        raise Invalid(f"This token is of the workspace {told.get('team_id')}, not {wanted}.")
    return f"{told.get('team', 'Slack')} as @{told.get('user', 'bot')}"


def user(account: Account, id_: str) -> dict[str, Any]:
    """Raises `NotFetched`. Remembered for an hour: names are asked for with every message."""
    key = (account.get("token"), id_)
    at, found = _known.get(key, (0.0, {}))
    if time.monotonic() - at > KNOWN_FOR or not found:
        found = dict(asked(account, "users.info", user=id_).get("user") or {})
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = (time.monotonic(), found)
    return found


def thread(account: Account, channel: str, ts: str) -> list[dict[str, Any]]:
    """All messages of the thread that this one is in, oldest first. Raises `NotFetched`."""
    found = _thread(account, channel, ts)
    root = str(found[0].get("thread_ts", ts)) if found else ts
    return found if root == ts else _thread(account, channel, root)


def _thread(account: Account, channel: str, ts: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(PAGES):
        more = {"cursor": cursor} if cursor else {}
        told = _in_channel(account, "conversations.replies", channel=channel, ts=ts, limit=200, **more)
        messages += [one for one in told.get("messages") or [] if isinstance(one, dict)]
        cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return messages


def _in_channel(account: Account, method: str, **values: Any) -> dict[str, Any]:
    """A public channel that the app is not in yet is joined: without that it would hear nothing of the thread."""
    try:
        return asked(account, method, **values)
    except NotFetched as error:
        if str(error) != SENTENCES["not_in_channel"]:
            raise
    try:
        asked(account, "conversations.join", channel=values["channel"])
    except NotFetched as error:
        raise NotFetched(SENTENCES["not_in_channel"], later=error.later) from None
    return asked(account, method, **values)


def upload(account: Account, file: File) -> str:
    """The id of a file that nobody sees yet. Raises `NotSent`: whatever became of it, nothing was said."""
    try:
        told = asked(account, "files.getUploadURLExternal", filename=file.name or "file", length=file.size)
        said = calling.post(
            WHO, str(told["upload_url"]), account, files=[("file", (file.name, file.content, file.type))]
        )
        calling.judge(WHO, said)
    except NotFetched as error:
        cause = error.__cause__
        trouble = isinstance(cause, NotSent) and cause.trouble
        raise NotSent(str(error), later=error.later or trouble, trouble=trouble) from None
    except FateUnknown as error:
        raise NotSent(str(error), later=True) from None
    return str(told["file_id"])


def download(account: Account, url: str, type_: str) -> bytes:
    """Raises `NotFetched`. Our token is shown to Slack's own hosts only, whatever address a message names."""
    host, own = urlsplit(url).hostname or "", urlsplit(_server(account)).hostname
    if not (host == own or host.endswith(".slack.com")) or not url.startswith(("https://", _server(account))):
        raise NotFetched("it does not lie at Slack", later=False)
    said = calling.fetch(WHO, url, account, most=MOST, headers=_signed_in(account))
    if said.headers.get("content-type", "").startswith("text/html") and not type_.startswith("text/html"):
        raise NotFetched("Slack shows a page to sign in instead: the app lacks the right files:read", later=False)
    return said.body


def whisper(account: Account, url: str, sentence: str, *, instead: bool) -> None:
    """To an address that Slack gave along with a press of a button; `instead` of the message that the button stood in."""
    said: dict[str, Any] = {"response_type": "ephemeral", "replace_original": instead, "text": escape(sentence)}
    if instead:
        said["blocks"] = [{"type": "section", "text": {"type": "mrkdwn", "text": escape(sentence)}}]
    calling.post(WHO, url, account, json=said)


def _signed_in(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.get('token')}"}


def _url(account: Account, method: str) -> str:
    return f"{_server(account)}/api/{method}"


def _server(account: Account) -> str:
    return (account.get("server") or SERVER).rstrip("/")
