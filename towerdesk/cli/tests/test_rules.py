"""`towerdesk rules`: try one before it is switched on."""

import json

import pytest
from typer.testing import CliRunner

from towerdesk.automation.models import Rule
from towerdesk.automation.rules import run as run_rules
from towerdesk.cli.rules import app
from towerdesk.events.models import Event
from towerdesk.lib.errors import Conflict, Invalid, NotFound


@pytest.fixture
def rule(ana_user, ticket):
    actions = [{"do": "change", "priority": "high"}]
    return Rule.objects.create(
        name="Drips are urgent", condition="drips", actions=actions, owner=ana_user, active=False
    )


def run(*words):
    return CliRunner().invoke(app, words)


def test_a_rule_is_tried_on_the_past(rule, ticket):
    said = run("test", "drips are urgent", "--days", "90").stdout

    assert f"{ticket.pk}  Group head drips: Sets the priority from “normal” to “high”." in said
    assert "In 90 days it would have changed 1 of 1 tickets, looking 1 times." in said
    lines = [json.loads(line) for line in run("test", str(rule.pk), "--json").stdout.splitlines()]
    assert (lines[0]["ticket"], lines[1]["changed_tickets"]) == (ticket.pk, 1)


def test_it_is_switched_and_listed(rule):
    assert "is on" in run("on", str(rule.pk)).stdout
    assert "on   message.received" in run("list").stdout
    assert "is off" in run("off", str(rule.pk)).stdout


def test_a_ticket_is_explained(rule, ticket):
    run("on", str(rule.pk))
    run_rules(Event.objects.get(kind="message.received"), ticket)

    said = run("explain", str(ticket.pk)).stdout

    assert "message.received by Mara Lindqvist" in said
    assert "+ Drips are urgent: did: change (version 1)" in said


def test_what_cannot_be_is_one_sentence(rule, ana_user):
    Rule.objects.create(name="drips are urgent", actions=[], owner=ana_user, active=False)
    for words, trouble, says in (
        (("test", "nothing"), NotFound, "no rule “nothing”"),
        (("test", "Drips are urgent"), Conflict, "2 rules are called"),
        (("explain", "99"), NotFound, "no ticket 99"),
        (("on", str(Rule.objects.latest("id").pk)), Invalid, "does nothing yet"),
    ):
        result = run(*words)
        assert isinstance(result.exception, trouble), words
        assert says in str(result.exception)
