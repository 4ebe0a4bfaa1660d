"""Which asks a form shows. The browser goes by the same list: `tests/journeys/test_forms.py` holds the two together."""

import pytest

from towerdesk.lib.errors import Invalid
from towerdesk.tickets.asks import Ask, asks_of
from towerdesk.tickets.models import Form
from towerdesk.tickets.shown import shown
from towerdesk.tickets.submit import must_answer
from towerdesk.tickets.taxonomy.conditions import When, in_words, spoken
from towerdesk.tickets.taxonomy.edit import make_value
from towerdesk.tickets.taxonomy.merge import merge_value
from towerdesk.tickets.taxonomy.retire import remove
from towerdesk.tickets.taxonomy.shape_fields import save_field, save_form
from towerdesk.tickets.taxonomy.things import the_value

CASES = [
    ("any_of", ["a", "b"], "a", True),
    ("any_of", ["a", "b"], "c", False),
    ("any_of", ["a"], ["c", "a"], True),
    ("any_of", ["a"], "", False),
    ("any_of", ["yes"], True, True),
    ("none_of", ["a"], "b", True),
    ("none_of", ["a"], ["b", "a"], False),
    ("none_of", ["a"], "", False),
    ("filled", [], "0", True),
    ("filled", [], " \t\r\n", False),
    ("filled", [], [], False),
    ("empty", [], "", True),
    ("empty", [], "x", False),
    ("at_least", ["10"], "9", False),
    ("at_least", ["10"], "10", True),
    ("at_least", ["2,5"], "2.50", True),
    ("at_least", ["-1"], "-2", False),
    ("at_most", ["10"], "9.999999", True),
    ("at_most", ["10"], "", False),
    ("at_most", ["10"], "ten", False),
    ("at_least", ["2026-01-31"], "2026-02-01", True),
    ("at_most", ["2026-01-31"], "2026-02-01", False),
    ("at_least", ["2026-01-31"], "5", False),
    ("at_least", ["10"], "1e9", False),
    ("at_least", ["10"], "٣٣", False),
]


@pytest.mark.parametrize(("says", "values", "answer", "holds"), CASES)
def test_a_condition(says, values, answer, holds):
    asks = [Ask("one", "One", "text"), Ask("two", "Two", "text", when=(When("one", says, tuple(values)),))]

    assert [one.key for one in shown(asks, {"one": answer})] == (["one", "two"] if holds else ["one"])


def test_what_is_not_shown_counts_as_not_answered_all_the_way_down():
    chain = [
        Ask("one", "One", "text"),
        Ask("two", "Two", "text", when=(When("one", "filled"),)),
        Ask("three", "Three", "text", when=(When("two", "filled"),)),
    ]

    assert [one.key for one in shown(chain, {"two": "left over"})] == ["one"]
    assert [one.key for one in shown(chain, {"one": "x", "two": "y"})] == ["one", "two", "three"]


def test_all_conditions_must_hold():
    both = (When("one", "filled"), When("two", "empty"))
    asks = [Ask("one", "One", "text"), Ask("two", "Two", "text"), Ask("three", "Three", "text", when=both)]

    assert len(shown(asks, {"one": "x"})) == 3
    assert len(shown(asks, {"one": "x", "two": "y"})) == 2


def test_answers_of_any_kind_are_lists_of_texts():
    assert [spoken(value) for value in (None, True, False, 3, "  a ", ["b", ""])] == [
        [],
        ["yes"],
        ["no"],
        ["3"],
        ["a"],
        ["b"],
    ]


@pytest.fixture
def form(db, ana) -> Form:
    save_field("machine", name="Machine", kind="choice", by=ana)
    make_value("field.machine", "Solo 2", by=ana)
    make_value("field.machine", "Duo", by=ana)
    save_field("serial", name="Serial number", kind="text", by=ana)
    when = [{"ask": "machine", "says": "any_of", "values": ["Solo 2"]}]
    asks = [{"ask": "machine"}, {"ask": "serial", "required": True, "when": when}]
    return save_form("repair", name="Repair", asks=asks, by=ana)


def test_names_are_kept_as_keys_and_said_as_names(form):
    when = form.asks[1]["when"]

    assert when == [{"ask": "machine", "says": "any_of", "values": ["solo-2"]}]
    assert in_words(when, {"machine": "Machine"}) == "“Machine” is Solo 2"


def test_only_what_is_shown_is_demanded(form):
    must_answer(form, {"fields": {"machine": "duo"}})

    with pytest.raises(Invalid, match="“Repair” needs “Serial number”"):
        must_answer(form, {"fields": {"machine": "solo-2"}})


def test_a_choice_that_was_merged_still_counts(form, ana):
    make_value("field.machine", "Solo II", by=ana)
    merge_value(the_value("field.machine", "solo-ii"), the_value("field.machine", "solo-2"), by=ana)

    assert "solo-ii" in asks_of(form)[1].when[0].values


def test_a_choice_that_a_condition_rests_on_is_not_deleted(form, ana):
    with pytest.raises(Invalid.__base__, match="the form “Repair”"):
        remove(the_value("field.machine", "solo-2"), by=ana)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"ask": "serial", "says": "filled"}, "only on what is asked before it"),
        ({"ask": "machine", "says": "at_least", "values": ["1"]}, "a condition on “machine” says one of any_of"),
        ({"ask": "machine", "says": "any_of", "values": []}, "say which answer to “machine” counts"),
        (
            {"ask": "machine", "says": "any_of", "values": ["Soloo 2"]},
            "There is no value “Soloo 2”|Did you mean|There is no",
        ),
    ],
)
def test_a_bad_condition_is_refused_with_what_to_change(form, ana, when, said):
    with pytest.raises(Invalid, match=said):
        save_form("bad", name="Bad", asks=[{"ask": "machine"}, {"ask": "serial", "when": [when]}], by=ana)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"sites": "shop.example"}, "write it like https://shop.example"),
        ({"sites": "https://shop.example/path"}, "without a path"),
        ({"sites": "https://*.example"}, "is no site"),
        ({"sites": "https://a.example; script-src *"}, "is no site"),
        ({"language": "xx"}, "A form speaks one of"),
        ({"files": "11"}, "Take between 0 and 10 files"),
        ({"megabytes": "-1"}, "A file has 1 to 25 MB"),
        ({"inbox": "nobody@brasswell.example"}, "There is no mail inbox"),
    ],
)
def test_a_bad_page_is_refused_with_what_to_change(form, ana, page, said):
    with pytest.raises(Invalid, match=said):
        save_form("repair", name="Repair", page=page, by=ana)


def test_a_form_keeps_its_page_when_only_its_asks_change(form, ana):
    save_form(
        "repair", name="Repair", page={"public": True, "sites": "https://Shop.example/ http://127.0.0.1:8000"}, by=ana
    )
    kept = save_form("repair", name="Repair", asks=[{"ask": "machine"}], by=ana)

    assert kept.page == {"public": True, "sites": ["https://shop.example", "http://127.0.0.1:8000"]}
