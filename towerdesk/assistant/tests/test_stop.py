"""Somebody pulls the brake, and a budget runs out."""

from decimal import Decimal

import pytest

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.accounts.halt import halted
from towerdesk.accounts.models import Halt
from towerdesk.assistant.budget import OverBudget, asking, set_budget, spent, why_not
from towerdesk.assistant.consider import consider
from towerdesk.assistant.models import Asking, Licence
from towerdesk.assistant.stop import start, stop
from towerdesk.cli.main import run
from towerdesk.delivery.claim import claim
from towerdesk.delivery.compose import compose
from towerdesk.events.models import Event
from towerdesk.lib import clock
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.testing import cast
from towerdesk.testing.fake_llm import serve
from towerdesk.testing.lessons import QUESTION
from towerdesk.tickets.models import Message
from towerdesk.tickets.reply import reply


@pytest.fixture
def alone(taught):
    """The assistant answers returns alone, after a pause in which it can be stopped."""
    intent = taught["return-how-to"]
    intent.level = "pause"
    intent.save()
    Licence.objects.create(
        intent=intent, threshold=0.01, alpha=0.05, n=80, k=0, bound=0.037, expires_at=now().replace(year=2099)
    )
    return intent


@pytest.fixture
def asked(desk, mara):
    return cast.opened(desk, mara, "Return", QUESTION).messages.get()


def test_what_it_queued_is_taken_back_and_people_have_the_ticket(alone, asked, ben):
    answer = consider(asked).sent

    stop("It quotes old prices", by=ben)

    answer.refresh_from_db()
    asked.ticket.refresh_from_db()
    assert (answer.delivery, answer.delivery_note) == ("withdrawn", "The assistant is stopped for the whole desk")
    assert (asked.ticket.step_kind, asked.ticket.handler) == ("answer", "person")
    assert Event.objects.get(kind="assistant.stopped").data == {"why": "It quotes old prices"}


def test_while_it_is_stopped_it_thinks_nothing_and_says_nothing(alone, asked, ben):
    stop(by=ben)

    assert consider(asked) is None
    with pytest.raises(Conflict, match="stopped"):
        reply(asked.ticket, "Hello", by=THE_ASSISTANT, warrant="licence:1")


def test_what_was_queued_in_the_very_moment_does_not_leave(alone, asked, ben):
    """Its transaction began before the stop and ended after it."""
    answer = consider(asked).sent
    Message.objects.filter(pk=answer.pk).update(send_after=now())
    answer.refresh_from_db()
    outgoing = compose(answer)
    Halt.objects.create(by_name="Ben")

    assert claim(answer, outgoing) is None
    answer.refresh_from_db()
    assert answer.delivery == "withdrawn"


def test_anybody_here_stops_it_and_only_a_lead_lets_it_go_on(alone, asked, ana, ben):
    stop(by=ben)
    stop("Again", by=ana)
    assert Halt.objects.count() == 1

    with pytest.raises(Refused):
        start(by=ben)
    start(by=ana)

    assert halted() is None
    assert consider(asked).outcome == "pause"


def test_what_a_person_approved_is_theirs_and_leaves(alone, asked, ana, ben):
    said = reply(asked.ticket, "Hello Mara", by=ben)

    stop(by=ana)

    said.refresh_from_db()
    assert said.delivery == "queued"


@pytest.mark.django_db(transaction=True)
def test_the_command_stops_and_starts_it(capsys, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://is.used.by.settings.already/x")
    assert run(["ai", "stop", "--why", "A test"]) == 0
    assert halted().why == "A test"
    assert run(["ai", "start"]) == 0
    assert halted() is None
    assert run(["ai", "budget"]) == 0
    assert "ticket calls" in capsys.readouterr().out


def test_at_the_cap_it_goes_on_without_the_model_says_so_and_the_leads_hear(
    taught, asked, desk, mara, ana, monkeypatch
):
    set_budget({"day_calls": 1}, by=ana)
    with serve(lambda prompt: "You can return an item within 30 days of delivery.") as fake:
        monkeypatch.setenv("TOWERDESK_LLM", "openai-chat:some-model")
        monkeypatch.setenv("TOWERDESK_LLM_URL", fake.url)
        first = consider(asked)
        second = consider(cast.opened(desk, mara, "Return", QUESTION).messages.get())
        third = consider(cast.opened(desk, mara, "Return", f"{QUESTION} Thanks").messages.get())

    assert len(fake.asked) == 1
    assert first.receipt.body["model"]
    assert "30 days" in second.reply
    assert any("budget of 1 calls today is used up" in step["sentence"] for step in second.steps)
    assert third.outcome == "draft"
    assert Event.objects.filter(kind="assistant.capped").count() == 1
    [told] = Event.objects.filter(kind="ticket.told")
    assert told.data["name"] == "Ana Reyes"


def test_caps_count_by_day_and_month(db, ana):
    set_budget({"day_cost": Decimal("0.10"), "month_cost": Decimal("1")}, by=ana)
    with asking("word", "m", None) as one:
        one.cost = Decimal("0.10")

    assert "0.10 USD today" in why_not(None)
    with pytest.raises(OverBudget), asking("word", "m", None):
        pass
    assert spent().day_calls == 1
    with clock.at(now().replace(year=2099)):
        assert why_not(None) == ""


def test_a_ticket_has_a_cap_of_its_own(asked, ana):
    set_budget({"ticket_calls": 2}, by=ana)
    Asking.objects.create(ticket=asked.ticket, purpose="word", model="m")
    assert why_not(asked.ticket) == ""
    Asking.objects.create(ticket=asked.ticket, purpose="word", model="m")
    assert "2 times on this ticket" in why_not(asked.ticket)


def test_a_budget_is_for_leads_and_made_of_numbers(db, ana, ben):
    with pytest.raises(Refused):
        set_budget({"day_calls": 1}, by=ben)
    with pytest.raises(Invalid):
        set_budget({"day_calls": -1}, by=ana)


def test_a_model_never_sees_a_card_or_an_address(taught, desk, mara, monkeypatch):
    text = f"{QUESTION} My card is 4111 1111 1111 1111, write to mara.private@lindqvist.example, password is Geheim99."
    message = cast.opened(desk, mara, "Return", text).messages.get()
    with serve(lambda prompt: "You can return an item within 30 days of delivery.") as fake:
        monkeypatch.setenv("TOWERDESK_LLM", "openai-chat:some-model")
        monkeypatch.setenv("TOWERDESK_LLM_URL", fake.url)
        consider(message)

    sent = str(fake.asked)
    assert "[card_1]" in sent
    assert not any(secret in sent for secret in ("4111", "mara.private", "Geheim99"))
