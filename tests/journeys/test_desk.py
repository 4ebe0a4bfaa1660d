"""The desk in a real browser: sign in, read, answer, see others' changes arrive, with keys, on a phone, without scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import SignIn
from towerdesk.assistant.models import Run
from towerdesk.events.models import Event
from towerdesk.lib.files import keep
from towerdesk.notifications.notify import notify
from towerdesk.notifications.tell import tell
from towerdesk.testing import cast
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.rating_link import rating_token
from towerdesk.tickets.resolve import resolve
from towerdesk.web.tests.conftest import article, leaks, suggested  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


def lane(page: Page, bay: str) -> Any:
    return page.locator(f"#{bay} .strip .subject")


def test_from_the_tower_to_a_reply_in_the_timeline(sign_in: SignIn, ticket: Ticket) -> None:
    page = sign_in()
    page.get_by_role("link", name="Group head drips").click()
    page.get_by_label("Reply", exact=True).fill("Good morning Mara,\n\nturn the ring by half.")
    page.get_by_role("button", name="Send and wait").click()

    expect(page.locator(".sheet.ours")).to_contain_text("turn the ring by half.")
    expect(page.locator(".sheet.ours .fate")).to_contain_text("leaves in")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".sheet.ours .fate")).to_contain_text("not sent")
    assert Message.objects.get(ticket=ticket, direction="out").delivery == "withdrawn"


def test_a_new_strip_appears_by_itself(sign_in: SignIn, desk: cast.Desk, mara: Any) -> None:
    page = sign_in()
    expect(page.get_by_text("Nobody waits on us.")).to_be_visible()

    cast.opened(desk, mara, "Pump is louder than last month")

    expect(lane(page, "us")).to_have_text(["Pump is louder than last month"])
    expect(page.locator("#us [data-count]")).to_have_text("1")
    expect(page.get_by_text("Nobody waits on us.")).to_be_hidden()


def test_a_strip_under_the_pointer_stays_until_it_leaves(sign_in: SignIn, ben: Any, desk: cast.Desk, mara: Any) -> None:
    first, second = cast.opened(desk, mara, "First"), cast.opened(desk, mara, "Second")
    page = sign_in()
    page.locator(f"#strip-{second.pk}").hover()
    with page.expect_response(f"**/strips/{second.pk}"):
        change(second, by=ben, priority="critical")
    expect(lane(page, "us")).to_have_text(["First", "Second"])

    page.locator("#other").hover()

    expect(lane(page, "us")).to_have_text(["Second", "First"])
    assert first.pk < second.pk


def test_an_open_ticket_grows_while_one_writes(sign_in: SignIn, ben: Any, ticket: Ticket) -> None:
    page = sign_in()
    page.goto(f"/tickets/{ticket.pk}")
    writing = page.get_by_label("Reply", exact=True)
    writing.fill("Half a sent")

    note(ticket, "Third flat gasket this week.", by=ben)
    expect(page.locator(".sheet.note")).to_contain_text("Third flat gasket this week.")
    cast.says(ticket, "It stopped by itself!")
    expect(page.locator(".toast")).to_contain_text("Something new came in above")

    expect(writing).to_have_value("Half a sent")


def test_what_is_being_written_outlives_a_reload(sign_in: SignIn, ticket: Ticket) -> None:
    page = sign_in()
    page.goto(f"/tickets/{ticket.pk}")
    page.get_by_label("Reply", exact=True).fill("Half a sentence")
    page.reload()

    expect(page.get_by_label("Reply", exact=True)).to_have_value("Half a sentence")


def test_a_draft_outlives_a_closed_browser_and_two_people_see_each_other(
    sign_in: SignIn, ben_user: Any, ticket: Ticket
) -> None:
    page = sign_in()
    page.goto(f"/tickets/{ticket.pk}")
    page.get_by_label("Reply", exact=True).press_sequentially("Half a sentence")
    expect(page.locator("[data-kept]")).to_have_text("Draft kept")

    bens = sign_in(ben_user.email)
    bens.goto(f"/tickets/{ticket.pk}")
    expect(bens.locator("#here")).to_contain_text("Ana Reyes is writing a reply")
    expect(page.locator("#here")).to_contain_text("Ben Okafor is here, too")

    page.context.close()
    again = sign_in()
    again.goto(f"/tickets/{ticket.pk}")
    expect(again.get_by_label("Reply", exact=True)).to_have_value("Half a sentence")


def test_with_keys_alone(sign_in: SignIn, desk: cast.Desk, mara: Any) -> None:
    first, second = cast.opened(desk, mara, "First"), cast.opened(desk, mara, "Second")
    page = sign_in()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="First")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Second")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tickets/{first.pk}")

    page.keyboard.press("n")
    expect(page.get_by_label("Note", exact=True)).to_be_focused()
    page.keyboard.type("Rang Mara, no answer.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".sheet.note")).to_contain_text("Rang Mara, no answer.")
    page.wait_for_load_state()  # a key pressed before the scripts have come is nobody's

    page.keyboard.press("j")
    page.wait_for_url(f"**/tickets/{second.pk}")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Waiting on us")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()


def test_tab_goes_past_the_search_and_typing_into_it_opens_the_palette(sign_in: SignIn, ticket: Ticket) -> None:
    page = sign_in()
    search = page.locator("[data-opens-palette] input")
    search.focus()
    page.keyboard.press("Tab")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(search).not_to_be_focused()

    search.focus()
    page.keyboard.type("drips")

    expect(page.locator("dialog#find [name=q]")).to_have_value("drips")
    expect(page.locator("dialog#find [role=option]").first).to_contain_text("Group head drips")


def test_what_is_typed_before_the_field_is_there_does_nothing(
    sign_in: SignIn,
    ticket: Ticket,
    suggested: Callable[[Ticket], Run],  # noqa: F811
) -> None:
    run = suggested(ticket)
    page = sign_in()
    page.goto(f"/tickets/{ticket.pk}")
    held: list[Any] = []
    page.route("**/tickets/*write=reply", lambda route: held.append(route))
    page.keyboard.press("r")
    expect(page.locator("#draft .htmx-request")).to_have_count(1)

    page.keyboard.type("gah")  # give, approve, hand off, had they been meant as keys
    held[0].continue_()

    expect(page.get_by_label("Reply", exact=True)).to_be_focused()
    expect(page.locator("dialog[open]")).to_have_count(0)
    run.refresh_from_db()
    assert run.state == "open"


def test_single_keys_can_be_switched_off(sign_in: SignIn, ticket: Ticket) -> None:
    page = sign_in()
    page.goto("/me")
    page.get_by_role("button", name="Switch them off").click()
    page.goto("/")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Group head drips")).not_to_be_focused()

    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Find or do")).to_be_visible()


def test_a_approves(sign_in: SignIn, ticket: Ticket, suggested: Callable[[Ticket], Run]) -> None:  # noqa: F811
    run = suggested(ticket)
    page = sign_in()
    page.goto(f"/tickets/{ticket.pk}")
    expect(page.locator(".draft .sources")).to_contain_text("Leaks after descaling")
    page.keyboard.press("a")

    expect(page.locator(".sheet.ours")).to_contain_text("Turn it by half.")
    run.refresh_from_db()
    assert run.state == "used"


def test_e_edits_in_place_and_x_asks_why(sign_in: SignIn, ticket: Ticket, suggested: Callable[[Ticket], Run]) -> None:  # noqa: F811
    suggested(ticket)
    page = sign_in()
    page.goto(f"/tickets/{ticket.pk}")
    page.keyboard.press("e")
    expect(page.get_by_label("Reply", exact=True)).to_have_value(re.compile("Turn it by half."))
    page.get_by_role("link", name="Leave it as it was").click()
    expect(page.get_by_role("button", name="Approve and send")).to_be_visible()
    page.keyboard.press("x")
    page.get_by_label("What is wrong with the suggestion?").fill("It is the pump")
    page.get_by_role("button", name="Reject it").click()

    expect(page.locator(".toast")).to_contain_text("Rejected")
    assert Run.objects.get().state == "rejected"


def test_what_was_turned_to_stays_when_something_happens(
    sign_in: SignIn,
    ben: Any,
    ticket: Ticket,
    suggested: Callable[[Ticket], Run],  # noqa: F811
) -> None:
    suggested(ticket)
    page = sign_in()
    page.goto(f"/tickets/{ticket.pk}")
    page.keyboard.press("x")
    asks = page.get_by_label("What is wrong with the suggestion?")
    expect(asks).to_be_visible()
    asks.blur()
    note(ticket, "First word.", by=ben)
    expect(page.locator(".sheet.note")).to_contain_text("First word.")
    expect(asks).to_be_visible()

    # Turned to while the page asks what is new: the answer to that is older than the hand.
    page.get_by_role("link", name="Keep it").click()
    expect(page.get_by_role("button", name="Approve and send")).to_be_visible()
    held: list[Any] = []
    page.route(f"**/tickets/{ticket.pk}?write=reject", lambda route: route.continue_() if held else held.append(route))
    expect(page.locator("#draft.htmx-added, .htmx-settling")).to_have_count(0)  # until then its links are plain ones
    with page.expect_request(f"**/tickets/{ticket.pk}?write=reject"):
        page.keyboard.press("x")
    note(ticket, "Second word.", by=ben)
    expect(page.locator(".sheet.note").last).to_contain_text("Second word.")
    held[0].continue_()
    expect(asks).to_be_visible()


def test_give_by_the_palette_and_by_the_list(sign_in: SignIn, ben_user: Any, ticket: Ticket) -> None:
    page = sign_in()
    page.keyboard.press("Control+k")
    page.keyboard.type(f"give {ticket.pk} to be")
    expect(page.get_by_role("option", name=f"Give {ticket.pk} to Ben Okafor")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tickets/{ticket.pk}")
    expect(page.locator(".facts")).to_contain_text("Ben Okafor")

    page.keyboard.press("g")
    page.get_by_label("Narrow down by name").fill("billing")
    page.keyboard.press("Enter")
    expect(page.locator(".facts")).to_contain_text("Billing")


def test_light_and_dark(sign_in: SignIn, ticket: Ticket) -> None:
    page = sign_in(color_scheme="light")
    page.get_by_role("button", name="Me", exact=True).click()
    page.get_by_role("button", name="Light or dark").click()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
    assert shade != "rgb(255, 255, 255)"


PLACES = (
    "/",
    "/tickets",
    "/articles",
    "/licences",
    "/reports",
    "/intake",
    "/settings",
    "/settings/people",
    "/me",
    "/help/",
)


def test_a_phone_shows_every_page_without_sideways_scrolling(sign_in: SignIn, mara: Any, ticket: Ticket) -> None:
    """Also what somebody wrote without a single space: a name, a subject, a text, the name of a file."""
    page = sign_in(viewport=PHONE, has_touch=True, is_mobile=True)
    mara.name, ticket.subject = "Donaudampfschiff" * 6, "W" * 180
    mara.save()
    ticket.save()
    cast.says(ticket, "x" * 900, files=[keep(f"{'a' * 180}.pdf", "application/pdf", b"%PDF")])

    for path in (*PLACES, f"/tickets/{ticket.pk}", f"/tickets/{ticket.pk}/do", f"/tickets/{ticket.pk}/give"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


NAMELESS = """() => [...document.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea')]
  .filter((one) => one.checkVisibility())
  .filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim() || one.title || one.labels?.length))
  .map((one) => one.outerHTML.slice(0, 120))"""


def test_every_control_has_a_name_every_page_one_heading_and_no_id_twice(sign_in: SignIn, ticket: Ticket) -> None:
    page = sign_in()
    for path in (*PLACES, f"/tickets/{ticket.pk}", f"/tickets/{ticket.pk}/do"):
        page.goto(path)
        assert page.evaluate(NAMELESS) == [], path
        if not path.endswith("/do"):
            assert page.locator("h1").count() == 1, path
        twice = page.evaluate(
            "() => { const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);"
            " return ids.filter((id, at) => ids.indexOf(id) !== at); }"
        )
        assert twice == [], path
        assert page.locator("html[lang]").count() == 1


def test_everything_works_without_scripts(sign_in: SignIn, ben_user: Any, ticket: Ticket) -> None:
    page = sign_in(java_script_enabled=False)
    page.get_by_role("link", name="Group head drips").click()
    page.get_by_role("link", name="Note").click()
    page.get_by_label("Note", exact=True).fill("Written without a script.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator(".sheet.note")).to_contain_text("Written without a script.")

    page.get_by_role("link", name="Give to").click()
    page.get_by_role("button", name="Ben Okafor").click()
    ticket.refresh_from_db()
    assert ticket.assignee == ben_user


NOBODY_IS_THERE = """async () => {
  dispatchEvent(new PointerEvent("pointermove", { clientX: 5, clientY: 5 }));
  dispatchEvent(new PointerEvent("pointermove", { clientX: 9, clientY: 9 }));
  scrollTo(0, 100);
  await new Promise((done) => setTimeout(() => requestAnimationFrame(done), 50));
}"""
"""What a scanner's scripts do, and the time that an answer would need to leave; one that is let pass comes to light."""


