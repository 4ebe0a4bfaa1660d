"""What came lately, kept in memory: the same as the rows, whatever became of them meanwhile."""

from datetime import timedelta

import numpy as np
import pytest

from towerdesk.problems.models import Sighting
from towerdesk.problems.surges.lately import Lately
from towerdesk.problems.tests.conftest import TUESDAY

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def kept(lately, ticket):
    """Who asked, by what is kept up to this ticket's sighting; the tickets' own rows say whether that is right."""
    sighting = Sighting.objects.get(ticket=ticket)
    seen = lately.up_to(sighting)
    rows = Sighting.objects.filter(model=sighting.model, at__gt=sighting.at - 6 * HOUR, at__lte=sighting.at)
    assert sorted(seen.people.tolist()) == sorted(rows.values_list("person", flat=True))
    assert seen.people[-1] == sighting.person
    assert np.allclose(np.linalg.norm(seen.vectors, axis=1), 1.0, atol=0.01)
    return len(seen)


def test_what_is_new_is_read_and_what_is_old_let_go(arrivals, django_assert_num_queries):
    lately = Lately()
    first, second = arrivals.one(TUESDAY), arrivals.one(TUESDAY + HOUR)
    assert kept(lately, first) == 1
    assert kept(lately, second) == 2

    third = Sighting.objects.get(ticket=arrivals.one(TUESDAY + 6 * HOUR + timedelta(minutes=1)))
    with django_assert_num_queries(1):
        assert len(lately.up_to(third)) == 2


def test_rows_that_go_or_come_late_are_noticed(arrivals):
    lately = Lately()
    first, second = arrivals.one(TUESDAY), arrivals.one(TUESDAY + HOUR)
    assert kept(lately, second) == 2

    Sighting.objects.filter(ticket=first).delete()
    assert kept(lately, arrivals.one(TUESDAY + 2 * HOUR)) == 2

    arrivals.one(TUESDAY + HOUR / 2)
    assert kept(lately, arrivals.one(TUESDAY + 3 * HOUR)) == 4


def test_one_that_came_before_what_is_kept_sees_only_what_was_before_it(arrivals):
    lately = Lately()
    early, late = arrivals.one(TUESDAY), arrivals.one(TUESDAY + HOUR)
    assert kept(lately, late) == 2
    assert kept(lately, early) == 1
    assert kept(lately, late) == 2


def test_vectors_of_another_model_are_not_compared(arrivals):
    lately = Lately()
    first = arrivals.one(TUESDAY)
    assert kept(lately, first) == 1
    second = arrivals.one(TUESDAY + HOUR)
    Sighting.objects.filter(ticket=second).update(model="fake-2")
    assert kept(lately, second) == 1
