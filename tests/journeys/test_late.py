"""What comes late, in another order or not at all shows nothing as it is not, and a key that is held presses nothing unread."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import SignIn
from towerdesk.connectors import registry
from towerdesk.connectors.contract import Argument, ToolSpec
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REFRESH = """
  const { refresh } = await import(performance.getEntriesByType("resource").find((one) => /tower[^/]*[.]js/.test(one.name)).name);
  const read = Response.prototype.text;
"""
CROSSING = f"""async (number) => {{{REFRESH}
  let come = 0, go;
  const all = new Promise((resolve) => {{ go = resolve; }});
  Response.prototype.text = async function () {{
    const said = await read.call(this);
    if (++come === 3) go();
    await all;
    return said;
  }};
  await Promise.all([refresh(number), refresh(number), refresh(number)]);
  Response.prototype.text = read;
}}"""
OLDER_COMES_LAST = f"""async (number) => {{{REFRESH}
  let come = 0, go;
  const later = new Promise((resolve) => {{ go = resolve; }});
  Response.prototype.text = async function () {{
    const said = await read.call(this);
    if (++come > 1) return said;
    await later;
    return said.replace("First", "As it was");
  }};
  const older = refresh(number);
  while (!come) await new Promise((resolve) => setTimeout(resolve, 10));
  await refresh(number);
  go();
  await older;
  Response.prototype.text = read;
}}"""
REFRESHED = f"async (number) => {{{REFRESH} await refresh(number); }}"
COUNT_PAGES = """
sessionStorage.drawn = Number(sessionStorage.drawn ?? 0) + 1;
addEventListener("DOMContentLoaded", () => { document.body.dataset.drawn = sessionStorage.drawn; });
"""
HELD = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'y', repeat: true, bubbles: true, cancelable: true}))"


def lane(page: Page) -> Any:
    return page.locator("#us .strip .subject")


def test_answers_that_cross_leave_one_strip(sign_in: SignIn, desk: cast.Desk, mara: Any) -> None:
    first, second = cast.opened(desk, mara, "First"), cast.opened(desk, mara, "Second")
    page = sign_in()
    expect(lane(page)).to_have_text(["First", "Second"])

    for ticket in (first, second):
        page.evaluate(CROSSING, ticket.pk)

    expect(lane(page)).to_have_text(["First", "Second"])


def test_an_older_answer_that_comes_last_is_not_shown_nor_one_that_says_nothing(
    sign_in: SignIn, desk: cast.Desk, mara: Any
) -> None:
    first = cast.opened(desk, mara, "First")
    page = sign_in()
    expect(lane(page)).to_have_text(["First"])

    page.evaluate(OLDER_COMES_LAST, first.pk)
    expect(lane(page)).to_have_text(["First"])

    page.route(f"**/strips/{first.pk}", lambda route: route.fulfill(status=503))
    page.evaluate(REFRESHED, first.pk)
    expect(lane(page)).to_have_text(["First"])


def test_a_stream_that_was_refused_is_asked_for_again_and_after_a_night_all_is_drawn_anew(
    sign_in: SignIn, desk: cast.Desk, mara: Any
) -> None:
    page = sign_in()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=503)
        elif len(asked) == 2:
            route.fulfill(content_type="text/event-stream", body='data: {"kind": "much", "ticket": null}\n\n')
        else:
            route.continue_()

    page.route(re.compile(r"/live[?]"), answer)
    page.add_init_script(COUNT_PAGES)
    page.goto("/")
    expect(page.locator("body")).to_have_attribute("data-drawn", "2")
    cast.opened(desk, mara, "Pump is louder")

    expect(lane(page)).to_have_text(["Pump is louder"])


def test_what_a_tool_would_do_is_read_before_a_key_does_it(sign_in: SignIn, ticket: Ticket) -> None:
    voucher = FakeTool(ToolSpec("voucher", "Send a voucher", arguments=(Argument("text"),)))
    connect("shop", voucher)
    page = sign_in()
    page.goto(f"/tickets/{ticket.pk}/use/shop.voucher")
    page.get_by_label("text").fill("Sorry")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Send a voucher: text Sorry")).to_be_focused()
    page.wait_for_load_state()
    assert page.evaluate(HELD)
    assert voucher.calls == []
    page.keyboard.press("y")
    page.wait_for_url(f"**/tickets/{ticket.pk}#tools")
    assert len(voucher.calls) == 1
    registry.put("fake", None)
