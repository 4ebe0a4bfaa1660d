"""Which tools there are, by the names that people and procedures call them: `connection.tool`."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from towerdesk.connectors.contract import Account, Connector, Tool, ToolSpec
from towerdesk.connectors.models import Connection, ToolSetting
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.lib.vault import unseal

CONNECTORS: dict[str, str] = {
    "http": "towerdesk.connectors.http.connector:HttpConnector",
    "mcp": "towerdesk.connectors.mcp.connector:McpConnector",
    "sql": "towerdesk.connectors.sql.connector:SqlConnector",
}

_made: dict[str, Connector] = {}


@dataclass(frozen=True, slots=True)
class Wired:
    """A tool with the connection that it is of and what the desk's administrator says about it."""

    connection: Connection
    tool: Tool
    setting: ToolSetting

    @property
    def name(self) -> str:
        return f"{self.connection.slug}.{self.spec.name}"

    @property
    def spec(self) -> ToolSpec:
        return self.tool.spec

    @property
    def usable(self) -> bool:
        return self.connection.active and self.setting.enabled


def tool(name: str) -> Wired:
    """Also one that is switched off. Raises `NotFound`."""
    slug, _, own = name.partition(".")
    connection = Connection.objects.filter(slug=slug).first()
    found = next((one for one in tools_of(connection) if one.spec.name == own), None) if connection else None
    if found is None:
        raise NotFound(f"There is no tool {name}. See Settings → Connections.")
    return found


def tools(*, usable: bool = True) -> list[Wired]:
    """All that may be used, or all; a connection whose settings make no sense brings none."""
    every: list[Wired] = []
    for connection in Connection.objects.filter(active=True) if usable else Connection.objects.all():
        try:
            every += tools_of(connection)
        except Invalid:
            continue
    return [one for one in every if one.usable or not usable]


def tools_of(connection: Connection) -> list[Wired]:
    settings = {one.tool: one for one in ToolSetting.objects.filter(connection=connection)}
    found: Sequence[Tool] = connector(connection.kind).tools(account_of(connection))
    return [
        Wired(connection, one, settings.get(one.spec.name) or ToolSetting(connection=connection, tool=one.spec.name))
        for one in found
    ]


def account_of(connection: Connection) -> Account:
    """With the secrets open: made for one use, and kept nowhere."""
    opened = {name: unseal(sealed) for name, sealed in connection.secrets.items()}
    return Account(connection.slug, connection.settings, opened, tuple(connection.hosts))


def connector(kind: str) -> Connector:
    """Imported when first asked for: a desk without a kind does not pay for it."""
    if kind not in _made:
        if kind not in CONNECTORS:
            raise Invalid(f"There is no connector {kind!r}. Choose one of: {', '.join(CONNECTORS)}.")
        module, _, cls = CONNECTORS[kind].partition(":")
        _made[kind] = getattr(import_module(module), cls)()
    return _made[kind]


def put(kind: str, instead: Connector | None) -> None:
    """Let `kind` be another connector, such as a fake; None takes it away again."""
    if instead is None:
        _made.pop(kind, None)
    else:
        _made[kind] = instead
