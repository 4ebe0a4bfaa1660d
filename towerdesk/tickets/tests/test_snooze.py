"""A snoozed ticket is out of sight, not out of mind."""

from datetime import datetime, timedelta

import pytest

from towerdesk.lib import clock
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.snooze import snooze, wake
from towerdesk.tickets.time_passes import time_passes

TOMORROW = timedelta(days=1)


def test_a_snoozed_ticket_comes_back_by_the_clock(ticket, ana, ana_user):
    assign(ticket, ana_user, by=ana)
    snooze(ticket, now() + TOMORROW, "the part arrives", by=ana)

    assert (ticket.status, ticket.step_kind, ticket.next_step) == ("open", "snooze", "Snoozed: the part arrives")
    assert not Ticket.objects.in_bay("answer").exists()
    assert time_passes() == 0

    with clock.at(now() + TOMORROW + timedelta(minutes=1)):
        assert time_passes() == 1
        ticket.refresh_from_db()
        assert (ticket.step_kind, ticket.next_step) == ("answer", "The snooze is over. Ana answers Mara")
        assert ticket.due_at > now()


def test_it_comes_back_as_soon_as_the_customer_writes(ticket, ana):
    snooze(ticket, now() + TOMORROW, by=ana)

    cast.says(ticket, "Any news?")

    ticket.refresh_from_db()
    assert ticket.step_kind == "answer"


def test_a_vacation_note_does_not_wake_it(ticket, ana):
    snooze(ticket, now() + TOMORROW, by=ana)

    cast.says(ticket, "I am away.", auto="vacation")

    ticket.refresh_from_db()
    assert ticket.step_kind == "snooze"


def test_what_waits_on_the_customer_waits_on_them_again(ticket, ana):
    reply(ticket, "From the rim?", by=ana)
    snooze(ticket, now() + TOMORROW, by=ana)

    assert wake(ticket, by=ana)

    assert (ticket.status, ticket.step_kind) == ("pending", "customer")
    assert not wake(ticket, by=ana)


def test_a_snooze_begun_anew_is_not_ended_by_the_old_one(ticket, ana):
    snooze(ticket, now() + TOMORROW, by=ana)
    snooze(ticket, now() + 3 * TOMORROW, by=ana)

    with clock.at(now() + 2 * TOMORROW):
        assert time_passes() == 0


def test_when_one_may_not_snooze(ticket, ana):
    for moment in (now() - TOMORROW, now() + 400 * TOMORROW, datetime(2031, 1, 1)):
        with pytest.raises(Invalid, match="between now and a year"):
            snooze(ticket, moment, by=ana)
    resolve(ticket, by=ana)
    with pytest.raises(Conflict, match="open it again first"):
        snooze(ticket, now() + TOMORROW, by=ana)
