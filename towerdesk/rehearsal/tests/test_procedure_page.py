"""Single lines of a procedure's page are changed, and every other one stays as it stands."""

import pytest

from towerdesk.assistant.procedures.compile import read_procedure
from towerdesk.rehearsal.gaps.procedures.page import with_choices, with_example, with_intent, with_risk, with_words
from towerdesk.rehearsal.gaps.procedures.shapes import example_of, pattern_of
from towerdesk.rehearsal.tests.shop import PAGE


def test_an_example_stands_at_the_end_of_the_question_in_each_language():
    changed = with_example(PAGE, "order", "BW-12345")

    slot = read_procedure(changed).slot("order")
    assert slot.question == {
        "en": "The number of your order (for example BW-12345)",
        "de": "Die Nummer Ihrer Bestellung (zum Beispiel BW-12345)",
    }


def test_words_are_added_to_one_choice_also_when_it_had_none():
    page = PAGE.replace("    - damaged: broken", "    - damaged")
    slot = read_procedure(with_words(page, "reason", "damaged", ["dented", "all dinged"])).slot("reason")

    assert [option.said for option in slot.options] == [("changed my mind",), ("dented", "all dinged")]
    assert with_words(page, "reason", "unknown", ["x"]) == page


def test_what_can_be_chosen_is_named_in_the_question():
    slot = read_procedure(with_choices(PAGE, "reason", ["changed mind", "damaged"])).slot("reason")
    assert slot.question["en"] == "Why shall it go back? (changed mind, damaged)"


@pytest.mark.parametrize("head", ["---\nintents: [a]\n---\n", "---\nkey: x\nintents:\n  - a\nrisk: account\n---\n", ""])
def test_an_intent_and_a_risk_are_put_into_whatever_head_there_is(head):
    made = read_procedure(with_risk(with_intent(f"{head}\n# T\n\n## S\n\n- Done\n", "b"), "account"))
    assert made.intents == (("a", "b") if head else ("b",))
    assert made.risk == "account"


def test_an_example_is_made_up_and_only_of_numbers():
    assert (pattern_of(["BW-10001", "BW-20417"]), example_of(["BW-10001"])) == (r"BW-\d{5}", "BW-12345")
    assert {pattern_of(values) for values in (["BW-1", "X2"], ["Mara"], ["Molenpad 12"], ["mara7@x.example"])} == {""}
