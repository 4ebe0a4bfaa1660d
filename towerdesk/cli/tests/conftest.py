"""A desk of one's own, and gone afterwards."""

from collections.abc import Iterator

import pytest

from towerdesk.cli.tests.desks import Desk


@pytest.fixture
def own_desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.end()


@pytest.fixture
def other_desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.end()
