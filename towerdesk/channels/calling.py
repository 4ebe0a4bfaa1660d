"""Call a provider by HTTP through the one guarded client, and know what became of it: left, surely not left, or unknown."""

import email.utils
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

import httpx2 as httpx

from towerdesk.channels.contract import Account, FateUnknown, NotFetched, NotSent
from towerdesk.lib.ask import NOT_CONNECTED, Said, TooMuch, ask
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Refused

SECONDS = 40.0  # for one call, files included
MOST_SAID = 2**20  # bytes of an answer
MOST_FETCHED = 20 * 2**20  # bytes of a file, unless the channel says otherwise
PAUSE = 30.0  # seconds, where a provider asks for patience and does not say how much
TOO_BUSY = (408, 425, 429)
MOVED = (301, 302, 303, 307, 308)

type Upload = tuple[str, bytes, str]
"""Name, content, type."""


def post(
    who: str,
    url: str,
    account: Account,
    *,
    json: Any = None,
    content: bytes | None = None,
    form: Mapping[str, str] | None = None,
    files: Sequence[tuple[str, Upload]] = (),
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    method: str = "POST",
) -> Said:
    """`who` is the provider as people call it. Whatever status it answers is for `judge`.

    Raises `NotSent` when it can't be reached, and `FateUnknown` when the line broke after something was handed over.
    """
    sent = {"json": json, "content": content, "data": form, "files": [*files] or None, "headers": headers, "auth": auth}
    try:
        return ask(method, url, private=account.hosts, most=MOST_SAID, seconds=SECONDS, **sent)
    except Refused as error:
        raise NotSent(str(error), later=False, trouble=True) from None
    except (*NOT_CONNECTED, OSError) as error:
        raise NotSent(f"{who} can't be reached ({type(error).__name__}).", later=True) from None
    except (httpx.HTTPError, TimeoutError, TooMuch) as error:
        raise FateUnknown(f"{who} did not say whether it took this ({type(error).__name__}).") from None


def judge(who: str, said: Said, why: str = "", *, refused: Sequence[int] = (401,)) -> None:
    """Raises `NotSent` for any answer but 2xx. `why` is what the provider said; `refused` are statuses for a bad account."""
    if 200 <= said.status < 300:
        return
    told = f"{said.status} {why}".strip()
    if said.status in TOO_BUSY:
        raise NotSent(f"{who} asks for patience ({told}).", later=True, after=retry_after(said))
    if said.status >= 500:
        raise NotSent(f"{who} is in trouble ({told}).", later=True, after=_asked(said))
    if said.status in refused:
        raise NotSent(f"{who} refuses the account ({told}): connect the inbox again.", later=True, trouble=True)
    raise NotSent(f"{who} does not take this ({told}).", later=False)


def fetch(
    who: str,
    url: str,
    account: Account,
    *,
    most: int = MOST_FETCHED,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    moves: int = 0,
) -> Said:
    """A file of at most `most` bytes; raises `NotFetched`, also for any answer but 2xx."""
    said = get(who, url, account, most=most, headers=headers, auth=auth, moves=moves)
    if not 200 <= said.status < 300:
        busy = said.status in TOO_BUSY or said.status >= 500
        raise NotFetched(f"{who} does not give it ({said.status})", later=busy, after=_asked(said))
    return said


def get(
    who: str,
    url: str,
    account: Account,
    *,
    most: int = MOST_FETCHED,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    moves: int = 0,
) -> Said:
    """Whatever is answered, at most `most` bytes of it; raises `NotFetched`. Only hosts on the internet, or those an
    administrator named.

    `moves`: so often it may be said to be elsewhere. What tells who we are goes to the first address alone.
    """
    try:
        said = ask("GET", url, private=account.hosts, most=most, seconds=SECONDS, headers=headers, auth=auth)
    except Refused as error:
        raise NotFetched(str(error), later=False) from None
    except TooMuch:
        raise NotFetched(f"it has more than {most // 2**20} MB", later=False) from None
    except (httpx.HTTPError, TimeoutError, OSError, ValueError) as error:
        raise NotFetched(f"{who} can't be reached ({type(error).__name__})", later=True) from None
    if moves and said.status in MOVED and (there := said.headers.get("location")):
        return get(who, urljoin(url, there), account, most=most, moves=moves - 1)
    return said


def retry_after(said: Said) -> float:
    """Seconds: a number or a date (RFC 9110 section 10.2.3)."""
    return _asked(said) or PAUSE


def _asked(said: Said) -> float:
    given = said.headers.get("retry-after", "").strip()
    if given.isdecimal():
        return float(given)
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(given) - now()).total_seconds())
    except (ValueError, TypeError):
        return 0.0
