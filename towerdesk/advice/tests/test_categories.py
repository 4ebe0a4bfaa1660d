"""Categories: too many, never used, not there; priorities and forms that say nothing."""

from urllib.parse import parse_qs, urlsplit

from towerdesk.advice.lint import lint
from towerdesk.lib.actor import CLOCK
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import CustomField, Form, Intent, Ticket, Value


def test_sixty_intents_are_too_many(desk, came, said):
    for number in range(60):
        Intent.objects.create(slug=f"intent-{number}", name=f"Intent {number}", team=desk.repairs)

    assert said("too-many") == [
        "There are 60 intents to choose from; beyond 40 people guess instead of choosing.",
    ]


def test_what_no_ticket_has_is_named_with_a_filter_for_it(leaks, came, desk):
    Intent.objects.create(slug="sparks", name="Sparks", team=desk.repairs)
    came(100, intent=leaks, type="incident")

    found = [one.finding for one in lint(by=CLOCK) if one.check.name == "never-used"]

    assert found[0].what == "No ticket of the last 90 days has the intent Sparks."
    assert found[0].shows[0].path == "/tickets?q=intent%3A%22sparks%22"
    assert "any of 5 types: Question, Problem, Task" in found[1].what


def test_a_merged_value_lives_on_in_the_one_it_was_merged_into(came, desk, said):
    fixed = Value.objects.create(kind="type", key="question", name="Question")
    Value.objects.create(kind="type", key="ask", name="Ask", retired_at=fixed.created_at, merged_into=fixed)
    came(100, type="ask")

    assert "Question" not in said("never-used")[0]


def test_a_new_desk_is_not_scolded_for_what_nobody_used_yet(leaks, came, said):
    came(20)

    assert said("never-used") == said("no-intent") == said("one-priority") == said("field-unused") == []


def test_tickets_without_an_intent_are_a_third_of_all(leaks, came, said):
    came(60, intent=leaks)
    came(40)

    assert said("no-intent")[0].startswith("40 % of 100 tickets of the last 90 days have no intent")


def test_when_everything_is_normal_nothing_is(came, said):
    came(95)
    assert said("one-priority") == []  # too few to say anything
    came(5, priority="high")

    assert said("one-priority") == [
        "95 % of the tickets of the last 90 days have the priority normal: it orders nothing."
    ]


def test_forms_that_ask_what_nobody_uses(came, said):
    CustomField.objects.create(key="serial", name="Serial number")
    CustomField.objects.create(key="photo", name="Photo", kind="link")
    Form.objects.create(key="repair", name="Repair", asks=[{"ask": "serial"}, {"ask": "photo"}, {"ask": "impact"}])
    Form.objects.create(key="refund", name="Refund")
    came(80)
    came(30, form="repair", fields={"serial": "BW-1", "photo": ""})

    assert said("field-unused") == [
        "1 field is filled in on no ticket of the last 90 days: Photo.",
        "1 form was filled in by nobody in 90 days: Refund.",
        "The form “Repair” was filled in 30 times in 90 days, and nobody answered Photo.",
    ]


def test_every_filter_that_shows_something_finds_it(leaks, came):
    came(100, priority="normal")
    links = [shown.path for one in lint(by=CLOCK) for shown in one.finding.shows if shown.path.startswith("/tickets?")]

    assert links
    for link in links:
        [query] = parse_qs(urlsplit(link).query)["q"]
        parse(query).apply(Ticket.objects.all(), CLOCK).count()
