"""A program is told the due time that was promised, not the table's."""

from datetime import datetime, timedelta

from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.sla.save import Plan, save_policy

NEW = {"requester": {"email": "mara@lindqvist.example"}, "subject": "It drips", "text": "It drips!"}


def test_a_new_and_a_changed_ticket_are_due_as_promised(api):
    save_policy(None, Plan("Standard", targets={"resolution": {"normal": 6000, "high": 3000}}), by=CLOCK)
    made = api.post("/tickets", NEW).json()
    changed = api.ask("PATCH", f"/tickets/{made['number']}", {"do": "change", "priority": "high"}).json()

    assert _hours(made) == 100
    assert _hours(changed) == 50


def _hours(ticket) -> int:
    return round((datetime.fromisoformat(ticket["next_step"]["due"]) - now()) / timedelta(hours=1))