def test_the_click_in_the_mail_counts_once_a_person_is_there(
    browser: Browser, address: str, ana: Any, ticket: Ticket
) -> None:
    resolve(ticket, by=ana)
    page = browser.new_page()
    page.goto(f"{address}/rate/{rating_token(ticket)}/3")
    expect(page.get_by_label("Yes, it is solved")).to_be_checked()
    page.evaluate(NOBODY_IS_THERE)
    ticket.refresh_from_db()
    assert ticket.rating is None

    page.mouse.move(200, 200, steps=3)

    expect(page.get_by_text("Your answer is noted.")).to_be_visible()
    ticket.refresh_from_db()
    assert (ticket.rating, ticket.known_by) == (3, "confirmed")
    page.close()


def test_the_bell_counts_what_i_am_told_and_the_list_grows_without_a_reload(
    sign_in: SignIn, ticket: Ticket, ben: Any, ana_user: Any
) -> None:
    page = sign_in()
    tell(ticket, ana_user, "She rings at two", by=ben)
    notify(Event.objects.latest("id"))
    expect(page.locator("[data-unread]")).to_have_text("1")

    page.get_by_role("link", name="For you").click()
    expect(page.get_by_text("Ben Okafor: She rings at two")).to_be_visible()
    tell(ticket, ana_user, "Or at three", by=ben)
    notify(Event.objects.latest("id"))
    expect(page.get_by_text("Ben Okafor: Or at three")).to_be_visible()

    page.get_by_role("link", name=re.compile("Group head drips")).press("Enter")
    page.wait_for_url(f"**/tickets/{ticket.pk}")
    expect(page.locator("[data-unread]")).to_be_hidden()
