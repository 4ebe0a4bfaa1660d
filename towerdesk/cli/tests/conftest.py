"""Desks for tests, gone afterwards: a new one, and ones that were opened before by Ana, their administrator."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from towerdesk.cli.tests.desks import Desk


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


@pytest.fixture(scope="module")
def kept_desk(opened_once: Path) -> Iterator[Desk]:
    """A desk that does not run, for tests that leave it as they found it."""
    desk = Desk(opened_once)
    yield desk
    desk.end()


@pytest.fixture
def other_desk(opened_once: Path) -> Iterator[Desk]:
    desk = Desk(opened_once)
    yield desk
    desk.end()
