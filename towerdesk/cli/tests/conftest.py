"""Desks for tests, gone afterwards: a new one, and ones that were opened before by Ana, their administrator."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from towerdesk.cli.tests.desks import Desk


@pytest.fixture(scope="session")
def opened_once() -> Iterator[Path]:
    """A data folder to copy: the tables of a desk are made once, not for every test."""
    desk = Desk()
    desk.up(TOWERDESK_ADMIN_EMAIL="ana@example.com")
    desk.run("stop")
    desk.wait()
    yield desk.data
    desk.end()


@pytest.fixture
def new_desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.end()


@pytest.fixture
def own_desk(opened_once: Path) -> Iterator[Desk]:
    desk = Desk(opened_once)
    yield desk
    desk.end()


@pytest.fixture
def other_desk(opened_once: Path) -> Iterator[Desk]:
    desk = Desk(opened_once)
    yield desk
    desk.end()
