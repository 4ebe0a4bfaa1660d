"""Connections to other systems with what may be done there. Their secrets are named and never leave the desk."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from towerdesk.connectors.contract import TEXT
from towerdesk.connectors.models import Connection, ToolSetting
from towerdesk.connectors.registry import tools_of
from towerdesk.connectors.set_up import SETTINGS, connect, remove, set_tool, switch
from towerdesk.connectors.trackers.registry import TRACKERS
from towerdesk.connectors.wanted import lacking, seal_typed, wanted, without_secrets
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid, Trouble
from towerdesk.setup.section import DELETE, RETIRE, Entry, Fate, Section
from towerdesk.setup.sections.inboxes import is_secret
from towerdesk.setup.shapes import Name

type Money = Annotated[
    Decimal, Field(ge=0, max_digits=14, decimal_places=2), AfterValidator(lambda one: one.quantize(Decimal("0.01")))
]
type Count = Annotated[int, Field(ge=0, le=2**31 - 1)]


class ToolEntry(Entry):
    """As Settings → Connections says it; a tool that a file leaves out is off."""

    enabled: bool = False
    approval: Literal["never", "unlicensed", "automatic", "always"] = "unlicensed"
    approver: Literal["agent", "lead"] = "agent"
    approve_above: Money | None = None
    approve_within_hours: Annotated[int, Field(ge=1, le=32_000)] = 72
    most_amount: Money | None = None
    most_amount_a_day: Money | None = None
    most_amount_a_day_each: Money | None = None
    most_a_day: Count | None = None
    most_a_day_each: Count | None = None


class ConnectionEntry(Entry):
    """`secrets` says which it needs; their values are given on the desk, and those that are there stay."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(?:_[a-z0-9]+)*$", max_length=40)]
    name: Annotated[Name, Field(max_length=80)]
    kind: Annotated[str, Field(max_length=20)]
    hosts: list[Annotated[str, Field(pattern=r"^[^A-Z\s/*]+$", max_length=255)]] = []
    active: bool = True
    secrets: list[Annotated[str, Field(max_length=40)]] = []
    settings: dict[str, Any] = {}
    tools: dict[Annotated[str, Field(max_length=60)], ToolEntry] = {}

    @model_validator(mode="after")
    def _without_secrets(self) -> Self:
        """Whatever the file says: which secrets are needed is said by the description, and their values are no part of it."""
        settings = _open(self.kind, self.settings)
        object.__setattr__(self, "settings", settings)
        object.__setattr__(self, "secrets", wanted(self.kind, settings))
        object.__setattr__(self, "tools", {name: one for name, one in self.tools.items() if one != ToolEntry()})
        return self


class Connections(Section[ConnectionEntry]):
    """Issue trackers are connected on the desk alone: each has an address of its own that nobody can guess."""

    name = "connections"
    shape = ConnectionEntry

    def entries(self) -> list[ConnectionEntry]:
        return [_entry(connection) for connection in Connection.objects.exclude(kind__in=TRACKERS).order_by("slug")]

    def write(self, entry: ConnectionEntry, *, by: Actor) -> None:
        known = Connection.objects.filter(slug=entry.slug).first()
        if entry.kind in TRACKERS or (known and known.kind != entry.kind):
            raise Invalid(f"it can't be of the kind {entry.kind}: give it another slug, or connect it on the desk")
        if known:
            seal_typed(known)
            known.settings = {name: value for name, value in known.settings.items() if is_secret(name)}
        made = connect(
            known,
            name=entry.name,
            kind=entry.kind,
            slug=entry.slug,
            settings=entry.settings,
            hosts=entry.hosts,
            by=by,
        )
        for tool in tools_of(made):
            said = entry.tools.get(tool.spec.name, ToolEntry())
            set_tool(tool.name, by=by, **{name: getattr(said, name) for name in SETTINGS})
        if unknown := sorted(set(entry.tools) - {tool.spec.name for tool in tools_of(made)}):
            raise Invalid(f"its description brings no tool “{unknown[0]}”: take it out of the tools")
        if made.active != entry.active:
            switch(made, entry.active, by=by)

    def lacks(self, key: str) -> list[str]:
        known = Connection.objects.filter(slug=key).first()
        return lacking(known) if known else []

    def fate(self, key: str) -> Fate:
        known = Connection.objects.get(slug=key)
        if not known.calls.exists():
            return DELETE
        return RETIRE if known.active else "it was called, and is off already"

    def prune(self, key: str, *, by: Actor) -> None:
        known = Connection.objects.get(slug=key)
        if known.calls.exists():
            switch(known, False, by=by)
        else:
            remove(known, by=by)


def _entry(connection: Connection) -> ConnectionEntry:
    tools = {setting.tool: _tool(setting) for setting in _settings_of(connection)}
    return ConnectionEntry(
        slug=connection.slug,
        name=connection.name,
        kind=connection.kind,
        hosts=list(connection.hosts),
        active=connection.active,
        settings=connection.settings,
        tools={name: tools[name] for name in sorted(tools)},
    )


def _settings_of(connection: Connection) -> list[ToolSetting]:
    """Of the tools that it brings; of one that makes no sense any more, all that was ever said."""
    try:
        return [tool.setting for tool in tools_of(connection)]
    except Trouble:
        return list(connection.tool_settings.all())


def _tool(setting: ToolSetting) -> ToolEntry:
    return ToolEntry.model_validate({name: getattr(setting, name) for name in SETTINGS})


def _open(kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Without what is secret, also where somebody typed it into the description."""
    shown = {name: _tidy(settings[name]) for name in sorted(settings) if not is_secret(name)}
    return shown | ({TEXT: without_secrets(str(shown[TEXT]), kind)[0]} if TEXT in shown else {})


def _tidy(value: Any) -> Any:
    """The database keeps no order of names."""
    if isinstance(value, dict):
        return {name: _tidy(value[name]) for name in sorted(value)}
    return [_tidy(one) for one in value] if isinstance(value, list) else value
