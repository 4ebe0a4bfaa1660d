"""Connect an issue tracker, change it, switch it off, find it by its door."""

import secrets
from collections.abc import Mapping

from django.db import transaction

from towerdesk.connectors.contract import Account, NotDone
from towerdesk.connectors.contract import FateUnknown as Unknown
from towerdesk.connectors.models import Connection
from towerdesk.connectors.registry import account_of
from towerdesk.connectors.trackers.registry import TRACKERS, of, tracker
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid, Unavailable
from towerdesk.lib.text import one_line, storable
from towerdesk.lib.vault import seal

HOOK = "hook"
"""Where `Connection.settings` holds the last part of the address that the tracker calls: unguessable, but no secret."""


def connect_tracker(kind: str, name: str, given: Mapping[str, str], *, by: Actor) -> Connection:
    """`given` has the names of the tracker's `asks`."""
    by.must("connection.change")
    speaks = tracker(kind)
    connection = Connection(kind=kind, name=one_line(name, 80) or speaks.title, created_at=now())
    connection.slug = _free_slug(kind)
    connection.settings = {HOOK: secrets.token_urlsafe(24)}
    _fill(connection, given)
    with transaction.atomic():
        connection.save()
        record("tracker.connected", by=by, subject=connection.pk, name=connection.name, kind=kind)
    return connection


def change_tracker(connection: Connection, name: str, given: Mapping[str, str], *, by: Actor) -> None:
    """A secret that is left empty stays what it is."""
    by.must("connection.change")
    with transaction.atomic():
        held = Connection.objects.select_for_update().get(pk=connection.pk)
        held.name, held.trouble = one_line(name, 80) or held.name, ""
        _fill(held, given)
        held.save()
        record("tracker.changed", by=by, subject=held.pk, name=held.name)
    connection.refresh_from_db()


def switch_tracker(connection: Connection, on: bool, *, by: Actor) -> None:
    """One that is off is neither called nor listened to; its issues stay with their bugs."""
    by.must("connection.change")
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(active=on, changed_at=now())
        record("tracker.switched", by=by, subject=connection.pk, name=connection.name, on=on)
    connection.active = on


def check_tracker(connection: Connection, *, by: Actor) -> str:
    """One sentence of it. Raises `Unavailable`, and keeps why."""
    by.must("connection.change")
    try:
        said = of(connection).check(account_of(connection))
    except (NotDone, Unknown) as error:
        Connection.objects.filter(pk=connection.pk).update(trouble=str(error))
        raise Unavailable(str(error)) from None
    except (KeyError, TypeError, ValueError):
        why = f"{connection.name} answers, but not as {of(connection).title} does: check the address."
        Connection.objects.filter(pk=connection.pk).update(trouble=why)
        raise Unavailable(why) from None
    Connection.objects.filter(pk=connection.pk).update(trouble="")
    return said


def trackers(*, active: bool = True) -> list[Connection]:
    found = Connection.objects.filter(kind__in=TRACKERS)
    return list((found.filter(active=True) if active else found).order_by("name", "pk"))


def by_door(key: str) -> Connection | None:
    return Connection.objects.filter(kind__in=TRACKERS, active=True, settings__hook=key).first() if key else None


def account(connection: Connection) -> Account:
    return account_of(connection)


def _fill(connection: Connection, given: Mapping[str, str]) -> None:
    speaks, wrong = of(connection), {}
    for ask in speaks.asks:
        value = one_line(storable(given.get(ask.name, "")), 500) or (ask.first if not ask.secret else "")
        if ask.secret and value:
            connection.secrets[ask.name] = seal(value)
        elif not ask.secret:
            connection.settings[ask.name] = value
        has = bool(value) or (ask.secret and ask.name in connection.secrets)
        if ask.required and not has:
            wrong[ask.name] = f"{ask.title} is missing."
    if wrong:
        raise Invalid("Something is missing: see below.", wrong)
    connection.hosts, connection.changed_at = [speaks.host(connection.settings)], now()


def _free_slug(kind: str) -> str:
    taken = set(Connection.objects.values_list("slug", flat=True))
    return next(one for one in (kind, *(f"{kind}-{number}" for number in range(2, 1000))) if one not in taken)
