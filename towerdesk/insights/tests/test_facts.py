"""Facts follow the log, and a rebuild gives the same numbers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.forms.models import model_to_dict

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.events.record import record
from towerdesk.insights import facts
from towerdesk.insights.metrics import METRICS, measure
from towerdesk.insights.models import TicketFact
from towerdesk.lib import clock
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Refused
from towerdesk.testing import cast
from towerdesk.tickets.close import close
from towerdesk.tickets.note import note
from towerdesk.tickets.rate import rate
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.withdraw import withdraw

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WEEK = (MONDAY, MONDAY + timedelta(days=14))


@pytest.fixture
def week(desk, mara, jonas, ana):
    """Mara is answered by Ana, Jonas by the assistant; Jonas says yes."""
    with clock.at(MONDAY):
        first = cast.opened(desk, mara)
        second = cast.opened(desk, jonas, "Return", "How long can I return it?")
    with clock.at(MONDAY + timedelta(minutes=30)):
        reply(first, "Turn the gasket.", by=ana, then="resolve")
        note(first, "August batch", by=ana)
    with clock.at(MONDAY + timedelta(minutes=2)):
        reply(second, "30 days.", by=THE_ASSISTANT, warrant="licence:1", then="keep")
        resolve(second, "Answered", by=THE_ASSISTANT)
    with clock.at(MONDAY + timedelta(hours=5)):
        rate(second, 3, by=jonas.actor())
    facts.fold()
    return first, second


def test_first_response_and_resolution_times_are_medians_from_the_log(week, ana):
    found = measure(ana, *WEEK)

    assert found["frt"].value == 16  # minutes: half way between 2 and 30
    assert found["ttr"].value == pytest.approx(16 / 60)
    assert found["frt"].n == 2


def test_autonomous_counts_only_what_held_and_shows_how_we_know(week, ana):
    figure = measure(ana, *WEEK)["autonomous"]

    assert figure.value == 0.5
    assert figure.parts["confirmed"] == 1
    assert figure.parts["assumed"] == figure.parts["disputed"] == 0


def test_a_recontact_within_a_week_counts_against(week, desk, jonas, ana):
    with clock.at(MONDAY + timedelta(days=2)):
        cast.opened(desk, jonas, "Return", "It still does not work")
    facts.fold()

    found = measure(ana, *WEEK)
    assert found["autonomous"].value == 0
    assert found["recontact"].value == 0.5


def test_cost_is_minutes_times_rate_and_model_fees(week, ana):
    figure = measure(ana, *WEEK)["cost"]

    minutes = 4.0 + 1.5 + 0.3  # a reply, a note, resolving
    assert figure.parts["agent minutes"] == pytest.approx(minutes)
    assert figure.value == pytest.approx(minutes * 0.75 / 2)


def test_satisfaction_is_the_share_of_yes(week, mara, ana):
    with clock.at(MONDAY + timedelta(hours=6)):
        rate(week[0], 1, by=mara.actor())
    facts.fold()

    figure = measure(ana, *WEEK)["csat"]
    assert (figure.value, figure.n, figure.parts) == (0.5, 2, {"yes": 1, "partly": 0, "no": 1})


def test_deflection_counts_a_visitor_once_a_day(week, ana):
    with clock.at(MONDAY + timedelta(hours=1)):
        for _ in range(3):
            record("article.judged", by=Actor("customer", None, "Visitor"), subject=1, visitor="v1", helped=True)

    figure = measure(ana, *WEEK)["deflection"]
    assert figure.value == pytest.approx(1 / 3)


def test_a_withdrawn_reply_was_no_first_response(desk, mara, ana):
    with clock.at(MONDAY):
        ticket = cast.opened(desk, mara)
        said = reply(ticket, "Hello", by=ana, pause=timedelta(minutes=1))
        withdraw(said, "typo", by=ana)
    facts.fold()

    assert measure(ana, *WEEK)["frt"].value is None


def test_a_receipt_of_a_rule_is_no_response_and_an_undone_one_leaves_the_next(desk, mara, ana, ben):
    with clock.at(MONDAY):
        ticket = cast.opened(desk, mara)
        reply(ticket, "We have your mail.", by=Actor("rule", 1, "Receipts", frozenset({"*"})), then="keep")
    with clock.at(MONDAY + timedelta(hours=1)):
        first = reply(ticket, "Hello", by=ana, pause=timedelta(hours=3))
    with clock.at(MONDAY + timedelta(hours=2)):
        reply(ticket, "Hello from me, too", by=ben)
        withdraw(first, "typo", by=ana)
    facts.fold()

    fact = TicketFact.objects.get(ticket_id=ticket.pk)
    assert (fact.replies_person, fact.replies_assistant, fact.first_reply_by) == (1, 0, "agent")
    assert fact.first_reply_at == MONDAY + timedelta(hours=2)
    ticket.refresh_from_db()
    assert ticket.first_reply_at >= MONDAY + timedelta(hours=2)


def test_a_disputed_answer_is_called_disputed(week, mara):
    rate(week[0], 1, by=mara.actor())
    facts.fold()

    assert TicketFact.objects.get(pk=week[0].pk).known_by == "disputed"


def test_a_rebuild_gives_the_same_rows(week, ana):
    close(week[0], "done", by=ana)
    facts.fold()
    before = rows()

    facts.rebuild()

    assert rows() == before
    assert len(before) == 2


def test_folding_twice_changes_nothing(week):
    before = rows()
    assert facts.fold() == 0
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_while_somebody_writes_for_long_nothing_is_folded_and_nobody_is_held_up(desk, mara):
    cast.opened(desk, mara)
    facts.fold()
    cast.opened(desk, mara)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE events_event IN ROW EXCLUSIVE MODE")  # as each writer of it does
            assert facts.fold() == 0
            assert facts.rebuild() == 0
            assert TicketFact.objects.count() == 1
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert facts.fold() == 2
    assert TicketFact.objects.count() == 2


def test_what_one_may_not_read_is_not_counted(week, desk):
    desk.repairs.restricted = True
    desk.repairs.save()
    outsider = cast.acting(cast.agent("Otto Wolf", desk.billing))

    assert measure(outsider, *WEEK)["frt"].n == 0
    with pytest.raises(Refused):
        measure(Actor("customer", 1, "Mara"), *WEEK)


def test_every_metric_says_what_it_is(week, ana):
    found = measure(ana, *WEEK)

    assert set(found) == {metric.name for metric in METRICS}
    assert all(metric.sentence.endswith(".") and metric.formula for metric in METRICS)


def rows():
    return [model_to_dict(fact) | {"id": fact.pk} for fact in TicketFact.objects.order_by("pk")]
