"""A query set whose SQL is built once per process: later runs only put other values in.

Building a query costs Django more than running it costs PostgreSQL, and the busiest ones (a ticket by its number, its
messages, its clocks) are the same each time. Decision 0029 says what was measured and which insides of Django this
rests on; a test runs every such query both ways.
"""

import contextlib
import copy
import operator
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime, timedelta
from functools import update_wrapper
from threading import Lock
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.transaction import TransactionManagementError

from towerdesk.lib.statements import Statement

PLACEHOLDER = re.compile(r"%%|%s")
PLAIN = re.compile(r"[a-z_]{0,40}")
MOST_SHAPES = 512
"""Of one query; the ones that were not asked for lately are built again."""

LEAST, MOST = -(2**63), 2**63 - 1
FIRST_NUMBER = 7_103_958_264_000_000
FIRST_MOMENT = datetime(1071, 3, 9, 4, 51, 7, tzinfo=UTC)


class Compiled[M: Model, R]:
    """See `compiled`."""

    def __init__(self, build: Callable[..., "QuerySet[M, R]"]) -> None:
        self.build = build
        self._shapes: OrderedDict[Hashable, _Shape] = OrderedDict()
        self._lock = Lock()
        update_wrapper(self, build)

    def __call__(self, *shape: Hashable, **values: Any) -> list[R]:
        if any(type(value) is int and not LEAST <= value <= MOST for value in values.values()):
            return list(self.build(*shape, **values))  # no column can hold it: Django knows what that means
        return self._shape_of(shape, values).run(values)

    def plain(self, *shape: Any, **values: Any) -> "QuerySet[M, R]":
        """The query set itself, built anew: what a test compares with."""
        return self.build(*shape, **values)

    def _shape_of(self, shape: tuple[Hashable, ...], values: dict[str, Any]) -> "_Shape":
        key = (shape, tuple(sorted((name, type(value)) for name, value in values.items())) if values else ())
        with self._lock:
            found = self._shapes.get(key)
            if found is not None:
                self._shapes.move_to_end(key)
                return found
        made = _Shape(self.build, shape, values)
        with self._lock:
            self._shapes[key] = made
            while len(self._shapes) > MOST_SHAPES:
                self._shapes.popitem(last=False)
        return made


def compiled[M: Model, R](build: Callable[..., "QuerySet[M, R]"]) -> Compiled[M, R]:
    """Decorate a function that returns a query set; calling it then returns the list of its rows.

    What is given by place is the shape: hashable, built into the SQL, one statement for each. What is given by name is
    a value: an int, str or datetime that the function only compares columns with, or puts in as it is. Raises
    `TypeError` when a value does not come out of Django unchanged, since then it can't be exchanged.
    """
    return Compiled(build)


class _Shape:
    """One statement, ready to be run by any thread."""

    def __init__(
        self, build: Callable[..., "QuerySet[Any, Any]"], shape: tuple[Any, ...], values: dict[str, Any]
    ) -> None:
        marks = {name: _mark(place, value) for place, (name, value) in enumerate(values.items())}
        self.queryset = build(*shape, **marks)
        self.compiler: Any = self.queryset.query.get_compiler(using=self.queryset.db)
        self.sql = ""
        try:
            self.sql, params = self.compiler.as_sql()
        except EmptyResultSet:
            _must_be_empty(build, shape, values)
            return  # nobody may see anything: there is nothing to ask
        self.sql, self.params = _written_in(self.sql, [_place(param, marks) for param in params])
        self.statement = Statement(self.sql)
        lost = set(marks) - {name for _, _, name in self.params}
        if lost:
            raise TypeError(
                f"{build.__qualname__}: {', '.join(sorted(lost))} can't be exchanged in the finished statement."
            )
        columns = [column[0] for column in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)
        self.made = _maker(self.queryset, self.compiler)

    def run(self, values: dict[str, Any]) -> list[Any]:
        if not self.sql:
            return []
        connection = connections[self.queryset.db]
        if self.queryset.query.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("Rows can only be held inside a transaction.")
        params = [
            kind(values[name]) if name and kind else values[name] if name else fixed
            for fixed, kind, name in self.params
        ]
        rows: Any = self.statement.ask(params, self.queryset.db)
        if self.converters:
            compiler = copy.copy(self.compiler)
            compiler.connection = connection
            rows = compiler.apply_converters(rows, self.converters)
        found = [self.made(row) for row in rows]
        if self.queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            prefetch_related_objects(found, *self.queryset._prefetch_related_lookups)  # type: ignore[attr-defined]
        return found


