"""Connections that can't do their work, and tools that move money without a bound."""

from collections.abc import Iterator, Sequence

from towerdesk.advice.desk import Desk
from towerdesk.advice.finding import Finding, Shown, some
from towerdesk.connectors.contract import Tool
from towerdesk.connectors.models import Connection
from towerdesk.connectors.registry import account_of, connector
from towerdesk.connectors.trackers.registry import TRACKERS
from towerdesk.connectors.wanted import lacking, typed_in
from towerdesk.lib.errors import Trouble


def fail(desk: Desk) -> Iterator[Finding]:
    """A secret is missing, the description makes no sense, or the last look at it ended in trouble."""
    for connection in desk.connections:
        names = [f"“{name}”" for name in lacking(connection)]
        if names:
            yield Finding(
                f"The connection “{connection}” lacks the secret {some(names)}.",
                "Give it there: a set-up that comes from a file brings no secrets.",
                _page(connection),
            )
        elif why := _trouble(connection):
            yield Finding(f"The connection “{connection}” does not work. {why}", "Mend it there.", _page(connection))


def secrets_in_sight(desk: Desk) -> Iterator[Finding]:
    for connection in desk.connections:
        if names := typed_in(connection):
            yield Finding(
                f"The description of “{connection}” holds what looks like a secret: {some(names)}.",
                "Put it among the secrets, and {secret.NAME} in its place: a description is shown to whoever sets up the desk.",
                _page(connection),
            )


def unbounded(desk: Desk) -> Iterator[Finding]:
    """An amount that nobody approves and no ceiling holds."""
    for connection in desk.connections:
        if connection.kind in TRACKERS or _trouble(connection):
            continue
        money = {one.spec.name for one in _tools(connection) if one.spec.amount and one.spec.effect != "read"}
        for setting in connection.tool_settings.all():
            bounds = (setting.approve_above, setting.most_amount, setting.most_amount_a_day)
            free = setting.enabled and setting.approval == "never" and not any(bound is not None for bound in bounds)
            if free and setting.tool in money:
                yield Finding(
                    f"“{setting}” moves money without an approval and without a limit.",
                    "Say what it may do at most, in one call and a day, or who approves it.",
                    _page(connection),
                )


def _trouble(connection: Connection) -> str:
    if connection.kind not in TRACKERS:
        try:
            _tools(connection)
        except Trouble as trouble:
            return str(trouble)
    return connection.trouble


def _tools(connection: Connection) -> Sequence[Tool]:
    return connector(connection.kind).tools(account_of(connection))


def _page(connection: Connection) -> Shown:
    return Shown(connection.name, f"/settings/connections/{connection.slug}")
