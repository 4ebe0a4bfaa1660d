"""Our own tokens: Microsoft gives one for the app's secret, good for an hour, to be shown to the connector or to Graph."""

from datetime import datetime, timedelta

from towerdesk.channels import calling
from towerdesk.channels.contract import Account, FateUnknown, NotSent
from towerdesk.channels.msteams import places
from towerdesk.lib.ask import Said
from towerdesk.lib.clock import now

WHO = "Microsoft"
BOT = "https://api.botframework.com/.default"
GRAPH = "https://graph.microsoft.com/.default"
EARLY = timedelta(minutes=5)  # before it expires a token is replaced
MOST = 500  # tokens that are remembered
SENTENCES = {
    7000215: "Microsoft refuses the client secret: enter its value, not its id, and connect again.",
    7000222: "The client secret has expired: make a new one in Entra and connect the inbox with it.",
    700016: "Microsoft does not know the app in this directory: check its id and the tenant's.",
    90002: "Microsoft does not know the tenant: check the directory id.",
    900023: "Microsoft does not know the tenant: check the directory id.",
}
"""By the number of its AADSTS codes."""

type Key = tuple[str, ...]

_known: dict[Key, tuple[datetime, str]] = {}


def for_bot(account: Account, *, anew: bool = False) -> str:
    """Raises `NotSent`. An app that is registered for several directories has its token from the framework's own."""
    return _token(account, account.get("tenant") or "botframework.com", BOT, anew)


def for_graph(account: Account, tenant: str, *, anew: bool = False) -> str:
    """Of the directory whose messages are asked for. Raises `NotSent`."""
    return _token(account, tenant, GRAPH, anew)


def _token(account: Account, tenant: str, scope: str, anew: bool) -> str:
    """Known by the secret, too: whoever enters a new one is not served with what the old one got."""
    key = (places.login(account), tenant, account.get("app"), account.get("password"), scope)
    until, found = _known.get(key, (now(), ""))
    if anew or not found or until - EARLY <= now():
        if len(_known) >= MOST:
            _known.clear()
        _known[key] = until, found = _asked(account, tenant, scope)
    return found


def _asked(account: Account, tenant: str, scope: str) -> tuple[datetime, str]:
    form = {
        "grant_type": "client_credentials",
        "client_id": account.get("app"),
        "client_secret": account.get("password"),
        "scope": scope,
    }
    try:
        said = calling.post(WHO, f"{places.login(account)}/{tenant}/oauth2/v2.0/token", account, form=form)
    except FateUnknown as error:
        raise NotSent(str(error), later=True) from None  # whatever became of it, nothing was said to anybody
    told = said.json()
    if said.status == 200 and told.get("access_token"):
        return now() + timedelta(seconds=_seconds(told.get("expires_in"))), str(told["access_token"])
    raise _refused(said)


def _seconds(given: object) -> int:
    return int(given) if isinstance(given, int | str) and str(given).isdecimal() else 3600


def _refused(said: Said) -> NotSent:
    if said.status in calling.TOO_BUSY or said.status >= 500 or said.status == 200:
        return NotSent(f"Microsoft gives no token now ({said.status}).", later=True, after=calling.retry_after(said))
    codes = said.json().get("error_codes") or [0]
    code = codes[0] if isinstance(codes[0], int) else 0
    sentence = SENTENCES.get(
        code, f"Microsoft refuses the app (AADSTS{code}): check its id, its secret and the tenant."
    )
    return NotSent(sentence, later=True, trouble=True)
