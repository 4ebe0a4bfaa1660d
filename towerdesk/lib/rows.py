"""Rows written by statements that are built once per process, as `compiled` reads them (decision 0049).

For what every mail, request and decision writes; all else is `save` and `create`. The house has no signals on saving, and
columns that the database makes are not read back, so nothing of them is done here.
"""

from collections.abc import Sequence
from functools import cache
from itertools import zip_longest
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.models import Field, Model
from django.db.transaction import mark_for_rollback_on_error

from towerdesk.lib.statements import Statement

type Column = Field[Any, Any]


def insert[M: Model](row: M) -> M:
    """As `row.save(force_insert=True)`; the same row, with its number."""
    write(inserting(row))
    return row


def update(row: Model, *names: str, still: str = "") -> None:
    """As `row.save(update_fields=names)`. Raises `NotUpdated` when the row is gone, or is not `still` as this SQL says."""
    write(updating(row, *names, still=still))


def inserting(row: Model) -> "Writing":
    """A new row for `write`, or for the event that tells of it (`events.record`)."""
    return Writing(_insertion(type(row), row.pk is None), row, adding=True)


def putting(row: Model, *names: str, same: str) -> "Writing":
    """A new row; or where there is one with the `same` value in that column, these columns of it. It gets that row's number."""
    return Writing(_insertion(type(row), row.pk is None, same, names), row, adding=True)


def updating(row: Model, *names: str, still: str = "") -> "Writing":
    return Writing(_change(type(row), tuple(dict.fromkeys(names)), still), row, adding=False)


def write(*writings: "Writing") -> None:
    """All of them by one statement: each of a row of its own, and none needs what another one writes."""
    if not writings:
        return
    using = writings[0].using
    statement = _all_of(tuple(writing.written for writing in writings))
    with mark_for_rollback_on_error(using):
        [numbers] = statement.ask(values_of(writings), using) or [()]
    done(writings, numbers)


def values_of(writings: Sequence["Writing"]) -> list[Any]:
    return [value for writing in writings for value in writing.values()]


def done(writings: Sequence["Writing"], numbers: Sequence[int | None]) -> None:
    """What the statement answered, in their order. Raises `NotUpdated` for the first one that found no row."""
    for writing, number in zip_longest(writings, numbers):
        writing.is_done(number)


def parts(written: Sequence["Written"]) -> tuple[str, str]:
    """As SQL: the named steps of a `WITH`, and their numbers, for a statement that goes on with them."""
    steps = ", ".join(f"row_{at} AS ({one.sql})" for at, one in enumerate(written))
    return steps, ", ".join(number_of(at) for at in range(len(written)))


def number_of(at: int) -> str:
    """As SQL, within the same statement: what the database numbered the row of that step."""
    return f"(SELECT * FROM row_{at})"  # noqa: S608


class Writing:
    """A row that is to be written."""

    def __init__(self, written: "Written", row: Model, *, adding: bool) -> None:
        self.written, self.row, self.adding = written, row, adding
        self.using = written.using

    def values(self) -> list[Any]:
        connection = connections[self.using]
        return [
            field.get_db_prep_save(field.pre_save(self.row, self.adding), connection) for field in self.written.columns
        ]

    def is_done(self, number: int | None) -> None:
        row = self.row
        if self.adding:
            setattr(row, row._meta.pk.attname, number)
            row._state.adding, row._state.db = False, self.using
        elif number is None:
            raise row.NotUpdated(  # type: ignore[attr-defined]
                f"There is no such {row._meta.verbose_name} {row.pk} any more."
            )


class Said(Writing):
    """What is said by the same statement and answered with one value that nobody needs, such as a notification."""

    def __init__(self, sql: str, values: list[Any]) -> None:
        self.written, self.said = _saying(sql), values
        self.using = self.written.using

    def values(self) -> list[Any]:
        return self.said

    def is_done(self, number: int | None) -> None:
        """Nothing comes of it."""


class Written:
    """How rows of a model are written; what it answers is the row's number, or nothing when there is no such row."""

    def __init__(self, sql: str, columns: list[Column], using: str) -> None:
        self.sql, self.columns, self.using = sql, columns, using


@cache
def _saying(sql: str) -> Written:
    return Written(sql, [], DEFAULT_DB_ALIAS)


@cache
def _all_of(written: tuple[Written, ...]) -> Statement:
    if len(written) == 1:
        return Statement(written[0].sql)
    steps, numbers = parts(written)
    return Statement(f"WITH {steps} SELECT {numbers}")


@cache
def _insertion(model: type[Model], numbered: bool, same: str = "", names: tuple[str, ...] = ()) -> Written:
    """`numbered`: its number is the database's to give. `same` and `names` as of `putting`."""
    columns = _columns(model, but=model._meta.pk if numbered else None)
    table, number = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    written = ", ".join(_quoted(field.column) for field in columns)
    marks = ", ".join(_mark(model, field) for field in columns)
    sql = f"INSERT INTO {table} ({written}) VALUES ({marks}) {_or_else(model, same, names)}RETURNING {number}"  # noqa: S608
    return Written(sql, columns, router.db_for_write(model))


def _or_else(model: type[Model], same: str, names: tuple[str, ...]) -> str:
    if not same:
        return ""
    known, *changed = (_quoted(model._meta.get_field(name).column) for name in (same, *names))  # type: ignore[union-attr]
    return f"ON CONFLICT ({known}) DO UPDATE SET {', '.join(f'{one} = EXCLUDED.{one}' for one in changed)} "


@cache
def _change(model: type[Model], names: tuple[str, ...], still: str) -> Written:
    columns: list[Column] = [model._meta.get_field(name) for name in names]  # type: ignore[misc]
    table, number = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    said = ", ".join(f"{_quoted(field.column)} = {_mark(model, field)}" for field in columns)
    columns.append(model._meta.pk)
    which = f"{number} = %s AND {still}" if still else f"{number} = %s"
    sql = f"UPDATE {table} SET {said} WHERE {which} RETURNING {number}"  # noqa: S608
    return Written(sql, columns, router.db_for_write(model))


def _columns(model: type[Model], but: Column | None) -> list[Column]:
    return [field for field in model._meta.local_concrete_fields if not field.generated and field != but]


def _mark(model: type[Model], field: Column) -> str:
    """Where its value goes; arrays say their type."""
    typed = getattr(field, "get_placeholder_sql", None)
    mark: str = typed(None, None, connections[router.db_for_write(model)])[0] if typed else "%s"
    return mark


def _quoted(name: str | None) -> str:
    return f'"{name}"'
