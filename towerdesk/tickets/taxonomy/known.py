"""Everything governed, in memory: read again after at most a second, or at once where it was changed."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from towerdesk.tickets.taxonomy.begins_with import BEGINS_WITH

STANDS = 1.0
"""Seconds for which a process may not yet have heard of a change that another one made."""

READ = """
SELECT
  (SELECT json_agg(v) FROM (SELECT v.kind, v.key, v.name, v.description, v.position, v.retired_at IS NOT NULL AS retired,
    i.key AS into FROM tickets_value v LEFT JOIN tickets_value i ON i.id = v.merged_into_id) v),
  (SELECT json_agg(i) FROM (SELECT i.slug AS key, i.name, i.description, NOT i.active AS retired, m.slug AS into
    FROM tickets_intent i LEFT JOIN tickets_intent m ON m.id = i.merged_into_id) i),
  (SELECT json_agg(f) FROM (SELECT key, name, kind, help, required_for, position, retired_at IS NOT NULL AS retired
    FROM tickets_customfield ORDER BY position, name) f),
  (SELECT json_agg(v) FROM (SELECT kind, free, matrix FROM tickets_vocabulary) v)
"""


@dataclass(frozen=True, slots=True)
class Known:
    """One value. `into` is the key of the value that it was merged into, or empty."""

    kind: str
    key: str
    name: str
    description: str = ""
    position: int = 0
    retired: bool = False
    into: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A custom field, as tickets, filters and forms know it."""

    key: str
    name: str
    kind: str
    help: str = ""
    required_for: tuple[str, ...] = ()
    retired: bool = False

    @property
    def choices(self) -> str:
        """The list that its choices are in."""
        return f"field.{self.key}"


@dataclass(slots=True)
class Taxonomy:
    lists: dict[str, dict[str, Known]] = field(default_factory=dict)
    fields: dict[str, Asked] = field(default_factory=dict)
    free: dict[str, bool] = field(default_factory=dict)
    matrix: dict[str, dict[str, str]] = field(default_factory=dict)

    def find(self, kind: str, key: str) -> Known | None:
        return self.lists.get(kind, {}).get(key)

    def all(self, kind: str) -> list[Known]:
        """In the order that the desk gave them; what is retired comes last."""
        return sorted(self.lists.get(kind, {}).values(), key=lambda one: (one.retired, one.position, one.name.lower()))

    def choosable(self, kind: str) -> list[tuple[str, str]]:
        """(key, name) of what may be chosen anew."""
        return [(one.key, one.name) for one in self.all(kind) if not one.retired]

    def name(self, kind: str, key: str) -> str:
        """As a person reads it; a word that is in no list says itself."""
        one = self.find(kind, key)
        return one.name if one else key

    def standing(self, kind: str, key: str) -> str:
        """What the value is called after all merges."""
        seen: set[str] = set()
        while (one := self.find(kind, key)) and one.into and key not in seen:
            seen.add(key)
            key = one.into
        return key

    def family(self, kind: str, word: str) -> frozenset[str]:
        """Every key that means the same as this key or name: itself, and all that was merged with it."""
        named = {
            one.key for one in self.lists.get(kind, {}).values() if word.lower() in (one.key.lower(), one.name.lower())
        }
        roots = {self.standing(kind, key) for key in named or {word}}
        others = (key for key in self.lists.get(kind, {}) if self.standing(kind, key) in roots)
        return frozenset([*roots, *others])

    def is_free(self, kind: str) -> bool:
        return self.free.get(kind, True)

    def priority_of(self, impact: str, urgency: str) -> str:
        """What the matrix says, or nothing while one of the two is not said."""
        row = self.matrix.get(self.standing("impact", impact), {})
        return row.get(self.standing("urgency", urgency), "")


_local = threading.local()


def taxonomy() -> Taxonomy:
    """One query, at most once a second and thread."""
    held: tuple[float, Taxonomy] | None = getattr(_local, "held", None)
    if held is None or time.monotonic() - held[0] > STANDS:
        held = (time.monotonic(), _read())
        _local.held = held
    return held[1]


def forget() -> None:
    """Said by whoever changes it, and by whoever takes a change back."""
    _local.held = None


def _read() -> Taxonomy:
    with connection.cursor() as cursor:
        cursor.execute(READ)
        values, intents, fields, vocabularies = (_rows(column) for column in cursor.fetchone() or ())
    known = Taxonomy()
    for one in [*_begun(), *(_known(row) for row in values), *(_known(row | {"kind": "intent"}) for row in intents)]:
        known.lists.setdefault(one.kind, {})[one.key] = one
    for row in fields:
        asked = ("key", "name", "kind", "help", "retired")
        known.fields[row["key"]] = Asked(**{name: row[name] for name in asked}, required_for=tuple(row["required_for"]))
    for row in vocabularies:
        known.free[row["kind"]] = row["free"]
        known.matrix = row["matrix"] if row["kind"] == "priority" else known.matrix
    return known


def _rows(column: Any) -> list[dict[str, Any]]:
    return column or []


def _begun() -> Iterator[Known]:
    for kind, values in BEGINS_WITH.items():
        yield from (Known(kind, key, name, position=place) for place, (key, name) in enumerate(values))


def _known(row: dict[str, Any]) -> Known:
    return Known(**{**row, "into": row["into"] or ""})