def _maker(queryset: Any, compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """How a row of the answer becomes what the query set gives: made once, since it is the same for each row."""
    kind = queryset._iterable_class
    if kind is FlatValuesListIterable:
        return operator.itemgetter(0)
    if kind is ValuesListIterable:
        return tuple
    if kind is ValuesIterable:
        names = list(queryset.query.selected)
        return lambda row: dict(zip(names, row, strict=True))
    if kind is not ModelIterable or queryset._known_related_objects or queryset._fetch_mode.track_peers:
        raise TypeError(f"Rows of a {kind.__name__} can't be made without Django's own query set.")
    return _model_maker(queryset, compiler)


def _model_maker(queryset: Any, compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """As `ModelIterable` does it, with the rows of `select_related` beside it and annotations."""
    model, using = compiler.klass_info["model"], queryset.db
    places = compiler.klass_info["select_fields"]
    first, beyond = places[0], places[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:beyond]]
    related = get_related_populators(compiler.klass_info, compiler.select, using, queryset._fetch_mode)
    annotated = tuple(compiler.annotation_col_map.items())

    def made(row: Sequence[Any]) -> Any:
        one = model.from_db(using, names, row[first:beyond], fetch_mode=queryset._fetch_mode)
        for populator in related:
            populator.populate(row, one)
        for name, place in annotated:
            setattr(one, name, row[place])
        return one

    return made


type Place = tuple[Any, type | None, str]
"""A parameter that stays as it is; or the type of the driver that a value is wrapped in, and the value's name."""


def _written_in(sql: str, places: list[Place]) -> tuple[str, tuple[Place, ...]]:
    """The statement with its plain constants (`status IN ('new', 'open')`, `LIMIT 20`) in their places.

    PostgreSQL can keep a plan only for what it knows: with these as parameters it plans anew each time, since no partial
    index fits a status that might be any.
    """
    left, given = [], iter(places)

    def write(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        place = next(given)
        constant = "" if place[2] else _constant(place[0])
        if not constant:
            left.append(place)
        return constant or "%s"

    return PLACEHOLDER.sub(write, sql), tuple(left)


def _constant(value: Any) -> str:
    """As SQL; empty for everything but numbers and plain words of ours, which stay parameters."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(int(value))
    return f"'{value}'" if isinstance(value, str) and PLAIN.fullmatch(value) else ""


def _must_be_empty(build: Callable[..., "QuerySet[Any, Any]"], shape: tuple[Any, ...], values: dict[str, Any]) -> None:
    """A mark that does not fit its column finds nothing, whatever would be found by what it stands for."""
    real = build(*shape, **values)
    with contextlib.suppress(EmptyResultSet):
        real.query.get_compiler(using=real.db).as_sql()
        raise TypeError(f"{build.__qualname__}: a value's column is too small to be exchanged: give it by place.")


def _mark(place: int, value: Any) -> Any:
    """A value of the same type that nothing else in the statement has."""
    if type(value) is int:
        return FIRST_NUMBER + place
    if type(value) is str:
        return f"\ue5c1{place}\ue5c2"
    if type(value) is datetime:
        return FIRST_MOMENT + timedelta(seconds=place)
    raise TypeError(f"A {type(value).__name__} can't be exchanged in a finished statement: give it by place.")


def _place(param: Any, marks: dict[str, Any]) -> Place:
    for name, mark in marks.items():
        if isinstance(param, type(mark)) and param == mark:
            return None, type(param) if type(param) is not type(mark) else None, name
    return param, None, ""
