"""Replies leave by the provider's interface: once, with our ids, tried again when it is busy, and given up visibly."""

from datetime import timedelta
from urllib.parse import unquote_plus

import pytest

from towerdesk.channels.account import account_of
from towerdesk.channels.email.providers.fake import FakeBrevo, FakeMailgun, FakePostmark, FakeSendGrid
from towerdesk.channels.email.providers.tests.conftest import connected
from towerdesk.channels.fake_server import Says, says
from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel
from towerdesk.delivery.models import Attempt
from towerdesk.delivery.send import send
from towerdesk.lib import clock
from towerdesk.lib.files import keep
from towerdesk.testing.cast import says as customer_says
from towerdesk.testing.mails import relay
from towerdesk.tickets.models import Message
from towerdesk.tickets.reply import reply

PATHS = {
    "mailgun": "/brasswell.example/messages",
    "sendgrid": "/mail/send",
    "postmark": "/email",
    "brevo": "/smtp/email",
}


@pytest.fixture(params=[FakeMailgun, FakeSendGrid, FakePostmark, FakeBrevo], ids=lambda made: made.name)
def by(request, ticket, api):
    return connected(ticket.inbox, request.param(), token="key-0", api=f"{api.url}/")


def fresh(message):
    return Message.objects.get(pk=message.pk)


def test_a_reply_leaves_with_our_ids(by, api, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana)

    assert send(answer.pk) == "sent"
    [asked] = api.asked
    assert asked.path == PATHS[by.fake.name]
    sent = unquote_plus(asked.body.decode())
    assert fresh(answer).message_id in sent
    assert "Turn it by half" in sent
    assert "mara@lindqvist.example" in sent
    assert "took it" in Attempt.objects.get().answer


def test_its_files_go_with_it(by, api, ticket, ana):
    kept = keep("manual.pdf", "application/pdf", b"%PDF \x00\xff")
    send(reply(ticket, "See the manual", by=ana, files=[kept]).pk)

    assert b"manual.pdf" in api.asked[0].body


@pytest.mark.parametrize("status", [429, 500, 503])
def test_while_the_provider_is_busy_it_waits_and_then_leaves_once(by, api, ticket, ana, status):
    api.goes_wrong = [says({"message": "slow down"}, status, retry_after="120")]
    answer = reply(ticket, "Turn it by half", by=ana)

    assert send(answer.pk) == "retry"
    assert fresh(answer).send_after > clock.now() + timedelta(seconds=100)
    assert "slow down" in fresh(answer).delivery_note
    with clock.at(clock.now() + timedelta(seconds=130)):
        assert send(answer.pk) == "sent"
    assert len(api.asked) == 2


def test_what_it_never_takes_is_given_up_after_a_day_and_said(by, api, ticket, ana):
    api.goes_wrong = [says({"message": "down"}, 503)] * 20
    answer = reply(ticket, "Turn it by half", by=ana)
    outcome, moment = "retry", clock.now()
    for _ in range(10):
        with clock.at(moment):
            outcome = send(answer.pk) or outcome
        moment += timedelta(hours=13)
        Attempt.objects.update(claimed_at=moment)
        if outcome == "failed":
            break

    ticket.refresh_from_db()
    assert (outcome, fresh(answer).delivery) == ("failed", "failed")
    assert ticket.next_step.startswith("The reply could not be sent:")


def test_what_it_refuses_is_said_at_once(by, api, ticket, ana):
    api.goes_wrong = [says({"message": "from is not a verified sender", "ErrorCode": 400}, 422)]
    answer = reply(ticket, "Turn it by half", by=ana)

    assert (send(answer.pk), fresh(answer).delivery) == ("failed", "failed")
    assert "from is not a verified sender" in fresh(answer).delivery_note


def test_a_key_that_is_no_longer_good_is_the_inboxs_trouble_until_one_is(by, api, ticket, ana):
    api.goes_wrong = [says({"message": "invalid key"}, 401)]
    answer = reply(ticket, "Turn it by half", by=ana)

    assert send(answer.pk) == "retry"
    assert "refuses the account (401" in Inbox.objects.get().trouble
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert send(answer.pk) == "sent"
    assert Inbox.objects.get().trouble == ""


def test_when_nobody_knows_whether_it_left_a_person_is_asked(by, api, ticket, ana):
    api.goes_wrong = [Says(hangs_up=True)]
    answer = reply(ticket, "Turn it by half", by=ana)

    assert (send(answer.pk), fresh(answer).delivery) == ("unsure", "unsure")


def test_without_a_key_replies_leave_by_the_relay_with_a_mark_that_comes_back(ticket, ana, settings):
    connected(ticket.inbox, FakePostmark())
    with relay() as server:
        settings.RELAY_URL = server.url
        answer = reply(ticket, "Turn it by half", by=ana)
        assert send(answer.pk) == "sent"

    assert server.mails[0]["X-PM-Metadata-towerdesk"] == fresh(answer).message_id


def test_without_a_relay_an_inbox_with_a_key_is_ready_and_others_are_not(by, settings):
    settings.RELAY_URL = ""
    speaks = channel("email")

    assert speaks.ready(account_of(by.inbox)) == ""
    assert speaks.ready() != ""


def test_the_customers_own_thread_goes_on(by, api, ticket, ana):
    customer_says(ticket, "And now?", message_id="now@lindqvist.example")
    send(reply(ticket, "Turn it by half", by=ana).pk)

    assert "now@lindqvist.example" in unquote_plus(api.asked[0].body.decode())
