"""Drafts survive, replies can be stopped, and two people at one ticket see each other."""

from datetime import timedelta

import pytest

from towerdesk.lib import clock
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.tickets.draft import keep_draft
from towerdesk.tickets.models import Draft, Presence
from towerdesk.tickets.note import note
from towerdesk.tickets.presence import be_here, leave, others_here
from towerdesk.tickets.reply import reply
from towerdesk.tickets.withdraw import withdraw


def test_a_draft_is_kept_for_its_writer_alone(ticket, ana, ben, ana_user):
    keep_draft(ticket, "reply", "Good mor", by=ana)
    keep_draft(ticket, "reply", "Good morning", by=ana)
    keep_draft(ticket, "note", "Ring them", by=ben)

    assert Draft.objects.get(user=ana_user).text == "Good morning"
    assert not keep_draft(ticket, "reply", "  ", by=ana)
    assert not Draft.objects.filter(user=ana_user).exists()


def test_a_save_that_comes_after_the_reply_is_not_a_draft_any_more(ticket, ana):
    said = reply(ticket, "Turn the ring.", by=ana, pause=timedelta(seconds=10))
    assert not keep_draft(ticket, "reply", "Turn the ring.", by=ana)

    withdraw(said, "changed my mind", by=ana)
    assert keep_draft(ticket, "reply", "Turn the ring.", by=ana)


def test_only_agents_have_drafts(ticket, ana):
    with pytest.raises(Invalid, match="a reply or a note"):
        keep_draft(ticket, "letter", "x", by=ana)
    with pytest.raises(Invalid, match="of an agent"):
        keep_draft(ticket, "note", "x", by=clock_actor())


def clock_actor():
    from towerdesk.lib.actor import CLOCK

    return CLOCK


def test_a_reply_that_was_stopped_was_no_first_answer(ticket, ana):
    first = reply(ticket, "Hello", by=ana, pause=timedelta(seconds=10))
    withdraw(first, "changed my mind", by=ana)

    ticket.refresh_from_db()
    assert ticket.first_reply_at is None

    second = reply(ticket, "Turn it", by=ana)
    assert ticket.first_reply_at == second.send_after


def test_a_reply_that_crosses_a_colleagues_asks_first(ticket, ana, ben):
    read = ticket.messages.get()
    theirs = reply(ticket, "Turn the ring.", by=ben)

    with pytest.raises(Conflict, match="Ben Okafor answered while this was written"):
        reply(ticket, "Descale it.", by=ana, seen=read.pk)
    reply(ticket, "And descale it.", by=ana, seen=theirs.pk)


def test_ones_own_words_notes_and_what_was_stopped_cross_nothing(ticket, ana, ben):
    read = ticket.messages.get()
    reply(ticket, "Hello.", by=ana)
    note(ticket, "Third this week", by=ben)
    withdraw(reply(ticket, "Hm.", by=ben, pause=timedelta(seconds=9)), "no", by=ben)

    reply(ticket, "And another thing.", by=ana, seen=read.pk)


def test_two_people_at_a_ticket_see_each_other(ticket, ana, ben):
    be_here(ticket, by=ana)
    be_here(ticket, writing="note", by=ben)

    assert [(one.user.first_name, one.writing) for one in others_here(ticket, ana)] == [("Ben", "note")]
    leave(ticket, by=ben)
    assert not others_here(ticket, ana).exists()


def test_whoever_went_without_a_word_is_forgotten(ticket, ana, ben):
    with clock.at(now() - timedelta(minutes=2)):
        be_here(ticket, by=ben)

    assert not others_here(ticket, ana).exists()
    be_here(ticket, by=ana)
    assert Presence.objects.count() == 1
