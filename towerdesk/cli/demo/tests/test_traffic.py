"""What the invented customers write."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from towerdesk.cli.demo.facts import company
from towerdesk.cli.demo.phrases import incident, phrases
from towerdesk.cli.demo.traffic import Generator, Request


@pytest.fixture(scope="module")
def many() -> list[Request]:
    return list(Generator(7).requests(2000))


def test_two_thousand_people_write_two_thousand_different_mails(many):
    assert len({request.words for request in many}) > 0.97 * len(many)
    assert len({request.token for request in many}) == len(many)


def test_the_same_seed_writes_the_same_mails_and_another_seed_does_not():
    first, again, other = (list(Generator(seed).requests(50)) for seed in (3, 3, 4))
    assert first == again
    assert not {request.words for request in first} & {request.words for request in other}


def test_mails_do_not_sound_like_a_form(many):
    openings = Counter(request.words.split("\n")[0][:40] for request in many if len(request.words) > 200)
    assert openings.most_common(1)[0][1] < 0.06 * len(many)
    assert min(len(request.words) for request in many) < 40
    assert max(len(request.words) for request in many) > 450


def test_every_intent_gets_its_share_and_the_first_ones_the_most(many):
    counts = Counter(request.intent for request in many)
    for intent in company().intents:
        assert abs(counts[intent.slug] / len(many) * 100 - intent.share) < 2.5, intent.slug


def test_a_tenth_of_the_mail_is_in_german_french_or_spanish(many):
    counts = Counter(request.language for request in many)
    assert 0.06 < counts["de"] / len(many) < 0.11
    assert counts["fr"] > 10
    assert counts["es"] > 10


def test_no_mail_has_a_hole_where_a_fact_should_be(many):
    for request in many:
        for text in (request.subject, request.body, *vars(request.says).values()):
            assert not re.search(r"\{\w+\}|\[[^\]]*\|", text), text


def test_phrases_agree_with_the_company_about_what_articles_answer():
    for intent in company().intents:
        cases = phrases(intent.slug).cases
        alone = sum(case.weight for case in cases if not case.person) / sum(case.weight for case in cases)
        assert abs(alone - intent.answerable) < 0.01, intent.slug
        for case in cases:
            assert case.person or case.answers, (intent.slug, case.index)
            assert all(company().article(answer).audience == "public" for answer in case.answers)


def test_every_phrase_can_be_said_with_every_fact_it_names():
    for about in [phrases(intent.slug) for intent in company().intents] + [incident()]:
        writer = Generator(1)
        for _ in range(60):
            assert writer.request(intent=about.intent).intent == about.intent
    assert writer.incident().during_incident


def test_training_examples_never_appear_in_the_traffic(many):
    examples = {example for intent in company().intents for example in intent.examples}
    said = {request.words.strip() for request in many}
    assert not examples & said


def test_a_german_customer_can_be_answered_from_german_articles():
    writer = Generator(2)
    asked = [
        request for request in (writer.request(intent="descaling") for _ in range(300)) if request.language == "de"
    ]
    assert any("de-solo-2-entkalken" in request.truth_articles for request in asked)
    assert all(company().article(name) for request in asked for name in request.truth_articles)


def test_all_customers_live_under_example_domains(many):
    assert all(re.fullmatch(r"[a-z0-9._-]+@[a-z0-9.-]+\.example", request.person.email) for request in many)
    assert len({request.person.email for request in many}) > 500


def test_some_people_write_more_than_once(many):
    assert Counter(request.person.email for request in many).most_common(1)[0][1] >= 5


def test_a_date_in_a_quote_lies_before_the_mail():
    at, writer = datetime(2026, 3, 2, 8, 0, tzinfo=UTC), Generator(1)
    quoting = [request for request in (writer.request(at) for _ in range(300)) if "> Your order" in request.body]
    assert quoting
    assert all(re.search(r"(February|March) 2026", request.body) for request in quoting)
