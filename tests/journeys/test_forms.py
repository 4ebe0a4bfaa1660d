"""A form in a real browser: asks that come and go, files, answers while one types, on another site, without scripts. And the
browser shows the very asks that the server would demand, whatever is answered."""

import json
import threading
from collections.abc import Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import browser as real
from towerdesk.events.models import Event
from towerdesk.intake.models import Raw
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib.actor import CLOCK
from towerdesk.testing import cast
from towerdesk.tickets.asks import Ask, rules_of
from towerdesk.tickets.models import Form, Message, Ticket
from towerdesk.tickets.shown import shown
from towerdesk.tickets.taxonomy.conditions import SAYS, When
from towerdesk.tickets.taxonomy.edit import make_value
from towerdesk.tickets.taxonomy.shape_fields import save_field, save_form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
NAMELESS = "[...document.querySelectorAll('input:not([type=hidden]), select')].filter((one) => !one.labels.length)"


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, dict[str, str]]]:
    """Another origin: a shop, whose one page can be set."""
    page = {"html": ""}

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page["html"].encode())

        def log_message(self, *said: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", page
    server.shutdown()


@pytest.fixture
def form(desk: cast.Desk) -> Form:
    save_field("machine", name="Machine", kind="choice", by=CLOCK)
    for name in ("Solo 2", "Duo", "Grinder"):
        make_value("field.machine", name, by=CLOCK)
    save_field("serial", name="Serial number", kind="text", by=CLOCK)
    asks: list[dict[str, Any]] = [
        {"ask": "machine", "required": True},
        {"ask": "serial", "required": True, "when": [{"ask": "machine", "says": "any_of", "values": ["solo-2"]}]},
    ]
    return save_form("repair", name="Repair", asks=asks, page={"public": True}, by=CLOCK)


@pytest.fixture
def page(browser: Browser, form: Form) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(real.PATIENCE * 1000)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    context.close()
    assert wrong == []


def write_it(page: Any, subject: str = "Group head drips") -> None:
    page.get_by_label("In one line").fill(subject)
    page.get_by_label("What happened").fill("It drips since yesterday.")
    page.get_by_label("Your mail address").fill("mara@lindqvist.example")


def wait_a_little(page: Page) -> None:
    page.wait_for_timeout(3_100)  # as any person does: who is quicker is set aside


def test_an_ask_comes_and_goes_and_files_go_along(page: Page, address: str, tmp_path: Path) -> None:
    photo, note = tmp_path / "drip.png", tmp_path / "when.txt"
    photo.write_bytes(b"\x89PNG")
    note.write_text("At nine")
    page.goto(f"{address}/help/ask/repair")
    serial = page.get_by_label("Serial number")
    expect(serial).to_be_hidden()

    page.get_by_label("Solo 2").check()
    expect(serial).to_be_visible()
    write_it(page)
    page.get_by_role("button", name="Send").click()
    assert page.evaluate("document.activeElement.name") == "field.serial"  # the browser itself says what is missing

    serial.fill("S2-7781")
    page.locator("#f-files").set_input_files([photo, note])
    wait_a_little(page)
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    ticket = Ticket.objects.get()
    expect(page.get_by_text(f"Its number is {ticket.number}.")).to_be_visible()
    assert ticket.fields == {"machine": "solo-2", "serial": "S2-7781"}
    assert sorted(Message.objects.get().attachments.values_list("name", flat=True)) == ["drip.png", "when.txt"]
    assert Raw.objects.get().envelope["proven"] is True


def test_what_was_typed_into_a_hidden_ask_is_not_sent(page: Page, address: str) -> None:
    page.goto(f"{address}/help/ask/repair")
    page.get_by_label("Solo 2").check()
    page.get_by_label("Serial number").fill("S2-7781")
    page.get_by_label("Grinder").check()
    write_it(page)
    wait_a_little(page)
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    assert Ticket.objects.get().fields == {"machine": "grinder"}


def test_too_large_a_file_is_said_before_anything_is_sent(page: Page, address: str, tmp_path: Path, form: Form) -> None:
    save_form("repair", name="Repair", asks=form.asks, page={"public": True, "megabytes": 1}, by=CLOCK)
    large = tmp_path / "film.mp4"
    large.write_bytes(b"x" * (2**20 + 1))
    page.goto(f"{address}/help/ask/repair")
    page.get_by_label("Grinder").check()
    write_it(page)
    page.locator("#f-files").set_input_files(large)
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_text("“film.mp4” is too large: a file may have 1 MB.")).to_be_visible()
    expect(page.get_by_label("In one line")).to_have_value("Group head drips")


