"""Sentences of a reply and what they rest on."""

import pytest

from towerdesk.assistant.propose.checks import check
from towerdesk.assistant.propose.extract import extract
from towerdesk.assistant.propose.ground import ground
from towerdesk.knowledge.plain import plain
from towerdesk.knowledge.rank import Found
from towerdesk.knowledge.search import Passage
from towerdesk.knowledge.sentences import spans
from towerdesk.lib.embedding.minilm import minilm

RETURNS = """You can send a grinder back within 30 days. We refund the money within 5 working days.

To send it back:

1. Pack the grinder and the brush.
2. Print the return label from https://roast.example/returns.
3. Bring the parcel to the post office.

Opened coffee can not be returned. Vouchers are sent by mail."""


def passage(text, score=0.8):
    found = tuple(spans(text))
    vectors = minilm().embed([plain(text[start:end]) for start, end in found])
    return Passage(
        1, 1, 1, "returns", "Sending a grinder back", "Sending a grinder back", text, 0, found, vectors, score, "en"
    )


def ask(question, score=0.8):
    one = passage(RETURNS, score)
    return extract(question, minilm().embed([question])[0], [(Found(1, 0.8, 0.8, 0.2, ((1, 0.8),)), [one])])


def told(quotes):
    return " ".join(quote.text for quote in quotes)


def test_mara_hears_all_steps_in_order_when_one_answers_her():
    quotes = ask("Where do I get the return label for my parcel?")
    assert [quote.step for quote in quotes if quote.step] == [1, 2, 3]
    assert quotes[0].text == "To send it back:"


def test_a_fact_is_quoted_from_its_place():
    quotes = ask("How many days until you refund my money?")
    assert "5 working days" in told(quotes)
    assert all(plain(RETURNS[quote.start : quote.end]) == quote.text for quote in quotes)


def test_a_question_the_article_does_not_speak_of_gets_no_answer():
    assert ask("Does your choir sing on Tuesdays?", score=0.1) == []


def test_the_model_may_say_it_in_other_words():
    resting, cut = ground("You may return a grinder within 30 days.", [passage(RETURNS)], minilm())
    assert [quote.passage.slug for quote in resting] == ["returns"]
    assert cut == []


@pytest.mark.parametrize(
    "claim",
    [
        "You can send a grinder back within 60 days.",
        "You can not send a grinder back within 30 days.",
        "Print the return label from https://evil.example/returns.",
        "Our founder was born in Lisbon and loves sailing.",
        "Opened coffee can be returned.",
    ],
)
def test_what_no_source_says_is_cut(claim):
    resting, cut = ground(claim, [passage(RETURNS)], minilm())
    assert resting == []
    assert cut == [claim]


def test_without_sources_everything_is_cut():
    assert ground("One. Two things are said.", [], minilm()) == ([], ["One.", "Two things are said."])


def test_a_quoted_reply_passes_its_checks():
    assert all(one.ok for one in check(ask("How do I send the grinder back?"), "en"))


def test_a_reply_in_another_language_than_the_customer_writes_does_not():
    failed = [one.name for one in check(ask("How do I send the grinder back?"), "de") if not one.ok]
    assert failed == ["Written in the customer's language"]


def test_sentences_are_cut_where_people_would():
    text = "We ship to e.g. Spain. It takes 3.5 days. Really?\n\n- one step. With two parts\n\n# Heading\n\n```\ncode here.\n```"
    assert [text[start:end] for start, end in spans(text)] == [
        "We ship to e.g. Spain.",
        "It takes 3.5 days.",
        "Really?",
        "one step. With two parts",
    ]
