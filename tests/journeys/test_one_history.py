"""Mara asks in the chat, the assistant answers, Ana takes over; Mara leaves, goes on by mail, and is rung back: one ticket."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import SignIn, watch
from tests.journeys.site import a_worker, host, until
from towerdesk.assistant.models import Licence
from towerdesk.assistant.tests.conftest import articles, intents, lessons, model, taught  # noqa: F401 - fixtures
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.twilio.fake import NUMBER, SID, TOKEN, FakeTwilio, post
from towerdesk.channels.voice.fake import dialled, ours
from towerdesk.chats.leave import leave_abandoned
from towerdesk.chats.models import Visitor
from towerdesk.chats.ways import set_ways
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.testing.lessons import QUESTION
from towerdesk.testing.mails import Relay, arrives, relay
from towerdesk.testing.site_chat import site_chat
from towerdesk.tickets.models import Message, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MARA = "mara@lindqvist.example"
OUTSIDE = "https://desk.example"  # as Twilio knows the desk, which asks for https
HERS, ANAS = "+49 30 901820", "+49 30 111111"


@pytest.fixture
def mails(desk: Any, settings: Any) -> Iterator[Relay]:
    desk.inbox.undo_seconds = 0
    desk.inbox.save()
    with relay() as running:
        settings.RELAY_URL = running.url
        yield running


@pytest.fixture
def twilio(settings: Any) -> Iterator[FakeTwilio]:
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with serving(FakeTwilio()) as running:
        yield running


@pytest.fixture
def shop(desk: Any) -> Inbox:
    inbox = site_chat(desk)
    set_ways(inbox, {"most_per_network": 5000, "ask": "must"}, by=CLOCK)
    return inbox


@pytest.fixture
def line(desk: Any, twilio: FakeTwilio, settings: Any) -> Inbox:
    settings.PUBLIC_URL = OUTSIDE
    inbox = Inbox.objects.create(name="Telephone", address="voice:desk", channel="voice", team=desk.repairs)
    connect(inbox, {"sid": SID, "token": TOKEN, "number": NUMBER, "server": twilio.url}, by=CLOCK)
    return inbox


@pytest.fixture
def licensed(taught: Any) -> None:  # noqa: F811
    Licence.objects.create(
        intent=taught["return-how-to"], threshold=0.01, alpha=0.05, n=80, k=0, bound=0.037,
        expires_at=clock.now() + timedelta(days=30),
    )  # fmt: skip


def test_one_ticket_one_history(
    browser: Browser,
    address: str,
    sign_in: SignIn,
    shop: Inbox,
    line: Inbox,
    mails: Relay,
    twilio: FakeTwilio,
    licensed: None,
) -> None:
    wrong: list[str] = []
    with host(f'<script src="{address}/chat/{shop.hook}.js" async></script>', address) as site, a_worker(decides=True):
        page = browser.new_page()
        watch(page, wrong)
        page.goto(site)
        asks_the_assistant(page)
        ana = sign_in()
        is_handed_to(ana, page)
        leaves(page, ana)
        goes_on_by_mail(ana, mails)
        is_rung_back(ana, twilio, line, address)
    assert wrong == []
    assert Ticket.objects.count() == 1
    expect(ana.locator("#log .sheet header b")).to_have_text(
        ["Mara", "Assistant", "Mara", "Towerdesk", "Ana Reyes", "Ana Reyes", "Mara", "Ana Reyes"]
    )


def asks_the_assistant(page: Page) -> None:
    page.get_by_role("button", name="Open the chat").click()
    page.get_by_label("Your name").fill("Mara")
    page.get_by_label("Your mail address").fill(MARA)
    page.get_by_role("button", name="Begin the chat").click()
    writes(page, QUESTION)
    expect(page.locator(".said.theirs .words").last).to_contain_text("within 30 days")
    writes(page, "I want to talk to a real person: my grinder was charged twice.")
    expect(page.locator("towerdesk-chat")).to_contain_text("A person goes on from here.")


def is_handed_to(ana: Page, page: Page) -> None:
    ana.get_by_role("link", name=QUESTION[:30]).first.click()
    expect(ana.locator("#log")).to_contain_text("handed it over: The customer asks for a person")
    expect(ana.locator("#log")).to_contain_text("within 30 days")
    ana.get_by_label("Reply", exact=True).fill("I see both charges, Mara. One moment.")
    ana.get_by_role("button", name="Send and wait").click()
    expect(page.locator(".said.theirs .words").last).to_have_text("I see both charges, Mara. One moment.")


def leaves(page: Page, ana: Page) -> None:
    """Having read the answer: what they have not read would follow them by mail."""
    until(lambda: Message.objects.filter(author_name="Ana Reyes", delivery="read").exists())
    page.close()
    until(lambda: not Visitor.objects.get().here)
    with clock.at(clock.now() + timedelta(minutes=40)):
        assert leave_abandoned() == 1
    expect(ana.locator("#log")).to_contain_text(f"From here on Mara is answered by mail to {MARA}")


def goes_on_by_mail(ana: Page, mails: Relay) -> None:
    ana.get_by_label("Reply", exact=True).fill("One of the two was taken back. May I ring you about the other?")
    ana.get_by_role("button", name="Send and wait").click()
    until(lambda: mails.mails)
    [mail] = mails.mails
    assert mails.recipients == [[MARA]]
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = (
        f"Mara <{MARA}>",
        mail["Reply-To"] or mail["From"],
        f"Re: {mail['Subject']}",
    )
    answer["Message-ID"], answer["In-Reply-To"] = "<yes@lindqvist.example>", mail["Message-ID"]
    answer.set_content(f"Yes please, on {HERS}.")
    arrives(answer.as_bytes(), Inbox.objects.get(channel="email"))
    expect(ana.locator(".sheet.theirs").last).to_contain_text("Yes please")


def is_rung_back(ana: Page, twilio: FakeTwilio, line: Inbox, address: str) -> None:
    ana.get_by_role("link", name="Do D", exact=True).click()
    ana.get_by_role("link", name="Call Mara").click()
    ana.get_by_label("Number", exact=True).fill(HERS)
    ana.get_by_label("Ring me on").fill(ANAS)
    ana.get_by_role("button", name="Ring").click()
    # What is told of it in the very moment in which we write down which call it is waits for the clock, which this desk has not.
    until(lambda: Message.objects.filter(message_id="CAours1").exists())
    assert twilio.rung[0]["To"] == "+4930111111"
    for on, told in (("rung", dialled("CAours1", "completed", 192)), ("made", ours("CAours1", "completed"))):
        hook = f"/hooks/{line.hook}?on={on}"
        body, headers = post(OUTSIDE + hook, TOKEN, **told)
        headers = dict(headers) | {"Content-Type": "application/x-www-form-urlencoded"}
        assert httpx.post(address + hook, content=body, headers=headers, trust_env=False).status_code == 200
    expect(ana.locator(".sheet.ours").last).to_contain_text("answered, 3:12")


def writes(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Write a message").fill(text)
    page.keyboard.press("Enter")
