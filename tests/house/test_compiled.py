"""Every query that is built once finds exactly what Django's own finds, for actors and values of many kinds."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

import towerdesk
from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.flow import DECIDES_BY
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import Compiled
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.reply import reply

SOME = {
    "kind": ["answer", "customer"],
    "most": [3],
    "whole": [True, False],
    "inside": [True, False],
    "column": ["user", "team"],
    "way": ["mail", "hook"],
    "key": ["no-such-session"],
    "prefix": ["00000000"],
    "stamps": [(), DECIDES_BY],
    "address": ["help@brasswell.example"],
    "slug": ["leak"],
    "model": ["minilm"],
    "name": ["no-such-message", ""],
    "channel": ["email", "slack"],
    "value": ["mara@example.com"],
}


MOST = 40  # combinations of values; the same ones each time


def queries() -> Iterator[tuple[str, Compiled[Any, Any]]]:
    for found in pkgutil.walk_packages(towerdesk.__path__, "towerdesk."):
        if ".tests" in found.name or ".migrations" in found.name or found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for name, thing in vars(module).items():
            if isinstance(thing, Compiled) and thing.__module__ == found.name:
                yield f"{found.name}.{name}", thing


QUERIES = dict(queries())


@pytest.fixture
def lived(desk, ticket, jonas, ana, ben_user):
    """A desk on which a little of everything has happened."""
    cast.opened(desk, jonas, "Where is my parcel?", "It has not come.")
    assign(ticket, ben_user, by=ana)
    reply(ticket, "Turn the ring.", by=ana)
    cast.says(ticket, "It still drips.")
    return ticket


def numbers() -> list[int]:
    """Of whatever there is: a few numbers of every kind of row."""
    with connection.cursor() as cursor:
        cursor.execute(first_of_each())
        return sorted({0, 10**15} | {number for (number,) in cursor.fetchall()})


@cache
def first_of_each() -> str:
    """One question for all kinds: every test asks it."""
    return " UNION ".join(
        f"({model._default_manager.order_by('pk').values_list('pk')[:2].query})"
        for model in apps.get_models()
        if model.__module__.startswith("towerdesk")
        and model._meta.pk.get_internal_type() in ("BigAutoField", "AutoField")
    )


def test_there_are_some():
    assert len(QUERIES) > 30


@pytest.mark.parametrize("name", QUERIES)
def test_both_ways_find_the_same(name, lived, mara, ana, ben):
    query, actors = QUERIES[name], [ana, ben, THE_ASSISTANT, mara.actor()]
    given = inspect.signature(query.build).parameters.values()
    all_of_them = list(product(*(_values(one, actors) for one in given)))
    with transaction.atomic():
        for values in Random(name).sample(all_of_them, min(len(all_of_them), MOST)):
            shape = [value for one, value in zip(given, values, strict=True) if one.kind is not one.KEYWORD_ONLY]
            named = {one.name: value for one, value in zip(given, values, strict=True) if one.kind is one.KEYWORD_ONLY}
            assert _seen(query(*shape, **named)) == _seen(query.plain(*shape, **named)), (shape, named)


def _values(parameter: inspect.Parameter, actors: list[Any]) -> list[Any]:
    if parameter.annotation in (Actor, "Actor"):
        return actors
    if parameter.name in SOME:
        return SOME[parameter.name]
    if parameter.annotation is int or parameter.annotation == "int":
        return numbers()
    if parameter.name in ("since", "at"):
        return [now() - timedelta(days=1), now() + timedelta(days=1)]
    raise AssertionError(f"Say in SOME what {parameter.name} may be.")


def _seen(rows: Any) -> list[Any]:
    """Rows as values that can be compared, with everything that was read along."""
    return [_columns(row) if isinstance(row, Model) else row for row in rows]


def _columns(row: Model) -> dict[str, Any]:
    seen = {name: value for name, value in vars(row).items() if name not in ("_state", "_prefetched_objects_cache")}
    beside = {name: _columns(one) if isinstance(one, Model) else one for name, one in row._state.fields_cache.items()}
    return {"model": type(row), **seen, "beside": beside}
