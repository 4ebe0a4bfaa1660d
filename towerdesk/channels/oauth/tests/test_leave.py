"""Leave to use a mailbox: given on the company's own page, kept sealed, renewed by itself, and taken back."""

import json
import threading
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from django.db import connection

from towerdesk.channels.account import account_of
from towerdesk.channels.email.imap import Mailbox, account
from towerdesk.channels.fake_server import Says, says
from towerdesk.channels.models import Inbox
from towerdesk.channels.oauth.begin import begin, finish, give_up
from towerdesk.channels.oauth.fake import CLIENT, SECRET, USER
from towerdesk.channels.oauth.grant import grant_of
from towerdesk.channels.oauth.keep import leave_of
from towerdesk.channels.registry import channel
from towerdesk.delivery.send import send
from towerdesk.intake.mailbox import watch_granted
from towerdesk.intake.models import Raw
from towerdesk.intake.poll import read_new
from towerdesk.lib import clock
from towerdesk.lib.errors import Conflict, Invalid, Refused, Unavailable
from towerdesk.testing import cast
from towerdesk.testing.dovecot import dovecot
from towerdesk.testing.leave import at_imap, company
from towerdesk.testing.mails import mail
from towerdesk.tickets.models import Message
from towerdesk.tickets.reply import reply

LATER = timedelta(minutes=58)  # the token is good for two more minutes: it is renewed


@pytest.fixture
def both(settings):
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with company() as running:
        yield running


@pytest.fixture
def fake(both):
    return both[0]


@pytest.fixture(scope="module")
def server(request):
    """One Dovecot for all; whose token it is it asks whichever company there is just now."""
    from towerdesk.channels.fake_server import FakeServer, serving

    class Asks(FakeServer):
        company = None

        def respond(self, asked):
            return self.company.respond(asked)

    with serving(Asks()) as asks, dovecot(f"{asks.url}/introspect") as running:
        running.asks = asks
        yield running


@pytest.fixture
def mailbox(server, fake):
    """The company's mailboxes, on a real IMAP server."""
    server.asks.company = fake
    at_imap(server.port)
    return server


@pytest.fixture
def user(request):
    """A mailbox of its own for every test."""
    return f"{request.node.name[:40]}@brasswell.example"


def asked(inbox, by, **more):
    return begin(inbox, "google", by=by, client=CLIENT, secret=SECRET, **more)


def come_back(url):
    """The person's browser: to the company and back; what the desk is told."""
    said = httpx2.get(url.replace("https:", "http:"), follow_redirects=False)
    return dict(parse_qsl(urlsplit(said.headers["Location"]).query))


def connected(inbox, by, **more):
    back = come_back(asked(inbox, by, **more))
    return finish(back["state"], back["code"], by=by)


def test_a_person_gives_leave_on_the_companys_page(desk, lead, fake):
    url = asked(desk.inbox, lead)
    query = dict(parse_qsl(urlsplit(url).query))
    inbox = connected(desk.inbox, lead)

    assert (query["code_challenge_method"], query["login_hint"], query["access_type"]) == ("S256", USER, "offline")
    assert query["redirect_uri"].endswith("/settings/inboxes/granted")
    leave = leave_of(inbox.settings)
    assert leave.is_given
    assert clock.now() < leave.good_until < clock.now() + timedelta(hours=1, minutes=1)
    assert grant_of(inbox).token() in fake.access


def test_what_is_secret_is_sealed(desk, lead, fake):
    kept = json.dumps(connected(desk.inbox, lead).settings)

    assert not [secret for secret in (SECRET, *fake.access, *fake.renewals) if secret in kept]


def test_an_answer_counts_once(desk, lead, fake):
    back = come_back(asked(desk.inbox, lead))
    finish(back["state"], back["code"], by=lead)

    with pytest.raises(Conflict, match="begin again"):
        finish(back["state"], back["code"], by=lead)


def test_for_whoever_was_sent(desk, lead, other_lead, fake):
    back = come_back(asked(desk.inbox, lead))

    with pytest.raises(Conflict):
        finish(back["state"], back["code"], by=other_lead)


