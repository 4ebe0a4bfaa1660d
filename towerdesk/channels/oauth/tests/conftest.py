import pytest

from towerdesk.lib.actor import Actor
from towerdesk.testing import cast
from towerdesk.testing.cast import Desk


@pytest.fixture
def lead(desk: Desk) -> Actor:
    return cast.acting(cast.agent("Ida Berg", desk.repairs, role="admin"))


@pytest.fixture
def other_lead(desk: Desk) -> Actor:
    return cast.acting(cast.agent("Olu Adeyemi", desk.repairs, role="admin"))


@pytest.fixture
def viewer(desk: Desk) -> Actor:
    return cast.acting(cast.agent("Vera Lind", desk.repairs, role="agent"))
