"""The approver's link: opening it decides nothing."""

from datetime import timedelta

import pytest
from django.test import Client

from towerdesk.channels.contract import NotSent
from towerdesk.channels.fake import FakeChannel
from towerdesk.channels.registry import put
from towerdesk.delivery.ask_approvers import ask_approvers
from towerdesk.lib.clock import now
from towerdesk.tickets.approval_link import approval_token
from towerdesk.tickets.approve import ask_approval
from towerdesk.tickets.models import Voice


@pytest.fixture
def link(ticket, ana):
    ask_approval(ticket, "Refund 49 euros?", ["cfo@x.example"], deadline=now() + timedelta(days=1), by=ana)
    return f"/approve/{approval_token(Voice.objects.get())}"


def test_a_mail_scanner_that_opens_the_link_decides_nothing(link):
    page = Client().get(link)

    assert page.status_code == 200
    assert "Refund 49 euros?" in page.content.decode()
    assert "Ana Reyes asks cfo@x.example" in page.content.decode()
    assert Voice.objects.get().answer == ""


def test_pressing_the_button_decides_and_says_so(link, ticket):
    page = Client().post(link, {"answer": "yes", "note": "within the limit"})

    ticket.refresh_from_db()
    assert "You said yes." in page.content.decode()
    assert (Voice.objects.get().answer, ticket.status) == ("yes", "open")
    assert "Nothing to decide any more" in Client().get(link).content.decode()
    assert Client().post(link, {"answer": "no"}).status_code == 409


def test_it_can_be_passed_on(link):
    assert Client().post(link, {"to": "boss"}).status_code == 422
    page = Client().post(link, {"to": "boss@x.example"})

    assert "passed on to boss@x.example" in page.content.decode()
    assert Client().get(link).status_code == 404


def test_neither_yes_nor_no_is_a_sentence(link):
    page = Client().post(link, {})

    assert page.status_code == 422
    assert "Choose yes or no" in page.content.decode()


@pytest.fixture
def post():
    channel = FakeChannel()
    put("email", channel)
    yield channel
    put("email", None)


def test_each_approver_gets_one_mail_with_the_link(link, post):
    assert ask_approvers() == 1
    assert ask_approvers() == 0

    [mail] = post.sent
    assert (mail.to, mail.automatic) == (["cfo@x.example"], True)
    assert mail.question.answers[0][1].endswith(link)


def test_a_relay_that_is_away_is_tried_again(link, post):
    post.goes_wrong.append(NotSent("The relay is away.", later=True))

    assert ask_approvers() == 0
    assert ask_approvers() == 1
