"""Calls of Meta's Graph API, with the access token in a header."""

import re
from typing import Any
from urllib.parse import urlsplit

from towerdesk.channels import calling
from towerdesk.channels.calling import Said, Upload
from towerdesk.channels.contract import Account, FateUnknown, NotFetched, NotSent
from towerdesk.channels.whatsapp.errors import not_sent
from towerdesk.lib.errors import Invalid, Unavailable

WHO = "WhatsApp"
SERVER = "https://graph.facebook.com/v24.0"
MEDIA = re.compile(r"(.+\.)?(fbsbx\.com|facebook\.com|fbcdn\.net|whatsapp\.net)")
"""Hosts that Meta keeps media on: the token goes to no other, whatever an answer names."""


def send(account: Account, values: dict[str, Any]) -> str:
    """The provider's id of the message. Raises `NotSent` or `FateUnknown`."""
    url = f"{_server(account)}/{account.get('number')}/messages"
    said = calling.post(WHO, url, account, json={"messaging_product": "whatsapp", **values}, headers=_token(account))
    _judge(said)
    try:
        return str(said.json()["messages"][0]["id"])
    except (KeyError, IndexError, TypeError):
        raise FateUnknown(f"{WHO} answered something that can't be read ({said.status}).") from None


def upload(account: Account, file: Upload) -> str:
    """The id of a file that can then be sent. Nobody has seen it yet, so that its fate is never in doubt."""
    url, form = f"{_server(account)}/{account.get('number')}/media", {"messaging_product": "whatsapp", "type": file[2]}
    try:
        said = calling.post(WHO, url, account, form=form, files=[("file", file)], headers=_token(account))
        _judge(said)
        return str(said.json()["id"])
    except (FateUnknown, KeyError) as error:
        raise NotSent(f"{WHO} did not take the file {file[0]} ({error}).", later=True) from None


def fetch(account: Account, ref: str) -> bytes:
    """Raises `NotFetched`. The address of a file is good for five minutes."""
    where = f"{_server(account)}/{ref}?phone_number_id={account.get('number')}"
    told = _fetch(where, account).json()
    url, size = str(told.get("url") or ""), told.get("file_size")
    if isinstance(size, int | str) and int(size or 0) > calling.MOST_FETCHED:
        raise NotFetched(f"it has more than {calling.MOST_FETCHED // 2**20} MB", later=False)
    if not _is_metas(url, account):
        raise NotFetched(f"{WHO} says that it is on a host that is not Meta's", later=False)
    return _fetch(url, account).body


def introduce(account: Account) -> str:
    """The number and its name. Raises `Invalid` for a bad account and `Unavailable` when Meta can't be asked."""
    url = f"{_server(account)}/{account.get('number')}?fields=display_phone_number,verified_name"
    try:
        said = calling.fetch(WHO, url, account, headers=_token(account)).json()
    except NotFetched as error:
        told = str(error)
        raise (Unavailable if error.later else Invalid)(f"{told[0].upper()}{told[1:]}.") from None
    if not said.get("display_phone_number"):
        raise Invalid("This is no number's id: it is shown under WhatsApp → API Setup at Meta.")
    return f"{said['display_phone_number']}, {said.get('verified_name') or 'without a name yet'}"


def _fetch(url: str, account: Account) -> Said:
    """A token that is refused may be a better one soon, so what it could not get is asked for again."""
    try:
        return calling.fetch(WHO, url, account, headers=_token(account))
    except NotFetched as error:
        refused = any(f"({status})" in str(error) for status in (401, 403))
        raise NotFetched(str(error), later=error.later or refused) from None


def _judge(said: Said) -> None:
    error = said.json().get("error")
    if isinstance(error, dict):
        known = not_sent(error)
        if known:
            raise known
        calling.judge(WHO, said, str((error.get("error_data") or {}).get("details") or error.get("message"))[:200])
    calling.judge(WHO, said)


def _is_metas(url: str, account: Account) -> bool:
    parts = urlsplit(url)
    own = urlsplit(_server(account))
    if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
        return True
    return parts.scheme == "https" and bool(MEDIA.fullmatch(parts.hostname or ""))


def _token(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.get('token')}"}


def _server(account: Account) -> str:
    return (account.get("server") or SERVER).rstrip("/")