def test_an_article_answers_before_anything_is_sent(page: Page, address: str) -> None:
    publish(write(None, "Leaks after descaling", "Turn **the ring** by half.", by=CLOCK), by=CLOCK)
    page.goto(f"{address}/help/ask/repair")
    page.get_by_label("In one line").press_sequentially("My Solo leaks after descaling", delay=5)

    page.get_by_text("Leaks after descaling", exact=True).click()
    expect(page.get_by_text("the ring")).to_be_visible()
    page.get_by_role("button", name="This answered my question").click()

    expect(page.get_by_role("heading", name="Good to hear that it helped")).to_be_visible()
    assert Event.objects.get(kind="article.judged").data["helped"] is True
    assert not Raw.objects.exists()
    page.get_by_role("button", name="Write to us after all").click()
    expect(page.get_by_label("In one line")).to_have_value("My Solo leaks after descaling")


def test_on_another_site_that_the_form_names(page: Page, address: str, form: Form, elsewhere: Any) -> None:
    shop, its_page = elsewhere
    save_form("repair", name="Repair", asks=form.asks, page={"public": True, "sites": shop}, by=CLOCK)
    line = f'<script src="{address}/help/ask/embed.js" data-form="repair" data-context="page" async></script>'
    its_page["html"] = f"<!doctype html><title>Solo 2</title><h1>Shop</h1>{line}"
    page.goto(f"{shop}/solo-2?session=secret")
    frame = page.frame_locator("iframe")

    frame.get_by_label("Grinder").check()
    write_it(frame)
    wait_a_little(page)
    frame.get_by_role("button", name="Send").click()

    expect(frame.get_by_role("heading", name="We have your request")).to_be_visible()
    assert Message.objects.get().trust["page"] == {"address": f"{shop}/solo-2", "title": "Solo 2"}
    page.wait_for_function("document.querySelector('iframe').offsetHeight < 500")  # it is as high as what it shows


def test_on_a_site_that_the_form_does_not_name(browser: Browser, address: str, form: Form, elsewhere: Any) -> None:
    shop, its_page = elsewhere
    save_form("repair", name="Repair", page={"public": True, "sites": "https://shop.example"}, by=CLOCK)
    its_page["html"] = (
        f'<!doctype html><title>Shop</title><script src="{address}/help/ask/embed.js" data-form="repair"></script>'
    )
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text))
    page.goto(shop)
    page.wait_for_timeout(1_000)

    assert any("frame-ancestors" in said for said in refused)
    expect(page.frame_locator("iframe").get_by_label("In one line")).to_have_count(0)
    page.close()


def test_without_scripts_and_on_a_phone(browser: Browser, address: str, form: Form) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto(f"{address}/help/ask/repair")
    expect(page.get_by_text("Only if: Machine: Solo 2")).to_be_visible()
    write_it(page)
    page.get_by_label("Solo 2").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_have_text("Please fill in “Serial number”.")
    expect(page.get_by_label("In one line")).to_have_value("Group head drips")

    page.get_by_label("Serial number").fill("S2-1")
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    expect(page.get_by_text("A person looks at it first")).to_be_visible()  # nobody writes so much so quickly
    assert Raw.objects.get().reason.startswith(("It was sent", "Its browser did no work for it"))
    context.close()


