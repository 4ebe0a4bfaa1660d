"""Whether a call is Microsoft's. Its bearer token is checked as the Bot Connector's documentation demands, all of it.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication (connector to bot).
The token signs no body: it says who calls, for which app, on behalf of which service address, and until when.
"""

import json
from collections.abc import Mapping
from typing import Any

import jwt

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Call, Forged, Unrecognised
from towerdesk.lib.ids import equal

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
SKEW = 300  # seconds by which clocks may differ
SAYS = ["iss", "aud", "exp", "nbf"]


def verify(call: Call, account: Account) -> None:
    """Raises `Forged`, and `Unrecognised` for a key that is not known yet."""
    kind, _, token = call.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Forged("there is no token")
    key = _key(token, account)
    claims = _claims(token, key, account)
    activity = _activity(call.body)
    _is_for_teams(activity)
    _is_from_there(activity, claims)
    _is_of_our_tenants(activity, account)


def tenant(activity: Mapping[str, Any]) -> str:
    data, where = activity.get("channelData"), activity.get("conversation")
    named = data.get("tenant") if isinstance(data, dict) else None
    found = named.get("id") if isinstance(named, dict) else None
    return str(found or (where.get("tenantId") if isinstance(where, dict) else "") or "").lower()


def tenants(account: Account) -> set[str]:
    """Those whose people may use the app; empty: any."""
    return {*account.get("tenants").lower().replace(",", " ").split(), account.get("tenant").lower()} - {""}


def _key(token: str, account: Account) -> Mapping[str, str]:
    """Of those that are kept with nothing but their name none may speak for Teams: see `keys.renew`."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise Forged("the token is none") from None
    if header.get("alg") != "RS256":
        raise Forged("the token is not signed by RS256")
    found = (account.renewed.get("keys") or {}).get(header.get("kid") or "")
    if found is None:
        raise Unrecognised("the token is signed with a key that Microsoft does not publish")
    if not found:
        raise Forged("the key may not speak for Microsoft Teams")
    return dict(found)


def _claims(token: str, key: Mapping[str, str], account: Account) -> Mapping[str, Any]:
    public = jwt.PyJWK.from_dict({"kty": "RSA", **key}, algorithm="RS256")
    try:
        return jwt.decode(
            token,
            public,
            algorithms=["RS256"],
            audience=account.get("app").lower(),
            issuer=ISSUER,
            leeway=SKEW,
            options={"require": SAYS},
        )
    except jwt.ExpiredSignatureError:
        raise Forged("the token has expired") from None
    except jwt.InvalidAudienceError:
        raise Forged("the token is for another app") from None
    except jwt.InvalidIssuerError:
        raise Forged("the token is of another issuer") from None
    except jwt.InvalidTokenError as error:
        raise Forged(f"the token does not hold ({type(error).__name__})") from None


def _activity(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Forged("it is no activity")
    return found


def _is_for_teams(activity: Mapping[str, Any]) -> None:
    if activity.get("channelId") != CHANNEL:
        raise Forged("it is not of Microsoft Teams")


def _is_from_there(activity: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    """Where answers shall go is what the token was given for: else a stolen token would lead ours anywhere."""
    signed, said = (str(one or "").rstrip("/") for one in (claims.get("serviceurl"), activity.get("serviceUrl")))
    if not signed or not equal(signed, said):
        raise Forged("the token is for another service address")


def _is_of_our_tenants(activity: Mapping[str, Any], account: Account) -> None:
    allowed, its = tenants(account), tenant(activity)
    if allowed and its not in allowed:
        raise Forged(f"it comes from the tenant {its[:60] or 'of nobody'}, which is not named here")
