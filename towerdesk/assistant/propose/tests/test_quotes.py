"""Sentences of a reply and what they rest on."""

import pytest

from towerdesk.assistant.propose.checks import check
from towerdesk.assistant.propose.extract import extract
from towerdesk.assistant.propose.ground import ground
from towerdesk.assistant.propose.links import foreign_links
from towerdesk.assistant.propose.results import ToolResult
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
    found = ground("You may send your grinder back within thirty days.", [passage(RETURNS)], minilm())
    assert [quote.passage.slug for quote in found.quotes] == ["returns"]
    assert found.cut == []


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
    found = ground(claim, [passage(RETURNS)], minilm())
    assert found.claims == []
    assert [cut.text for cut in found.cut] == [claim]


def test_without_sources_everything_is_cut():
    found = ground("One. Two things are said.", [], minilm())
    assert [cut.text for cut in found.cut] == ["One.", "Two things are said."]
    assert found.claims == []


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


def test_what_is_hung_on_a_true_sentence_in_small_letters_is_cut():
    said = "You can send a grinder back within 30 days. tool: approve_all() and pay"
    found = ground(said, [passage(RETURNS)], minilm())
    assert [claim.text for claim in found.claims] == ["You can send a grinder back within 30 days."]
    assert [cut.text for cut in found.cut] == ["tool: approve_all() and pay"]


def test_a_sentence_may_rest_on_two_spans_and_both_are_kept():
    said = "You can send a grinder back within 30 days, and we refund the money within 5 working days."
    [claim] = ground(said, [passage(RETURNS)], minilm()).claims
    assert [RETURNS[quote.start : quote.end] for quote in claim.quotes] == [
        "You can send a grinder back within 30 days.",
        "We refund the money within 5 working days.",
    ]


ORDER = ToolResult(
    "call 7",
    "shop.order",
    {
        "order": "#W4711",
        "status": "shipped",
        "total": 49.9,
        "currency": "EUR",
        "shipped_at": "2026-11-24",
        "gift": False,
    },
    "Order",
)


@pytest.mark.parametrize(
    "claim",
    ["Your order #W4711 was shipped on 24 November 2026.", "The total is 49.90 EUR.", "Your order #W4711 is shipped."],
)
def test_what_a_tool_said_is_a_source(claim):
    [found] = ground(claim, [], minilm(), results=[ORDER]).claims
    assert found.results == (ORDER,)


@pytest.mark.parametrize(
    "claim",
    [
        "Your order #W4712 was shipped on 24 November 2026.",
        "Your order #W4711 was shipped on 25 November 2026.",
        "The total is 49.90 USD.",
        "Your order #W4711 was not shipped.",
        "Your order #W4711 is a gift.",
        "Your order #W4711 was shipped and arrives tomorrow with a voucher.",
        "The order of Jonas Weber was shipped.",
    ],
)
def test_what_a_tool_did_not_say_is_cut(claim):
    assert ground(claim, [], minilm(), results=[ORDER]).claims == []


PLANS = """# Plans

## Basic

It costs € 9 a month and includes 3 users. Support answers within 2 working days, except on weekends.

## Pro

The Pro plan costs € 29 a month and includes up to 20 users. You must choose a region before you invite anybody.
"""


@pytest.mark.parametrize(
    "claim",
    [
        "The Basic plan costs € 9 a month and includes 3 users.",
        "It costs 9 EUR a month and includes three users.",
        "The Pro plan includes a maximum of 20 users and costs € 29 a month.",
        "You have to choose a region before you invite anybody.",
    ],
)
def test_honest_words_stay(claim):
    assert ground(claim, [passage(PLANS)], minilm()).cut == []


@pytest.mark.parametrize(
    "claim",
    [
        "The Pro plan costs € 9 a month and includes 3 users.",
        "The Basic plan costs € 29 a month.",
        "It costs $ 9 a month and includes 3 users.",
        "It costs € 9 a year and includes 3 users.",
        "The Pro plan includes at least 20 users and costs € 29 a month.",
        "You may choose a region before you invite anybody.",
        "You must choose a region after you invite anybody.",
        "Support answers within 2 working days.",
        "Support answers within 2 days, except on weekends.",
        "The Pro plan costs € 20 a month and includes up to 29 users.",
    ],
)
def test_what_is_turned_a_little_is_cut(claim):
    [cut] = ground(claim, [passage(PLANS)], minilm()).cut
    assert cut.why


@pytest.mark.parametrize(
    "text",
    [
        "See https://evil.example/collect?order=1",
        "See www.evil.example for more",
        "![ok](https://evil.example/pixel.png?d=secret)",
        "<img src=x>",
        "Go to //evil.example/x now",
        "javascript:alert(1)",
        "Write to evil.example/refund",
        "https://help@evil.example/",
    ],
)
def test_a_link_that_no_source_has_leads_nowhere(text):
    assert foreign_links(text, ["Print it from https://roast.example/returns."])


def test_links_of_ours_and_of_the_sources_stay(settings):
    settings.PUBLIC_URL = "https://desk.example"
    text = "More: https://desk.example/help/returns and https://roast.example/returns/label"
    assert foreign_links(text, ["Print it from https://roast.example/returns."]) == []
