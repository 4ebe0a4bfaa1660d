"""The company tells one consistent story."""

import re

from towerdesk.cli.demo.facts import company


def test_every_intent_is_answered_by_articles_or_needs_a_person():
    brasswell = company()
    for intent in brasswell.intents:
        assert intent.answers or intent.answerable == 0, intent.slug
        for answer in intent.answers:
            assert brasswell.article(answer).audience == "public", (intent.slug, answer)
            assert brasswell.article(answer).status == "current", (intent.slug, answer)


def test_every_name_that_is_used_exists():
    brasswell = company()
    teams = {team.slug for team in brasswell.teams}
    intents = {intent.slug for intent in brasswell.intents}
    agents = {agent.id for agent in brasswell.agents}

    assert {team.lead for team in brasswell.teams} <= agents
    assert {slug for agent in brasswell.agents for slug in agent.teams} == teams
    assert {inbox.team for inbox in brasswell.inboxes} == teams
    assert {intent.team for intent in brasswell.intents} <= teams
    assert {intent.inbox for intent in brasswell.intents} <= {inbox.address for inbox in brasswell.inboxes}
    assert {intent.area for intent in brasswell.intents} <= set(brasswell.areas)
    for article in brasswell.articles:
        assert set(article.intents) <= intents, article.id
        assert article.product_area in brasswell.areas, article.id


def test_an_outdated_article_is_internal_and_names_its_successor():
    outdated = [article for article in company().articles if article.status == "outdated"]
    assert outdated
    for article in outdated:
        assert article.audience == "internal"
        assert company().article(article.replaced_by).status == "current"


def test_articles_are_short_enough_to_read_and_long_enough_to_help():
    for article in company().articles:
        assert 110 <= len(article.body.split()) <= 450, (article.id, len(article.body.split()))
        assert "\n## " in article.body, article.id


def test_prices_of_parts_agree_everywhere():
    prices = {
        "GK-58": "6.40", "KB-1": "39.00", "DB-64": "42.00", "WF-1": "12.50",
    }  # fmt: skip
    for article in company().articles:
        for sentence in re.split(r"(?<=\.)\s", article.body):
            for part, price in prices.items():
                if part in sentence and "costs €" in sentence and sentence.count("€") == 1:
                    assert f"€ {price}" in sentence, (article.id, sentence)


def test_intents_carry_enough_examples_and_their_shares_make_a_whole():
    brasswell = company()
    assert 25 <= len(brasswell.intents) <= 30
    assert all(8 <= len(set(intent.examples)) <= 40 for intent in brasswell.intents)
    assert abs(sum(intent.share for intent in brasswell.intents) - 100) < 0.01
    assert max(intent.share for intent in brasswell.intents) <= 15  # no single question outweighs a day


def test_all_addresses_are_of_the_example_domain():
    brasswell = company()
    addresses = [agent.email for agent in brasswell.agents] + [inbox.address for inbox in brasswell.inboxes]
    assert all(address.endswith("@brasswell.example") for address in addresses)
