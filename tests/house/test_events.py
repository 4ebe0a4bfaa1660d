"""The log's vocabulary: every kind is known, every known kind happens, and what follows one exists."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.house.tree import code, tree_of
from towerdesk import flow
from towerdesk.events.kinds import KINDS
from towerdesk.events.record import FOLLOW


@cache
def recorded() -> set[str]:
    """Every kind that the code names in a call of `record`."""
    return {kind for path in code() for node in ast.walk(tree_of(path)) for kind in _kinds_in(node, tree_of(path))}


def _kinds_in(node: ast.AST, module: ast.Module) -> Iterator[str]:
    """A kind that is looked up in a table counts with every kind that its module names."""
    if not (isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") == "record"):
        return
    said = node.args[0]
    if isinstance(said, ast.Constant):
        yield str(said.value)
    else:
        constants = (one.value for one in ast.walk(module) if isinstance(one, ast.Constant))
        yield from (value for value in constants if isinstance(value, str) and value in KINDS)


def test_every_recorded_kind_is_known():
    assert recorded() - set(KINDS) == set()


def test_every_known_kind_happens():
    assert set(KINDS) - recorded() == set()


def test_whatever_follows_an_event_exists():
    assert set(flow.FOLLOWERS) <= set(KINDS)
    assert {step for steps in flow.FOLLOWERS.values() for step in steps} == set(flow.STEPS)


def test_the_one_upward_thread_leads_to_a_job():
    from procrastinate.contrib.django import app

    assert FOLLOW == "towerdesk.flow.follow"
    assert FOLLOW in app.tasks


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_uses_only_what_its_event_carries(kind):
    values = dict.fromkeys(KINDS[kind].fields, "x") | {"actor": "Ana"}

    assert "{" not in KINDS[kind].sentence.format(**values)
