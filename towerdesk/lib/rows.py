"""Rows written by statements that are built once per process, as `compiled` reads them (decision 0049).

For what every mail, request and decision writes; all else is `save` and `create`. The house has no signals on saving, and
columns that the database makes are not read back, so nothing of them is done here.
"""

from functools import cache
from typing import Any

from django.db import connections, router
from django.db.models import Field, Model
from django.db.transaction import mark_for_rollback_on_error

from towerdesk.lib.statement import ask

type Column = Field[Any, Any]


def insert[M: Model](row: M) -> M:
    """As `row.save(force_insert=True)`; the same row, with its number."""
    statement = _insertion(type(row), row.pk is None)
    setattr(row, type(row)._meta.pk.attname, statement.run(row, adding=True))
    row._state.adding, row._state.db = False, statement.using
    return row


def update(row: Model, *names: str, still: str = "") -> None:
    """As `row.save(update_fields=names)`. Raises `NotUpdated` when the row is gone, or is not `still` as this SQL says."""
    if _change(type(row), tuple(dict.fromkeys(names)), still).run(row, adding=False) is None:
        raise row.NotUpdated(  # type: ignore[attr-defined]
            f"There is no such {row._meta.verbose_name} {row.pk} any more."
        )


class _Statement:
    def __init__(self, model: type[Model], sql: str, columns: list[Column]) -> None:
        self.using = router.db_for_write(model)
        self.sql, self.columns = sql, columns

    def run(self, row: Model, *, adding: bool) -> Any:
        """The row's number; None when there was no such row."""
        connection = connections[self.using]
        values = [field.get_db_prep_save(field.pre_save(row, adding), connection) for field in self.columns]
        with mark_for_rollback_on_error(self.using):
            found = ask(self.sql, values, using=self.using)
        return found[0][0] if found else None


@cache
def _insertion(model: type[Model], numbered: bool) -> _Statement:
    """`numbered`: its number is the database's to give."""
    columns = _columns(model, but=model._meta.pk if numbered else None)
    table, number = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    names = ", ".join(_quoted(field.column) for field in columns)
    marks = ", ".join(_mark(model, field) for field in columns)
    return _Statement(model, f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING {number}", columns)  # noqa: S608


@cache
def _change(model: type[Model], names: tuple[str, ...], still: str) -> _Statement:
    columns: list[Column] = [model._meta.get_field(name) for name in names]  # type: ignore[misc]
    table, number = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    said = ", ".join(f"{_quoted(field.column)} = {_mark(model, field)}" for field in columns)
    columns.append(model._meta.pk)
    which = f"{number} = %s AND {still}" if still else f"{number} = %s"
    return _Statement(model, f"UPDATE {table} SET {said} WHERE {which} RETURNING {number}", columns)  # noqa: S608


def _columns(model: type[Model], but: Column | None) -> list[Column]:
    return [field for field in model._meta.local_concrete_fields if not field.generated and field != but]


def _mark(model: type[Model], field: Column) -> str:
    """Where its value goes; arrays say their type."""
    typed = getattr(field, "get_placeholder_sql", None)
    mark: str = typed(None, None, connections[router.db_for_write(model)])[0] if typed else "%s"
    return mark


def _quoted(name: str | None) -> str:
    return f'"{name}"'
