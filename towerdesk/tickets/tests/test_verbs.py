"""What the verbs do, as short stories."""

from datetime import timedelta

import pytest

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.testing import cast
from towerdesk.tickets.change import change
from towerdesk.tickets.close import close
from towerdesk.tickets.merge import merge, standing
from towerdesk.tickets.rate import rate
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.tag import tag
from towerdesk.tickets.thanks import is_thanks
from towerdesk.tickets.time_passes import time_passes
from towerdesk.tickets.watch import watch


def test_a_reply_waits_on_the_customer_and_takes_the_ticket(ticket, ben):
    message = reply(ticket, "Please turn the gasket by half.", by=ben)

    assert (ticket.status, ticket.step_kind) == ("pending", "customer")
    assert ticket.next_step == "Reminder if Mara does not answer"
    assert ticket.assignee.name == "Ben Okafor"
    assert message.delivery == "queued"


def test_an_answer_puts_it_before_us_again(ticket, ben):
    reply(ticket, "From the rim or the spout?", by=ben)

    cast.says(ticket, "From the rim.")

    ticket.refresh_from_db()
    assert (ticket.status, ticket.next_step) == ("open", "Ben answers Mara")


def test_thanks_confirm_a_resolution_and_do_not_reopen(ticket, ben):
    resolve(ticket, "Gasket turned", by=ben)

    cast.says(ticket, "Perfect, thank you!")

    ticket.refresh_from_db()
    assert (ticket.status, ticket.known_by) == ("resolved", "confirmed")


def test_anything_else_reopens(ticket, ben):
    resolve(ticket, "Gasket turned", by=ben)

    cast.says(ticket, "Thanks, but it still drips.")

    ticket.refresh_from_db()
    assert (ticket.status, ticket.known_by) == ("open", "reopened")


def test_a_vacation_note_changes_nothing(ticket, ben):
    reply(ticket, "From the rim or the spout?", by=ben)

    cast.says(ticket, "I am away until Monday.", auto="vacation")

    ticket.refresh_from_db()
    assert ticket.status == "pending"


@pytest.mark.parametrize(("rating", "known_by", "status"), [(3, "confirmed", "resolved"), (1, "disputed", "open")])
def test_the_customers_word_says_how_we_know(ticket, ben, mara, rating, known_by, status):
    resolve(ticket, "Gasket turned", by=ben)

    rate(ticket, rating, by=mara.actor())

    ticket.refresh_from_db()
    assert (ticket.known_by, ticket.status, ticket.rating) == (known_by, status, rating)


def test_silence_is_called_assumed_never_confirmed(ticket):
    resolve(ticket, "Answered", by=THE_ASSISTANT)

    with clock.at(clock.now() + timedelta(days=6)):
        assert time_passes() == 1

    ticket.refresh_from_db()
    assert (ticket.status, ticket.known_by) == ("closed", "assumed")


def test_a_customer_who_stays_silent_brings_the_ticket_back_to_us(ticket, ben):
    reply(ticket, "From the rim or the spout?", by=ben)

    with clock.at(clock.now() + timedelta(days=4)):
        time_passes()

    ticket.refresh_from_db()
    assert ticket.next_step == "Mara did not answer. Ben answers Mara"


def test_merged_tickets_lead_to_the_one_that_stands(desk, ticket, mara, ana):
    other = cast.opened(desk, mara, "Still dripping", "It drips on.")

    merge(other, ticket, by=ana)

    assert standing(other) == ticket
    assert [m.visible for m in ticket.messages.order_by("id")] == ["It drips. What can I do?", "It drips on."]
    with pytest.raises(Conflict, match="answer there"):
        reply(other, "Hello", by=ana)


def test_a_ticket_cannot_be_merged_into_itself(ticket, ana):
    with pytest.raises(Invalid, match="stands on its own"):
        merge(ticket, ticket, by=ana)


@pytest.mark.parametrize(
    "values", [{"priority": "urgent"}, {"subject": "  "}, {"colour": "red"}, {"next_step": "Ring"}]
)
def test_what_cannot_be_set_is_one_clear_sentence(ticket, ana, values):
    with pytest.raises(Invalid) as trouble:
        change(ticket, by=ana, **values)

    assert str(trouble.value).endswith((".", "zone."))


def test_priority_brings_the_promise_forward_and_never_back(ticket, ana):
    change(ticket, priority="critical", by=ana)
    sooner = ticket.due_at

    change(ticket, priority="low", by=ana)

    assert ticket.due_at == sooner


def test_closing_needs_nothing_more(ticket, ana):
    close(ticket, "spam", by=CLOCK)

    assert (ticket.status, ticket.step_kind) == ("closed", "none")
    with pytest.raises(Conflict, match="reopen it first"):
        change(ticket, priority="high", by=ana)


def test_tags_are_tidied(ticket, ana):
    tag(ticket, add=["  August   Batch "], by=ana)

    assert ticket.tags == ["august batch"]
    with pytest.raises(Invalid, match="can't be a tag"):
        tag(ticket, add=["<b>"], by=ana)


def test_watching_is_on_or_off(ticket, ana, ana_user):
    watch(ticket, ana_user, by=ana)
    watch(ticket, ana_user, by=ana)
    assert list(ticket.watchers.all()) == [ana_user]

    watch(ticket, ana_user, by=ana, on=False)
    assert not ticket.watchers.exists()


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "Super, danke dir",
        "Works now, thank you",
        "Merci beaucoup",
        "Perfect",
        "Vielen Dank für die Auskunft!",
        "Perfekt, jetzt ist alles klar.",
        "Brilliant. Coffee is saved.",
    ],
)
def test_thanks_are_thanks(text):
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but no",
        "Thank you. When?",
        "",
        "Danke, aber es tropft noch",
        "It isn't solved",
        "Great, wrong part",
        "Thank you, the order number is B-19977.",
        "Thanks! Write to me@weber.example",
    ],
)
def test_these_are_not(text):
    assert not is_thanks(text)