def test_and_not_for_long(desk, lead, fake):
    back = come_back(asked(desk.inbox, lead))

    with clock.at(clock.now() + timedelta(minutes=16)), pytest.raises(Conflict):
        finish(back["state"], back["code"], by=lead)


@pytest.mark.parametrize("state", ["", "1", "1.guessed", "999.x", "é.x", "1.\x00"])
def test_a_guessed_state_is_nobodys(desk, lead, fake, state):
    asked(desk.inbox, lead)

    with pytest.raises(Conflict):
        finish(state, "code-1", by=lead)
    assert fake.asked == []


def test_a_code_that_was_put_in_by_somebody_else_is_not_taken(desk, lead, fake):
    """The verifier is ours alone (PKCE)."""
    theirs = come_back(asked(desk.inbox, lead))
    mine = come_back(asked(desk.inbox, lead))

    with pytest.raises(Refused, match="begin again"):
        finish(mine["state"], theirs["code"], by=lead)


def test_a_person_may_say_no(desk, lead, fake):
    back = come_back(asked(desk.inbox, lead))

    with pytest.raises(Refused, match="gave no leave"):
        finish(back["state"], "", by=lead, error="access_denied")
    assert grant_of(Inbox.objects.get()) is None


def test_a_wrong_secret_is_said(desk, lead, fake):
    back = come_back(begin(desk.inbox, "google", by=lead, client=CLIENT, secret="wrong"))

    with pytest.raises(Unavailable, match="invalid_client"):
        finish(back["state"], back["code"], by=lead)


@pytest.mark.parametrize("given", [{"tenant": "a/../b"}, {"user": "a\x01b"}, {"client": ""}, {"secret": ""}])
def test_what_can_not_be_is_said_before_anybody_is_sent_away(desk, lead, given):
    with pytest.raises(Invalid):
        begin(desk.inbox, "microsoft", by=lead, **{"client": CLIENT, "secret": SECRET, **given})


def test_only_who_may_change_inboxes(desk, viewer, fake):
    with pytest.raises(Refused):
        asked(desk.inbox, viewer)


def test_a_token_is_renewed_before_it_ends(desk, lead, fake):
    grant = grant_of(connected(desk.inbox, lead))
    first = grant.token()

    assert grant.token() == first
    with clock.at(clock.now() + LATER):
        second = grant.token()
        assert (second != first, grant.token()) == (True, second)
    assert fake.refreshes == 1


def test_and_when_a_server_refuses_it(desk, lead, fake):
    grant = grant_of(connected(desk.inbox, lead))
    first = grant.token()

    second = grant.token(refused=first)
    assert (second != first, grant.token(refused=first), fake.refreshes) == (True, second, 1)


def test_a_company_may_keep_one_refresh_token(desk, lead, fake):
    fake.turns = False
    grant = grant_of(connected(desk.inbox, lead))
    fake.goes_wrong = [says({"access_token": "plain", "expires_in": "3600"})]

    assert grant.token(refused=grant.token()) == "plain"
    assert grant.token(refused="plain") in fake.access


@pytest.mark.parametrize("answer", [says({}, 503), says({}, 429), Says(200, b"<html>"), Says(hangs_up=True)])
def test_while_the_company_is_away_the_token_serves_as_long_as_it_lasts(desk, lead, fake, answer):
    grant = grant_of(connected(desk.inbox, lead))
    first = grant.token()
    fake.goes_wrong = [answer, answer]

    with clock.at(clock.now() + LATER):
        assert grant.token() == first
    with clock.at(clock.now() + timedelta(hours=2)), pytest.raises(Unavailable):
        grant.token()
    assert grant.trouble == ""


def test_leave_that_is_taken_back_is_said_once_and_not_asked_for_again(desk, lead, fake):
    inbox = connected(desk.inbox, lead)
    fake.is_taken_back = True
    said = f"Google no longer lets the desk use {USER}: connect the inbox again."
    with clock.at(clock.now() + LATER):
        for _ in range(3):
            with pytest.raises(Unavailable, match=said):
                grant_of(Inbox.objects.get()).token()

    inbox.refresh_from_db()
    assert (inbox.trouble, fake.refreshes) == (said, 1)
    assert channel("email").ready(account_of(inbox)) == said
    fake.is_taken_back = False
    again = connected(inbox, lead)
    again.refresh_from_db()
    assert (again.trouble, channel("email").ready(account_of(again))) == ("", "")


