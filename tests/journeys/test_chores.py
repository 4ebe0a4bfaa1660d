"""What the clock does by itself is done: a chore that fails is logged and passed by, so nobody else would see it."""

import pytest

from towerdesk import clockwork

CHORES = [*clockwork.CHORES, *clockwork.CHORES_OF_THE_HOUR]


@pytest.mark.django_db
@pytest.mark.parametrize("chore", CHORES, ids=lambda chore: f"{chore.__module__}.{chore.__name__}")
def test_every_chore_of_the_clock_runs(chore, ticket, ana):
    chore()