def test_a_phone_shows_it_without_sideways_scrolling_and_every_control_has_a_name(
    browser: Browser, address: str, form: Form
) -> None:
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    page = context.new_page()
    for path in ("/help/ask/repair", "/help/ask/repair?embedded=1", "/help/ask/none"):
        page.goto(f"{address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(f"{NAMELESS}.length") == 0
        assert page.locator("h1").count() == 1
    context.close()


def test_a_form_is_built_by_keyboard_with_its_preview_beside(
    browser: Browser, address: str, form: Form, ana_user: Any
) -> None:
    save_field("weight", name="Weight", kind="number", by=CLOCK)
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto("/settings/forms/repair")
    page.get_by_label("Mail address").fill("ana@brasswell.example")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    preview = page.get_by_label("Preview")
    expect(preview.get_by_label("Serial number")).to_be_hidden()
    preview.get_by_label("Solo 2").check()
    expect(preview.get_by_label("Serial number")).to_be_visible()

    page.get_by_role("button", name="Ask it: Weight", exact=True).press("Enter")
    expect(preview.get_by_label("Weight")).to_be_visible()
    page.get_by_role("button", name="Move Weight up").press("Enter")
    expect(page.locator("[data-moved]")).to_have_text("Weight is number 2 now.")
    expect(page.get_by_role("button", name="Move Weight up")).to_be_focused()
    row = page.locator("[data-row=weight]")
    row.locator("summary").press("Enter")
    row.get_by_label("Condition 1 of Weight").select_option(label="Machine")
    row.get_by_label("Duo").check()
    expect(row.locator("summary")).to_have_text("Asked when “Machine” is Duo")
    page.get_by_role("button", name="Save").click()

    expect(page.locator(".toast")).to_contain_text("is saved")
    assert [one["ask"] for one in Form.objects.get().asks] == ["machine", "weight", "serial"]
    assert Form.objects.get().asks[1]["when"] == [{"ask": "machine", "says": "any_of", "values": ["duo"]}]
    context.close()


# --- the browser and the server go by the same list

ANSWERS = [
    "",
    " ",
    "a",
    "b",
    " a\t",
    "yes",
    "no",
    "0",
    "10",
    "9.5",
    "9,50",
    "-3",
    "+4",
    "1e3",
    "2026-01-31",
    "2026-02-01",
    "ä",
]
KEYS = ["one", "two", "three", "four", "five", "constructor", "toString", "proto"]


def some_form(chance: Random) -> list[Ask]:
    keys = KEYS[: chance.randint(2, len(KEYS))]
    return [Ask(key, key, "text", when=tuple(some_conditions(chance, keys[:at]))) for at, key in enumerate(keys)]


def some_conditions(chance: Random, earlier: list[str]) -> Iterator[When]:
    for _ in range(chance.choice([0, 1, 1, 2, 3]) if earlier else 0):
        values = chance.sample([one.strip() for one in ANSWERS if one.strip()], chance.randint(1, 3))
        yield When(chance.choice(earlier), chance.choice(list(SAYS)), tuple(values))


def some_answers(chance: Random, asks: list[Ask]) -> dict[str, list[str]]:
    return {ask.key: chance.choices(ANSWERS, k=chance.randint(0, 2)) for ask in asks if chance.random() < 0.9}


def test_the_browser_shows_what_the_server_demands(browser: Browser, address: str) -> None:
    chance = Random(20261127)
    cases = [(asks, some_answers(chance, asks)) for asks in (some_form(chance) for _ in range(5_000))]
    server = [[one.key for one in shown(asks, answers)] for asks, answers in cases]
    page = browser.new_page()
    page.goto(f"{address}/help/")
    page.evaluate(
        "async (cases) => { window.cases = JSON.parse(cases); }", json.dumps([[rules_of(a), b] for a, b in cases])
    )

    theirs = page.evaluate(
        "async () => { const { shown } = await import('/static/web/js/conditions.js');"
        " return window.cases.map(([asks, answers]) => shown(asks, answers)); }"
    )

    wrong = [(list(map(asdict, cases[at][0])), cases[at][1]) for at in range(len(cases)) if server[at] != theirs[at]]
    assert wrong == []
    assert len({tuple(one) for one in server}) > 20
    page.close()
