"""The event that a job follows comes with the job: the question for the next job reads it along."""

from datetime import datetime

from procrastinate import JobContext

from towerdesk.events.models import Event

EVENT_OF_JOB = "SELECT to_jsonb(event) FROM events_event AS event WHERE event.id = (job.args ->> 'event')::bigint"
COLUMNS = [field.attname for field in Event._meta.concrete_fields]


def event_of_job(context: JobContext) -> Event | None:
    """None when nobody has read it yet: the job was taken up again by the library, or by tests."""
    told = context.additional_context.get("beside")
    if told is None:
        return None
    told["at"] = datetime.fromisoformat(told["at"])
    return Event.from_db("default", COLUMNS, [told[name] for name in COLUMNS])
