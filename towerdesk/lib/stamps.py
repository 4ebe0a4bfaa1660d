"""A stamp is one text that the database answers, and another one whenever something that is kept in memory was changed.

A decision asks after many such things: rules, routes, what was learnt, articles, procedures. The query that reads its message
tells all their stamps along (`stamps_of`), so that they are one question, and while it is decided on nobody asks again.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import TextField
from django.db.models.expressions import RawSQL

from towerdesk.lib.statements import Statement

HOLDS = 1.0
"""Seconds for which a stamp that was told is good: a language model may think for longer, and settings change meanwhile."""

_told = threading.local()


class Stamp:
    """`sql` is a query for one text. It names no values, so that its plan is kept."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self._ask = Statement(f"SELECT ({sql})")

    def now(self) -> str:
        """As it was told a moment ago, or by a small query."""
        told: Mapping[Stamp, str | None] = getattr(_told, "stamps", {})
        if self in told and time.monotonic() < _told.until:
            return told[self] or ""
        [(stamp,)] = self._ask.ask()
        return stamp or ""


def of_rows(table: str, where: str = "true") -> str:
    """SQL for the stamp of a table with few rows: by the place of each row's newest version, whoever wrote it."""
    return f"SELECT string_agg(concat_ws(' ', id, xmin, ctid), ',' ORDER BY id) FROM {table} WHERE {where}"  # noqa: S608


def stamps_of(stamps: Sequence[Stamp]) -> RawSQL:
    """What they are now, as a column of another query, for `told`."""
    each = ", ".join(f"({one.sql})" for one in stamps)
    return RawSQL(f"ARRAY[{each}]::text[]", [], output_field=ArrayField(TextField()))  # noqa: S611 - constants of ours


@contextmanager
def told(stamps: Sequence[Stamp], values: Sequence[Any], *, holds: float = HOLDS) -> Iterator[None]:
    """Inside, this thread goes by what another query has told of them a moment ago."""
    _told.until, _told.stamps = time.monotonic() + holds, dict(zip(stamps, values, strict=True))
    try:
        yield
    finally:
        _told.stamps = {}
