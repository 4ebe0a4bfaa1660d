"""An event that was read with its job is the one that the log holds."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.forms import model_to_dict
from psycopg.types.json import Jsonb

from towerdesk.events.models import Event
from towerdesk.events.of_job import EVENT_OF_JOB, event_of_job
from towerdesk.lib.statements import Statement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("moment", [datetime(2026, 11, 28, 10, tzinfo=UTC), datetime(2026, 11, 28, 10, 5, 1, 23, UTC)])
@pytest.mark.parametrize(
    "data", [{}, {"first": True, "words": "Ärger „mit“ \\ allem", "left": [1.5, None], "big": 10**17}]
)
def test_an_event_that_comes_with_its_job_is_that_of_the_log(moment, data):
    said = {"kind": "message.received", "actor_kind": "customer", "actor_name": "Mara Stahl", "data": data}
    event = Event.objects.create(at=moment, ticket_id=7, **said)

    context = SimpleNamespace(additional_context={"beside": beside({"event": event.pk, "follower": "decide"})})

    read = event_of_job(context)
    assert model_to_dict(read) == model_to_dict(Event.objects.get(pk=event.pk))
    assert not read._state.adding


@pytest.mark.parametrize("arguments", [{"event": 10**12}, {"message": 3}, {}])
def test_a_job_without_one_is_told_nothing(arguments):
    assert event_of_job(SimpleNamespace(additional_context={"beside": beside(arguments)})) is None
    assert event_of_job(SimpleNamespace(additional_context={})) is None


def beside(arguments):
    """As the worker asks for it."""
    asked = f"SELECT ({EVENT_OF_JOB})::text FROM (SELECT %s::jsonb AS args) AS job"  # noqa: S608
    [(found,)] = Statement(asked).ask([Jsonb(arguments)])
    return json.loads(found) if found else None
