"""A set-up goes out as YAML and comes back as it was."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as some

from towerdesk.accounts.models import Team
from towerdesk.automation.models import Macro, Route, Rule, Schedule, Skill
from towerdesk.channels.models import Inbox
from towerdesk.cli.demo.facts import company
from towerdesk.cli.demo.prepare import set_up
from towerdesk.connectors.models import Connection
from towerdesk.events.models import Event
from towerdesk.hours.models import Calendar
from towerdesk.lib.actor import CLOCK
from towerdesk.setup import dialect
from towerdesk.setup.bring_in import bring_in, preview
from towerdesk.setup.export import export_folder, export_text
from towerdesk.setup.tree import read_text, read_tree
from towerdesk.sla.models import Policy
from towerdesk.tickets.models import CustomField, Form, Intent, Value, Vocabulary
from towerdesk.tickets.taxonomy import forget
from towerdesk.tickets.taxonomy.shape_fields import save_field, save_form


@pytest.fixture
def demo(db):
    set_up(company(), "a password of the demo")


def emptied():
    """A desk on which nothing has been set up yet."""
    for model in (
        Route,
        Skill,
        Policy,
        Calendar,
        Rule,
        Schedule,
        Macro,
        Connection,
        Form,
        CustomField,
        Value,
        Vocabulary,
        Intent,
        Inbox,
        Team,
    ):
        model.objects.all().delete()
    forget()


def test_the_demo_desk_comes_back_byte_for_byte(demo):
    written = export_text(by=CLOCK)
    emptied()
    assert export_text(by=CLOCK) != written

    bring_in(read_text(written), by=CLOCK)

    assert export_text(by=CLOCK) == written


def test_a_folder_holds_the_same_and_comes_back(demo, tmp_path):
    names = export_folder(tmp_path, by=CLOCK)
    written = {name: (tmp_path / name).read_bytes() for name in names}
    emptied()

    bring_in(read_tree(tmp_path), by=CLOCK)
    export_folder(tmp_path, by=CLOCK)

    assert {name: (tmp_path / name).read_bytes() for name in names} == written


def test_what_was_just_written_differs_in_nothing(demo):
    tree = read_text(export_text(by=CLOCK))

    assert preview(tree, by=CLOCK, prune=True).differences == []


def test_the_second_import_does_nothing(demo):
    tree = read_text(export_text(by=CLOCK))
    emptied()
    before = Event.objects.filter(kind="config.imported").count()

    first, second = bring_in(tree, by=CLOCK), bring_in(tree, by=CLOCK)

    assert len(first.differences) > 30
    assert second.differences == []
    assert Event.objects.filter(kind="config.imported").count() == before + 1


def test_looking_leaves_no_trace(demo):
    tree = read_text(export_text(by=CLOCK))
    emptied()
    before = Event.objects.count()

    assert preview(tree, by=CLOCK).differences

    assert (Team.objects.count(), Event.objects.count()) == (0, before)
    assert connection.in_atomic_block  # the test's own transaction still stands


values = some.recursive(
    some.none() | some.booleans() | some.integers(-(10**9), 10**9) | some.text(max_size=30),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(value=values)
@settings(deadline=None)
def test_whatever_is_written_is_read_as_it_was(value):
    assert dialect.read(dialect.write(value), "it")[0] == value


@pytest.mark.parametrize("word", ["no", "yes", "on", "1e5", "12:30", "2026-11-01", "0x1f", "~", "null", "-", "1_000"])
def test_words_that_look_like_something_else_stay_words(word):
    assert dialect.read(dialect.write([word]), "it")[0] == [word]


@pytest.mark.parametrize("word", ["no", "on", "12:30", "2026-11-01"])
def test_a_hand_need_not_quote_them(word):
    assert dialect.read(f"- {word}\n", "it")[0] == [word]


def test_a_form_comes_back_with_its_conditions_and_its_page(demo):
    save_field("pump", name="Pump", kind="check", by=CLOCK)
    save_field("noise", name="Noise", kind="number", by=CLOCK)
    when = [{"ask": "pump", "says": "any_of", "values": ["yes"]}]
    page = {"public": True, "language": "de", "sites": ["https://shop.example"], "files": 0, "thanks": "Bis morgen."}
    save_form("pump", name="Pumpe", asks=[{"ask": "pump"}, {"ask": "noise", "when": when}], page=page, by=CLOCK)
    kept = Form.objects.get(key="pump")
    written = export_text(by=CLOCK)
    emptied()

    bring_in(read_text(written), by=CLOCK)

    back = Form.objects.get(key="pump")
    assert (back.asks, back.page) == (kept.asks, kept.page)
    assert export_text(by=CLOCK) == written
    assert "says: any_of" in written
    assert preview(read_text(written), by=CLOCK).differences == []
