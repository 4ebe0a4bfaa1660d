"""Call another system by HTTP: only its connection's own hosts, and knowing what became of it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
from django.conf import settings

from towerdesk.connectors.contract import Account, FateUnknown, NotDone
from towerdesk.lib.ask import NOT_CONNECTED, Said, TooMuch, ask
from towerdesk.lib.errors import Refused

SECONDS = 30.0  # for one call; `recover.SILENT_FOR` must be longer than a few of them
MOST = 2**20  # bytes of an answer


def call(
    who: str,
    method: str,
    url: str,
    account: Account,
    *,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    seconds: float = SECONDS,
) -> Said:
    """Whatever it answers. Raises `NotDone` when nothing left, and `FateUnknown` when the line broke after that."""
    private = must_be_allowed(url, account)
    try:
        return ask(method, url, private=private, most=MOST, seconds=seconds, headers=headers, json=json)
    except Refused as error:
        raise NotDone(str(error), later=True) from None
    except (*NOT_CONNECTED, OSError) as error:
        if isinstance(error, TimeoutError):
            raise FateUnknown(f"{who} did not answer in {seconds:g} seconds.") from None
        raise NotDone(f"{who} can't be reached ({type(error).__name__}).", later=True) from None
    except TooMuch:
        raise FateUnknown(f"{who} answered more than {MOST // 2**20} MB.") from None
    except httpx.HTTPError as error:
        raise FateUnknown(f"{who} did not say what became of it ({type(error).__name__}).") from None


def must_be_allowed(url: str, account: Account) -> list[str]:
    """The host, when it may be in a private network; raises `NotDone` for any host but the connection's own."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise NotDone("The address that it would be called at makes no sense.", later=True) from None
    names = {host, f"{host}:{port}"}
    if not host or parts.username is not None or not names & {one.lower() for one in account.hosts}:
        raise NotDone(f"{host or 'This address'} is no host of this connection, so it is not called.", later=True)
    private = bool(names & {one.lower() for one in settings.CONNECTOR_HOSTS})
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise NotDone(f"{host} must be called by https.", later=True)
    return [host] if private else []
