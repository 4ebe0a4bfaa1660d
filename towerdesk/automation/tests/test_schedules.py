"""After a time, with a warning first, once per ticket and occasion."""

from datetime import timedelta

import pytest

from towerdesk.automation.models import Schedule, ScheduleAct
from towerdesk.automation.schedules.run import due, run_schedules, stages, upcoming
from towerdesk.automation.schedules.save import Draft, delete, save_schedule, switch
from towerdesk.events.models import Event
from towerdesk.lib.clock import at, now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.testing import cast
from towerdesk.tickets.reply import reply

DAY = timedelta(days=1)
WARN = [{"do": "reply", "text": "We close this in two days.", "then": "keep"}]
CLOSE = [{"do": "resolve", "kind": "no_answer", "note": "Nobody wrote again"}, {"do": "close"}]


@pytest.fixture
def silent(ana, ana_user):
    """Seven days after our last reply it is closed; two days before the customer hears of it."""
    draft = Draft(
        "Close what is silent",
        condition="-tag:keep",
        after=7 * DAY,
        actions=CLOSE,
        warn_after=5 * DAY,
        warning=WARN,
        owner=ana_user,
    )
    schedule = save_schedule(None, draft, by=ana)
    switch(schedule, on=True, by=ana)
    return schedule


@pytest.fixture
def answered(ticket, ana):
    reply(ticket, "Turn the ring.", by=ana)
    return ticket


def after(days, hours=0):
    with at(now() + days * DAY + timedelta(hours=hours)):
        return run_schedules()


def test_the_customer_is_warned_then_it_is_closed_and_both_are_recorded(silent, answered):
    assert after(4) == 0
    assert after(5, 1) == 1
    answered.refresh_from_db()
    assert answered.messages.filter(author_kind="rule").get().text == "We close this in two days."
    assert after(6) == 0
    assert after(7, 2) == 1

    answered.refresh_from_db()
    assert (answered.status, answered.resolution) == ("closed", "no_answer")
    told = Event.objects.filter(kind="schedule.acted").order_by("id")
    assert [(event.actor_name, event.data["stage"], event.data["why"]) for event in told] == [
        ("Close what is silent", "warn", "5 days after our last reply"),
        ("Close what is silent", "act", "7 days after our last reply"),
    ]


def test_once_per_occasion_however_often_the_clock_strikes(silent, answered):
    assert [after(5, hour) for hour in range(1, 5)] == [1, 0, 0, 0]


def test_whoever_writes_again_is_not_closed_and_a_new_silence_is_a_new_occasion(silent, answered, ana):
    after(5, 1)
    with at(now() + 6 * DAY):
        cast.says(answered, "I am still here!")
    assert after(9) == 0
    with at(now() + 9 * DAY):
        reply(answered, "Then turn it once more.", by=ana)

    assert after(13) == 0
    assert after(14, 1) == 1
    assert ScheduleAct.objects.filter(stage="warn").count() == 2


def test_a_warning_is_a_promise_of_time(silent, answered):
    """The desk was off for three weeks: warned late, closed two days after that."""
    assert after(21) == 1
    answered.refresh_from_db()
    assert answered.status == "pending"
    assert after(22) == 0
    assert after(23, 1) == 1


def test_the_condition_is_asked_at_the_time(silent, answered, ana):
    from towerdesk.tickets.tag import tag

    tag(answered, add=["keep"], by=ana)

    assert after(30) == 0


def test_a_vacation_note_is_no_answer(silent, answered):
    cast.says(answered, "I am away", auto="vacation")

    assert after(5, 1) == 1


def test_what_cannot_be_done_is_told_once_and_undone(answered, ana, ana_user, desk):
    draft = Draft(
        "Give away", actions=[{"do": "tag", "add": ["x"]}, {"do": "assign", "team": "billing"}], owner=ana_user
    )
    schedule = save_schedule(None, draft, by=ana)
    switch(schedule, on=True, by=ana)
    desk.billing.delete()

    assert [after(8), after(9)] == [1, 0]
    answered.refresh_from_db()
    assert answered.tags == []
    assert "no team “billing”" in Event.objects.get(kind="schedule.failed").data["trouble"]


@pytest.mark.parametrize(
    ("since", "days", "changes"),
    [("unanswered", 1, {}), ("opened", 1, {}), ("due", 2, {})],
)
def test_the_other_moments(ticket, ana, ana_user, since, days, changes):
    draft = Draft("Raise", since=since, after=DAY, actions=[{"do": "change", "priority": "high"}], owner=ana_user)
    schedule = save_schedule(None, draft, by=ana)
    switch(schedule, on=True, by=ana)

    assert after(0, 1) == 0
    assert after(days, 1) == 1
    ticket.refresh_from_db()
    assert ticket.priority == "high"


def test_what_a_schedule_does_sets_off_no_rule(silent, answered):
    after(5, 1)

    assert not Event.objects.filter(kind="message.queued", actor_kind="rule").get().is_from_outside


def test_the_screen_can_say_what_comes_next(silent, answered):
    with at(now() + 4 * DAY):
        assert [(stage.name, ticket.pk) for stage, ticket in upcoming(silent, 2 * DAY)] == [("warn", answered.pk)]
        [_, warn] = stages(silent)
        assert due(silent, warn) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"warn_after": 8 * DAY, "warning": WARN}, "must come before the act"),
        ({"warn_after": DAY, "warning": []}, "The warning does nothing yet"),
        ({"after": timedelta(0)}, "five minutes or more"),
        ({"since": "doomsday"}, "Choose since when"),
        ({"actions": []}, "does nothing yet"),
        ({"owner": None}, "choose an owner"),
    ],
)
def test_a_bad_schedule_is_refused_with_what_to_change(ana, ana_user, wrong, says):
    draft = Draft(**{"name": "Close", "actions": CLOSE, "owner": ana_user, **wrong})

    with pytest.raises(Invalid, match=says):
        save_schedule(None, draft, by=ana)


def test_a_schedule_in_use_is_not_deleted_by_accident(silent, ana):
    with pytest.raises(Conflict, match="switch it off first"):
        delete(silent, silent.name, by=ana)
    switch(silent, on=False, by=ana)
    with pytest.raises(Invalid, match="Type the name"):
        delete(silent, "", by=ana)

    delete(silent, silent.name, by=ana)

    assert not Schedule.objects.exists()
