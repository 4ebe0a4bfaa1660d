"""Drafts, undo and company on the ticket's page."""

from django.test import Client

from towerdesk.channels.models import Inbox
from towerdesk.testing import cast
from towerdesk.tickets.models import Draft, Message, Presence
from towerdesk.tickets.reply import reply
from towerdesk.web.tests.test_ticket import page_of

PART = {"HX-Request": "true"}


def test_a_draft_survives_a_closed_browser_and_goes_with_the_reply(web, ana_user, ticket):
    said = web.post(f"/tickets/{ticket.pk}/draft", {"kind": "reply", "text": "Dear Mara, half"}, headers=PART)
    assert said.content == b"kept"

    elsewhere = Client()
    elsewhere.force_login(ana_user)
    assert "Dear Mara, half</textarea>" in page_of(elsewhere, ticket)
    assert "Draft of" in page_of(elsewhere, ticket)

    elsewhere.post(f"/tickets/{ticket.pk}/reply", {"text": "Dear Mara, all of it"})
    assert not Draft.objects.exists()


def test_a_draft_comes_before_a_suggestion_and_is_nobody_elses(web, bens_web, ticket, suggested):
    suggested(ticket)
    web.post(f"/tickets/{ticket.pk}/draft", {"kind": "note", "text": "Ring them"})

    assert "Ring them</textarea>" in page_of(web, ticket)
    assert "Ring them" not in page_of(bens_web, ticket)


def test_how_long_a_reply_can_be_stopped_is_a_setting_of_the_inbox(admins_web, web, desk, ticket):
    assert (
        admins_web.post(f"/settings/inboxes/{desk.inbox.pk}", {"undo_seconds": "x", "reopen_days": "1"}).status_code
        == 422
    )
    assert web.post(f"/settings/inboxes/{desk.inbox.pk}", {"undo_seconds": "1", "reopen_days": "1"}).status_code == 403
    admins_web.post(f"/settings/inboxes/{desk.inbox.pk}", {"undo_seconds": "40", "reopen_days": "30"})
    assert Inbox.objects.get().reopen_days == 30

    web.post(f"/tickets/{ticket.pk}/reply", {"text": "Turn it."})
    said = Message.objects.get(direction="out")
    assert round((said.send_after - said.created_at).total_seconds()) == 40
    assert "in 40 seconds" in page_of(web, ticket)


def test_what_was_stopped_is_a_draft_again(web, ticket):
    web.post(f"/tickets/{ticket.pk}/reply", {"text": "Turn it."})
    web.post(f"/messages/{Message.objects.get(direction='out').pk}/stop")

    assert "Turn it.</textarea>" in page_of(web, ticket)


def test_a_reply_that_crosses_a_colleagues_asks_first(web, ben, ticket):
    read = Message.objects.get().pk
    reply(ticket, "Turn the ring.", by=ben)

    asked = web.post(f"/tickets/{ticket.pk}/reply", {"text": "Descale it.", "answers": read, "seen": read})
    page = asked.content.decode()
    assert asked.status_code == 409
    assert "Ben Okafor answered while this was written" in page
    assert "Send it all the same" in page
    assert "Descale it.</textarea>" in page


def test_two_people_see_each_other(web, bens_web, ticket):
    bens_web.post(f"/tickets/{ticket.pk}/here", {"writing": "reply"})
    assert "Ben Okafor is writing a reply" in page_of(web, ticket)

    said = web.post(f"/tickets/{ticket.pk}/here", {})
    assert "Ben Okafor is writing a reply" in said.content.decode()
    bens_web.post(f"/tickets/{ticket.pk}/here", {"gone": "1"})
    assert Presence.objects.count() == 1


def test_nobody_is_present_where_they_may_not_read(bens_web, desk, mara):
    desk.billing.restricted = True
    desk.billing.save()
    hidden = cast.opened(desk, mara)
    hidden.team = desk.billing
    hidden.save()

    assert bens_web.post(f"/tickets/{hidden.pk}/here", {}).status_code == 404
    assert bens_web.post(f"/tickets/{hidden.pk}/draft", {"kind": "note", "text": "x"}).status_code == 404
