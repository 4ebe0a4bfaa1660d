"""By whom a ticket was resolved, and how we know."""

from datetime import UTC, datetime, timedelta

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.insights import facts
from towerdesk.insights.ledger import entry, ledger
from towerdesk.insights.models import TicketFact
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.people.find import person_for
from towerdesk.testing import cast
from towerdesk.tickets.close import close
from towerdesk.tickets.join import join
from towerdesk.tickets.rate import rate
from towerdesk.tickets.reopen import reopen
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import confirm, resolve

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def answered_alone(desk, person):
    ticket = cast.opened(desk, person)
    reply(ticket, "30 days.", by=THE_ASSISTANT, warrant="licence:1", then="keep")
    resolve(ticket, "Answered", by=THE_ASSISTANT)
    return ticket


def known(ticket) -> tuple[str, str]:
    facts.fold()
    told = entry(TicketFact.objects.get(ticket_id=ticket.pk))
    return told.by, told.known


def test_the_customers_word_beats_silence_and_a_reopening_both(desk, mara, jonas, ana):
    with clock.at(MONDAY):
        sure, silent, back = answered_alone(desk, mara), answered_alone(desk, jonas), None
        assert known(sure) == ("assistant", "unknown")
        rate(sure, 3, by=mara.actor())
        close(silent, by=CLOCK)
        back = cast.opened(desk, person_for("vera@novak.example", "Vera Novak"))
        reply(back, "Turn it.", by=ana, then="resolve")
        reopen(back, "Vera wrote again", by=back.requester.actor())

    assert [known(one) for one in (sure, silent, back)] == [
        ("assistant", "customer"),
        ("assistant", "assumed"),
        ("people", "reopened"),
    ]


def test_the_state_of_a_system_is_another_kind_of_knowing(desk, mara):
    ticket = answered_alone(desk, mara)
    confirm(ticket, "confirmed", by=THE_ASSISTANT)

    assert known(ticket) == ("assistant", "system")
    assert entry(TicketFact.objects.get(ticket_id=ticket.pk)).sentence == (
        "The assistant alone resolved this. Confirmed by the state of a system."
    )


def test_who_comes_back_by_another_channel_counts_against_once_it_is_known_to_be_them(desk, mara, ana):
    with clock.at(MONDAY):
        first = answered_alone(desk, mara)
        close(first, by=CLOCK)
    with clock.at(MONDAY + timedelta(days=3)):
        other = person_for("mara.l@work.example", "Mara L.")
        cast.opened(desk, other)
    assert known(first) == ("assistant", "assumed")

    with clock.at(MONDAY + timedelta(days=4)):
        join(other, mara, by=ana)

    assert known(first) == ("assistant", "recontact")
    facts.rebuild()
    assert known(first) == ("assistant", "recontact")


def test_the_ledger_is_counted_and_rebuilt(desk, mara, jonas, ana):
    with clock.at(MONDAY):
        answered_alone(desk, mara)
        both = answered_alone(desk, jonas)
        both.messages.filter(direction="out").update(delivery="sent")
        reopen(both, "Jonas wrote again", by=jonas.actor())
        reply(both, "Sorry: 14 days.", by=ana, then="resolve")
    facts.fold()
    week = (MONDAY, MONDAY + timedelta(days=7))
    told = ledger(ana, *week)

    assert (told["assistant"]["unknown"], told["both"]["unknown"], told["people"]) == (1, 1, {})
    facts.rebuild()
    assert ledger(ana, *week) == told


def test_a_no_is_a_dispute(desk, mara):
    ticket = answered_alone(desk, mara)
    rate(ticket, 1, by=mara.actor())

    assert known(ticket) == ("assistant", "disputed")
