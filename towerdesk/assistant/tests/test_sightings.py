"""What was considered before the lookout was there is brought along, once, and an hour looks at what a day brought."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from towerdesk.assistant.models import Run
from towerdesk.assistant.sightings import bring_along
from towerdesk.lib.clock import at, now
from towerdesk.problems.models import Sighting
from towerdesk.testing import cast
from towerdesk.testing.cast import Desk

AGES = (40, 9, 3, 2, 0)  # days ago, oldest first


@pytest.fixture
def considered(desk: Desk, mara: object) -> list[Run]:
    return [_considered(desk, mara, now() - timedelta(days=days)) for days in AGES]


def _considered(desk: Desk, mara: object, then: datetime) -> Run:
    with at(then):
        ticket = cast.opened(desk, mara)
        return Run.objects.create(ticket=ticket, message=ticket.messages.get(), state="used", vector=bytes(768))


def test_the_first_hour_brings_all_of_the_last_weeks_and_the_next_looks_at_the_last_day(considered, desk, mara):
    assert (bring_along(), bring_along()) == (4, 0)
    assert set(Sighting.objects.values_list("ticket", flat=True)) == {run.ticket_id for run in considered[1:]}

    new = _considered(desk, mara, now())
    with CaptureQueriesContext(connection) as asked:
        assert bring_along() == 1

    assert Sighting.objects.filter(ticket=new.ticket_id).exists()
    [looked] = [
        one["sql"] for one in asked.captured_queries if '"vector"' in one["sql"] and one["sql"].startswith("SELECT")
    ]
    assert f'"assistant_run"."id" > {considered[3].pk}' in looked


def test_a_second_run_of_a_ticket_is_none_of_its_own(considered):
    bring_along()
    again = considered[-1]
    Run.objects.create(ticket=again.ticket, message=again.message, state="replaced", vector=bytes(768))

    assert bring_along() == 0
