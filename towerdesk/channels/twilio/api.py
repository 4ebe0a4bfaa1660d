"""Calls of Twilio's REST API, with the account's SID and auth token as name and password."""

import re
from urllib.parse import quote, urlsplit

from towerdesk.channels import calling
from towerdesk.channels.contract import Account, FateUnknown, NotFetched
from towerdesk.channels.twilio.errors import not_sent
from towerdesk.lib.errors import Invalid, Unavailable

WHO = "Twilio"
SERVER = "https://api.twilio.com"
MEDIA = re.compile(r"(.+\.)?twilio\.com")
"""Hosts that media lie on: name and password go to no other, whatever a message names."""


def send(account: Account, to: str, text: str, *, sender: str, back: str) -> str:
    """The SID of the message; `back` is where Twilio tells what becomes of it. Raises `NotSent` or `FateUnknown`."""
    by = {"MessagingServiceSid": sender} if sender.startswith("MG") else {"From": sender}
    form = {"To": to, **by, "Body": text, **({"StatusCallback": back} if back else {})}
    return make(account, "Messages", form)


def make(account: Account, what: str, form: dict[str, str]) -> str:
    """The SID of the new thing, such as one of the account's `Messages`. Raises `NotSent` or `FateUnknown`."""
    said = calling.post(WHO, f"{_home(account)}/{what}.json", account, form=form, auth=_who(account))
    told = said.json()
    if said.status >= 400:
        code, why = told.get("code"), str(told.get("message") or "")[:200]
        known = not_sent(code, why) if isinstance(code, int) else None
        if known:
            raise known
        calling.judge(WHO, said, why)
    calling.judge(WHO, said)
    if not told.get("sid"):
        raise FateUnknown(f"{WHO} answered something that can't be read ({said.status}).")
    return str(told["sid"])


def fetch(account: Account, url: str) -> bytes:
    """Raises `NotFetched`. Twilio answers with another address, good for some hours, that asks for no password."""
    if not _is_twilios(url, account):
        raise NotFetched(f"{WHO} says that it is on a host that is not Twilio's", later=False)
    return calling.fetch(WHO, url, account, auth=_who(account), moves=2).body


def introduce(account: Account) -> str:
    """The account's name. Raises `Invalid` for a bad account and `Unavailable` when Twilio can't be asked."""
    try:
        said = calling.fetch(WHO, f"{_home(account)}.json", account, auth=_who(account)).json()
    except NotFetched as error:
        told = str(error)
        raise (Unavailable if error.later else Invalid)(f"{told[0].upper()}{told[1:]}.") from None
    return str(said.get("friendly_name") or account.get("sid"))


def _is_twilios(url: str, account: Account) -> bool:
    parts, own = urlsplit(url), urlsplit(_server(account))
    if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
        return True
    return parts.scheme == "https" and bool(MEDIA.fullmatch(parts.hostname or ""))


def _who(account: Account) -> tuple[str, str]:
    return account.get("sid"), account.get("token")


def _home(account: Account) -> str:
    return f"{_server(account)}/2010-04-01/Accounts/{quote(account.get('sid'), safe='')}"


def _server(account: Account) -> str:
    return (account.get("server") or SERVER).rstrip("/")
