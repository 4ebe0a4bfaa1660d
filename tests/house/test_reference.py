"""The reference pages show what works, and leave nothing out."""

import json
import re

import pytest

from tests.house.tree import ROOT
from towerdesk.actions.vocabulary import ACTIONS, read_action, word
from towerdesk.advice.lint import CHECKS
from towerdesk.api.v1 import api
from towerdesk.automation.macros import PLACEHOLDERS
from towerdesk.tickets.filters import parse
from towerdesk.tickets.filters.fields import FIELDS
from towerdesk.tickets.filters.states import STATES
from towerdesk.tickets.views import VIEWS

REFERENCE = ROOT / "docs/reference"


def page(name):
    return (REFERENCE / name).read_text()


def examples(name, kind):
    return [line for block in re.findall(rf"```{kind}\n(.*?)```", page(name), re.S) for line in block.splitlines()]


@pytest.mark.parametrize("text", [*examples("filters.md", "filter"), *(view.filter for view in VIEWS)])
def test_the_filters_shown_are_understood(text):
    assert parse(str(parse(text))) == parse(text)


def test_every_condition_is_described():
    told = set(re.findall(r"`([\w]+)`", page("filters.md")))

    assert set(FIELDS) | set(STATES) <= told


@pytest.mark.parametrize("said", examples("actions.md", "action"))
def test_the_actions_shown_can_be_read(said):
    assert read_action(json.loads(said))


def test_every_action_is_described_with_its_permission_and_effect():
    rows = {row[0]: row for row in re.findall(r"^\| `(\w+)` \|.*\| `([\w.]+)` \| (\w+) \|$", page("actions.md"), re.M)}

    assert rows == {word(one): (word(one), one.permission, one.effect) for one in ACTIONS}


def test_every_placeholder_is_described():
    assert set(re.findall(r"\{\{([\w.]+)\}\}", page("actions.md"))) == set(PLACEHOLDERS)


def test_every_operation_of_the_api_is_described():
    told = page("api.md")
    for path in api.get_openapi_schema(path_prefix="/api/v1/")["paths"]:
        last = path.removeprefix("/api/v1").rsplit("/", 1)[-1]
        assert (f"`{last}`" in told) or (f"/{last}" in told) or "{" in last, path


def test_every_check_of_the_linter_is_described_in_its_order():
    assert re.findall(r"^\| `([\w-]+)` \|", page("lint.md"), re.M) == [check.name for check in CHECKS]