@pytest.mark.django_db(transaction=True)
def test_two_processes_renew_once(settings):
    settings.HOOK_HOSTS = ["127.0.0.1"]
    desk = cast.small_desk()
    with company() as (fake, _):
        lead = cast.acting(cast.agent("Ana Reyes", desk.repairs, role="admin"))
        inbox = connected(desk.inbox, lead)
        first = grant_of(inbox).token()
        found = []

        def renew():
            try:
                found.append(grant_of(inbox).token(refused=first))
            finally:
                connection.close()

        threads = [threading.Thread(target=renew) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert (len(found), len(set(found)), fake.refreshes) == (4, 1, 1)


def test_mail_is_read_by_token_from_a_real_server(desk, lead, fake, mailbox, user):
    inbox = connected(desk.inbox, lead, user=user)
    watch_granted(inbox, by=lead)
    mailbox.put(user, mail("It drips", id="one@x.example"))

    with Mailbox(account(inbox.settings["imap"], grant_of(inbox))) as box:
        assert read_new(inbox, box) == 1
    assert bytes(Raw.objects.get().content) == mail("It drips", id="one@x.example")


def test_a_token_that_the_server_refuses_is_renewed_there_and_then(desk, lead, fake, mailbox, user):
    inbox = connected(desk.inbox, lead, user=user)
    watch_granted(inbox, by=lead)
    fake.forget_tokens()
    mailbox.put(user, mail("It drips"))

    with Mailbox(account(inbox.settings["imap"], grant_of(inbox))) as box:
        assert read_new(inbox, box) == 1
    assert fake.refreshes == 1


def test_nothing_is_lost_while_leave_is_taken_back(desk, lead, fake, mailbox, user):
    inbox = connected(desk.inbox, lead, user=user)
    watch_granted(inbox, by=lead)
    fake.forget_tokens()
    fake.is_taken_back = True
    mailbox.put(user, mail("It drips"))
    with pytest.raises(Unavailable, match="connect the inbox again"):
        Mailbox(account(inbox.settings["imap"], grant_of(inbox))).__enter__()

    inbox.refresh_from_db()
    assert "connect the inbox again" in inbox.trouble
    fake.is_taken_back = False
    watch_granted(inbox := connected(inbox, lead, user=user), by=lead)
    with Mailbox(account(inbox.settings["imap"], grant_of(inbox))) as box:
        assert read_new(inbox, box) == 1
    inbox.refresh_from_db()
    assert inbox.trouble == ""


def test_a_reply_leaves_by_token_from_the_mailbox(ticket, ana, lead, both):
    _, relay = both
    connected(ticket.inbox, lead)
    answer = reply(ticket, "Turn it by half", by=ana)

    assert send(answer.pk) == "sent"
    assert (relay.senders, relay.mails[0]["From"].addresses[0].addr_spec) == ([USER], USER)


def test_so_it_does_after_a_token_was_refused(ticket, ana, lead, both):
    fake, relay = both
    connected(ticket.inbox, lead)
    fake.forget_tokens()

    assert send(reply(ticket, "Turn it by half", by=ana).pk) == "sent"
    assert (len(relay.mails), fake.refreshes) == (1, 1)


def test_while_leave_is_taken_back_replies_wait_and_then_leave(ticket, ana, lead, both):
    fake, relay = both
    connected(ticket.inbox, lead)
    fake.forget_tokens()
    fake.is_taken_back = True
    answer = reply(ticket, "Turn it by half", by=ana)

    assert send(answer.pk) == "retry"  # that is when it was found out
    with clock.at(clock.now() + timedelta(hours=30)):
        assert send(answer.pk) == "waits"
        fake.is_taken_back = False
        connected(ticket.inbox, lead)
        assert send(answer.pk) == "sent"
    assert (Message.objects.get(pk=answer.pk).delivery, len(relay.mails)) == ("sent", 1)


def test_without_leave_replies_leave_by_the_relay_as_before(desk, lead, fake):
    inbox = connected(desk.inbox, lead)
    give_up(inbox, by=lead)

    assert (grant_of(inbox), Inbox.objects.get().settings) == (None, {})
