"""The keys that Microsoft signs its calls with: named in a document that it publishes, and changed now and then."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from towerdesk.channels import calling
from towerdesk.channels.contract import Account, NotFetched
from towerdesk.channels.msteams import places
from towerdesk.channels.msteams.verify import CHANNEL
from towerdesk.lib.errors import Unavailable

WHO = "Microsoft"
MOST = 2**20  # bytes of a document
MOST_KEYS = 200


def renew(account: Account) -> Mapping[str, Any]:
    """The public keys by their names; of those that no endorsement lets speak for Teams the name alone.

    Raises `Unavailable`. The document names where the keys are; only a host of the same house counts. Kept is what is
    needed and no more: an inbox is read with every ticket.
    """
    try:
        there = str(_document(account, places.metadata(account)).get("jwks_uri", ""))
        if urlsplit(there)[:2] != urlsplit(places.metadata(account))[:2]:
            raise Unavailable("Microsoft's document names keys that are not at Microsoft.")
        given = _document(account, there).get("keys")
    except NotFetched as error:
        raise Unavailable(f"Microsoft's keys can't be had now: {error}.") from None
    found = [one for one in given if _is_key(one)] if isinstance(given, list) else []
    if not found:
        raise Unavailable("Microsoft names no keys.")
    return {"keys": {str(one["kid"]): _needed(one) for one in found[:MOST_KEYS]}}


def _document(account: Account, url: str) -> dict[str, Any]:
    return calling.fetch(WHO, url, account, most=MOST).json()


def _is_key(one: Any) -> bool:
    return isinstance(one, dict) and one.get("kty") == "RSA" and all(one.get(name) for name in ("kid", "n", "e"))


def _needed(key: Mapping[str, Any]) -> dict[str, str]:
    given = key.get("endorsements")
    endorsed = isinstance(given, list) and CHANNEL in given
    return {"n": str(key["n"]), "e": str(key["e"])} if endorsed else {}
