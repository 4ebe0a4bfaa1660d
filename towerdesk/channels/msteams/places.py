"""Where Microsoft is: the few hosts that our tokens are shown to, whatever address a call or a message names."""

from urllib.parse import quote, urlsplit

from towerdesk.channels.contract import Account

METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
LOGIN = "https://login.microsoftonline.com"
GRAPH = "https://graph.microsoft.com"
SERVICE = "https://smba.trafficmanager.net/teams"
"""The connector for whoever does not know a conversation's own: Microsoft's "global service URL"."""
SERVICES = {"smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"}
FILES = (".sharepoint.com", ".svc.ms")
"""Where the files lie that people send: their download addresses carry a right of their own and get no token."""


def metadata(account: Account) -> str:
    server = _server(account)
    return f"{server}/v1/.well-known/openidconfiguration" if server else METADATA


def login(account: Account) -> str:
    return _server(account) or LOGIN


def graph(account: Account) -> str:
    server = _server(account)
    return f"{server}/graph" if server else GRAPH


def service(account: Account, way: str) -> str:
    """The connector of a conversation: what the call named, if that is one of the platform's own, else the one for all."""
    if is_connector(account, way):
        return way.rstrip("/")
    return f"{server}/teams" if (server := _server(account)) else SERVICE


def is_connector(account: Account, url: str) -> bool:
    if server := _server(account):
        return url.startswith(f"{server}/")
    parts = urlsplit(url)
    return parts.scheme == "https" and parts.netloc in SERVICES


def is_graph(account: Account, url: str) -> bool:
    return url.startswith(f"{graph(account)}/")


def is_file(account: Account, url: str) -> bool:
    if server := _server(account):
        return url.startswith(f"{server}/")
    parts = urlsplit(url)
    return parts.scheme == "https" and (parts.hostname or "").endswith(FILES)


def of_conversation(account: Account, way: str, conversation: str, rest: str) -> str:
    return f"{service(account, way)}/v3/conversations/{quote(conversation, safe='')}/{rest}"


def _server(account: Account) -> str:
    """That of tests, which then is the only one."""
    return account.get("server").rstrip("/")
