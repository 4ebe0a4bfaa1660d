"""A real browser at a real server, for every journey that is looked at."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import browser as real

DESK = {"width": 1440, "height": 900}
ANA = "ana@brasswell.example"
expect.set_options(timeout=real.PATIENCE * 1000)
type SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | real.launch_arguments()


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    with real.serving() as address:
        yield address


@pytest.fixture
def sign_in(browser: Browser, address: str, ana_user: Any) -> Iterator[SignIn]:
    """Opens a window of its own, signed in by the form; fails the test on any error on the page's console."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_window(email: str = ANA, **options: Any) -> Page:
        context = browser.new_context(base_url=address, **({"viewport": DESK} | options))
        contexts.append(context)
        page = context.new_page()
        watch(page, wrong)
        page.goto("/")
        page.get_by_label("Mail address").fill(email)
        page.get_by_label("Password").fill("correct horse battery")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/")
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert wrong == []


def watch(page: Page, wrong: list[str]) -> None:
    """Let what goes wrong on the page be said there."""
    page.set_default_timeout(real.PATIENCE * 1000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
