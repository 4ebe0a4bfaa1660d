"""Mara chats on the shop's own site, Ana answers at the desk; each in a browser of their own."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import browser as real
from tests.journeys.conftest import SignIn, watch
from tests.journeys.site import a_worker, host
from towerdesk.channels.models import Inbox
from towerdesk.chats.models import Visitor
from towerdesk.chats.ways import set_ways
from towerdesk.lib.actor import CLOCK
from towerdesk.testing.site_chat import site_chat
from towerdesk.tickets.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def shop(desk: Any) -> Inbox:
    inbox = site_chat(desk)
    set_ways(inbox, {"most_per_network": 5000, "greeting": "Hello! What can we do for you?"}, by=CLOCK)
    return inbox


def writes(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Write a message").fill(text)
    page.keyboard.press("Enter")


def test_mara_gets_a_person_by_one_press_before_she_has_written_a_word(
    browser: Browser, address: str, shop: Inbox
) -> None:
    line, wrong = f'<script src="{address}/chat/{shop.hook}.js" async></script>', []
    with host(line, address) as site, a_worker(decides=True):
        page = browser.new_page()
        watch(page, wrong)
        page.goto(site)
        page.get_by_role("button", name="Open the chat").click()
        button = page.get_by_role("button", name="Talk to a person")
        expect(button).to_be_visible()
        page.keyboard.press("Shift+Tab")  # it lies before the field, which is focused
        page.keyboard.press("Shift+Tab")
        expect(button).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".said.mine .words")).to_have_text("I would like to talk to a person.")
        expect(button).to_be_hidden()
        expect(page.locator(".said.theirs .words").last).to_contain_text("answers you as soon as one of us is free")
        expect(page.locator("p.line")).to_contain_text("A person goes on from here")
        page.close()
    assert wrong == []
    assert Visitor.objects.get().ticket.person_asked_at is not None


def test_mara_chats_with_ana(browser: Browser, address: str, sign_in: SignIn, shop: Inbox) -> None:
    line, wrong = f'<script src="{address}/chat/{shop.hook}.js" data-consent async></script>', []
    with host(line, address) as site, a_worker():
        page = browser.new_page()
        watch(page, wrong)
        page.goto(site)
        page.get_by_role("button", name="Open the chat").click()
        expect(page.get_by_role("dialog", name="Chat with us")).to_contain_text("What can we do for you?")
        expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()
        assert page.locator("towerdesk-chat .words").first.evaluate("one => getComputedStyle(one).fontSize") == "15px"
        writes(page, "The group head drips.")
        expect(page.locator(".said.mine .how")).to_contain_text("Sent")

        ana = sign_in()
        ana.get_by_role("link", name="The group head drips.").click()
        expect(ana.locator("#here")).to_contain_text("has the chat open")
        expect(ana.locator("#panel")).to_contain_text("Shop")
        expect(page.locator(".status")).to_have_text("Ana is here")
        expect(page.locator(".said.mine .how")).to_contain_text("Seen")
        writes(page, "Only when it is hot.")
        expect(ana.locator(".sheet.theirs").nth(1)).to_contain_text("Only when it is hot.")

        ana.get_by_label("Reply", exact=True).fill("Turn the ring by half.")
        expect(page.locator(".types")).to_have_text("Ana is typing")
        ana.get_by_role("button", name="Send and wait").click()
        expect(page.locator(".said.theirs .words").last).to_have_text("Turn the ring by half.")
        expect(ana.locator(".sheet.ours .fate")).to_contain_text("read")

        page.get_by_role("link", name="Next page").click()
        expect(page.locator(".words")).to_have_text(
            [
                "Hello! What can we do for you?",
                "The group head drips.",
                "Only when it is hot.",
                "Turn the ring by half.",
            ]
        )
        page.reload()
        expect(page.locator(".words")).to_have_count(4)
        page.get_by_role("button", name="More").click()
        page.get_by_role("button", name="End the chat").click()
        page.get_by_role("button", name="Yes").click()
        expect(page.locator(".rate")).to_contain_text("Thank you!")
        expect(ana.locator("#log")).to_contain_text("ended the chat")
        page.close()
    assert wrong == []
    assert Message.objects.filter(direction="in").count() == 2
    assert Visitor.objects.get().ticket.rating == 3


def test_on_a_phone_by_keyboard_and_right_to_left(browser: Browser, address: str, shop: Inbox) -> None:
    line = f'<script src="{address}/chat/{shop.hook}.js" data-language="ar" async></script>'
    with host(line, address) as site:
        page = browser.new_page(viewport=PHONE, reduced_motion="reduce")
        page.set_default_timeout(real.PATIENCE * 1000)
        page.goto(site)
        launcher = page.locator("towerdesk-chat .launcher")
        launcher.focus()
        page.keyboard.press("Enter")
        panel = page.get_by_role("dialog")
        assert panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
        assert panel.evaluate("one => getComputedStyle(one).direction") == "rtl"
        for _ in range(12):  # the focus stays inside
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.tagName") == "TOWERDESK-CHAT"
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(launcher).to_be_focused()
        page.close()
