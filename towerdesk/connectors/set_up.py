"""Connect a system, say what may be done there, switch it off."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from towerdesk.connectors.contract import Listing, ToolSpec
from towerdesk.connectors.models import Connection, ToolSetting
from towerdesk.connectors.registry import account_of, connector, tool, tools_of
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid, Trouble
from towerdesk.lib.slugs import slug_of
from towerdesk.lib.text import split_url
from towerdesk.lib.vault import seal

SETTINGS = tuple(
    field.name for field in ToolSetting._meta.get_fields() if field.name not in ("id", "connection", "tool")
)


def connect(
    connection: Connection | None,
    *,
    name: str,
    kind: str = "",
    slug: str = "",
    settings: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
    hosts: Sequence[str] = (),
    by: Actor,
) -> Connection:
    """Make a connection, or change it. Its kind and slug stay. A secret that is left empty stays as it was.

    Tools that are new read at once when the description is an administrator's own; all others are off until somebody
    switches them on. Raises `Invalid` that says where the description is wrong.
    """
    by.must("connection.change")
    made = connection or Connection(slug=_free_slug(slug or name), kind=kind)
    made.name = name.strip()
    made.settings = made.settings | dict(settings or {})
    made.hosts = [_host(one) for one in hosts if one.strip()]
    made.secrets = made.secrets | {key: seal(value) for key, value in (secrets or {}).items() if value}
    if not made.name:
        raise Invalid("A connection needs a name.", {"name": "This is needed."})
    connector(made.kind).tools(account_of(made))
    with transaction.atomic():
        made.changed_at, made.trouble = now(), ""
        made.save()
        _know_tools(made)
        record("connection.saved", by=by, subject=made.pk, connection=made.slug)
    return made


def relist(connection: Connection, *, by: Actor) -> list[str]:
    """Ask a system that lists its own tools for them, outside of any transaction; the names of those new or changed.

    What is other than before is switched off: nobody has looked at it yet.
    """
    by.must("connection.change")
    kind = connector(connection.kind)
    if not isinstance(kind, Listing):
        raise Invalid(f"{connection} does not list its tools: its description does.")
    found = dict(kind.listed(account_of(connection)))
    before = {one.spec.name: one.spec for one in tools_of(connection)}
    with transaction.atomic():
        held = Connection.objects.select_for_update().get(pk=connection.pk)
        held.settings |= found
        held.changed_at, held.trouble = now(), ""
        held.save(update_fields=["settings", "changed_at", "trouble"])
        new = _know_tools(held) + _switch_off_changed(held, before)
        record("connection.saved", by=by, subject=held.pk, connection=held.slug)
    connection.settings = held.settings
    return new


def try_out(connection: Connection, *, by: Actor) -> str:
    """Does it answer? One sentence, or `Trouble`, which is kept on the connection. Outside of any transaction."""
    by.must("connection.change")
    try:
        said = connector(connection.kind).check(account_of(connection))
    except Trouble as trouble:
        Connection.objects.filter(pk=connection.pk).update(trouble=str(trouble)[:500])
        raise
    Connection.objects.filter(pk=connection.pk).update(trouble="")
    return said


def switch(connection: Connection, on: bool, *, by: Actor) -> None:
    by.must("connection.change")
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(active=on, changed_at=now())
        record("connection.switched", by=by, subject=connection.pk, connection=connection.slug, on=on)
    connection.active = on


def remove(connection: Connection, *, by: Actor) -> None:
    """Only one that was never called: the journal keeps what it tells of."""
    by.must("connection.change")
    if connection.calls.exists():
        raise Conflict(f"{connection} was called, and the journal keeps that: switch it off instead.")
    with transaction.atomic():
        record("connection.removed", by=by, subject=connection.pk, connection=connection.slug)
        connection.delete()


def set_tool(name: str, *, by: Actor, **values: Any) -> ToolSetting:
    """What may be done with `connection.tool`: fields of `ToolSetting`."""
    by.must("connection.change")
    wired = tool(name)
    if unknown := set(values) - set(SETTINGS):
        raise Invalid(f"A tool has no setting {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        ToolSetting.objects.get_or_create(connection=wired.connection, tool=wired.spec.name)
        held = ToolSetting.objects.select_for_update().get(connection=wired.connection, tool=wired.spec.name)
        changes = {field: [_plain(getattr(held, field)), _plain(value)] for field, value in values.items()}
        changes = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
        for field, value in values.items():
            setattr(held, field, value)
        held.save()
        if changes:
            record("tool.set", by=by, subject=held.pk, tool=name, changes=changes)
    return held


def _know_tools(connection: Connection) -> list[str]:
    listed = isinstance(connector(connection.kind), Listing)
    new = [one.spec for one in tools_of(connection) if one.setting.pk is None]
    for spec in new:
        reads = spec.effect == "read" and not listed
        ToolSetting.objects.create(connection=connection, tool=spec.name, enabled=reads)
    return [spec.name for spec in new]


def _switch_off_changed(connection: Connection, before: Mapping[str, ToolSpec]) -> list[str]:
    changed = [one.spec.name for one in tools_of(connection) if before.get(one.spec.name, one.spec) != one.spec]
    connection.tool_settings.filter(tool__in=changed).update(enabled=False)
    return changed


def _free_slug(wanted: str) -> str:
    slug = slug_of(wanted, "connection").replace("-", "_")[:40]
    if not slug:
        raise Invalid("A connection needs a name.", {"name": "This is needed."})
    if slug == "new" or Connection.objects.filter(slug=slug).exists():
        raise Conflict(f"There is a connection {slug} already: choose another name.")
    return slug


def _host(text: str) -> str:
    """`HOST` or `HOST:PORT`, also when a whole address was pasted."""
    text = text.strip().lower()
    parts = split_url(text if "//" in text else f"//{text}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if not parts.hostname or "*" in text:
        raise Invalid(f"{text!r} is no host.", {"hosts": "One host on each line, such as api.example.com."})
    return f"{parts.hostname}:{port}" if port else parts.hostname


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
