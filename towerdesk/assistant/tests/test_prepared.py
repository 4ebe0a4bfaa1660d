"""What a person finds when nobody is sure what Mara wants: the procedure that may be meant, filled in, or what she names."""

import pytest

from towerdesk.accounts.models import User
from towerdesk.assistant import consider as considering
from towerdesk.assistant.consider import consider
from towerdesk.assistant.models import ProcedureRun, Run
from towerdesk.assistant.procedures import runs
from towerdesk.assistant.procedures.by_hand import fill_in, go_on
from towerdesk.assistant.procedures.named import named_in
from towerdesk.assistant.tests.shop import says
from towerdesk.connectors.models import Call
from towerdesk.tickets.models import Message


@pytest.fixture
def unsure(monkeypatch):
    monkeypatch.setattr("towerdesk.assistant.procedures.follow.SURE_ENOUGH", 1.1)


class Killed(BaseException):
    """As a kill: nothing catches it."""


def again(message):
    return consider(Message.objects.select_related("ticket__requester", "ticket__inbox").get(pk=message.pk))


def killed(*_, **__):
    raise Killed


def test_killed_before_the_decision_is_kept_the_next_one_hands_over_the_same(asked, unsure, monkeypatch):
    message = asked("I need a copy of my invoice for BW-10001")
    with monkeypatch.context() as dying:
        dying.setattr(considering, "carry_out", killed)
        with pytest.raises(Killed):
            consider(message)
    orphan = ProcedureRun.objects.get()
    assert (orphan.state, Run.objects.count()) == ("handed_over", 0)

    run = again(message)

    assert run.procedure_run == orphan
    assert run.procedure_run.kept["known"]["order"]["content"] == "BW-10001"
    assert [said["id"] for said in run.procedure_run.kept["heard"]] == [message.pk]


@pytest.mark.parametrize("where", ["hear", "go"])
def test_killed_half_way_nothing_is_left_that_goes_on_by_itself(asked, unsure, sender, monkeypatch, where):
    message = asked("I need a copy of my invoice for BW-10001")
    with monkeypatch.context() as dying:
        dying.setattr(runs, where, killed)
        with pytest.raises(Killed):
            consider(message)
    assert ProcedureRun.objects.get().state == "handed_over"  # not open: no move is made of it

    run = again(message)

    prepared = ProcedureRun.objects.get()
    assert (run.kind, run.procedure_run) == ("answer", prepared)
    assert prepared.kept["known"]["order"]["content"] == "BW-10001"
    assert Call.objects.filter(tool="shop.order").count() == 1
    assert sender.calls == []


def test_what_is_written_later_is_filled_in_too(asked, unsure):
    ticket = consider(asked("I need a copy of my invoice")).ticket
    assert "order" not in ProcedureRun.objects.get().kept["known"]

    run = consider(says(ticket, "Sorry, the number is BW-10001."))

    assert run.procedure_run.kept["known"]["order"]["content"] == "BW-10001"
    assert len(run.procedure_run.kept["heard"]) == 2


def test_what_a_person_fills_in_stays_and_what_they_go_on_with_is_theirs(asked, unsure, ana):
    ticket = consider(asked("I need a copy of my invoice")).ticket
    prepared = ProcedureRun.objects.select_related("version__procedure", "ticket__requester", "ticket__team").get()
    fill_in(prepared, "order", "BW-10002", by=ana)
    consider(says(ticket, "Any news?"))
    prepared.refresh_from_db()
    assert prepared.kept["known"]["order"] == {"content": "BW-10002", "source": "agent", "said": str(ana.user_id)}

    go_on(prepared, by=ana)
    before = ProcedureRun.objects.get().kept
    consider(says(ticket, "I mean BW-10001, sorry."))
    assert ProcedureRun.objects.get().kept["known"]["order"] == before["known"]["order"]


def test_where_no_intent_is_understood_the_likeliest_procedure_is_prepared(asked, sender, monkeypatch):
    monkeypatch.setattr("towerdesk.assistant.read.IN_SCOPE", 1.1)
    run = consider(asked("The invoice of BW-10001, a copy"))

    assert (run.outcome, run.intent) == ("handed_over", None)
    assert run.procedure_run.kept["known"]["order"]["content"] == "BW-10001"
    assert (run.procedure_run.score, sender.calls) == (0.0, [])


def test_where_no_procedure_may_be_prepared_what_they_name_is_on_the_ticket(asked, monkeypatch, client, ana):
    monkeypatch.setattr("towerdesk.assistant.read.IN_SCOPE", 1.1)
    run = consider(asked("It is about BW-10001 and € 12.50, write to mara@work.example", verified=False))

    named = [
        {"name": "order", "value": "BW-10001"},
        {"name": "email", "value": "mara@work.example"},
        {"name": "amount", "value": "12.50"},
    ]
    assert (run.outcome, run.procedure_run, run.named) == ("handed_over", None, named)
    assert run.receipt.body["named"] == named
    client.force_login(User.objects.get(pk=ana.user_id))
    page = client.get(f"/tickets/{run.ticket_id}").text
    assert "BW-10001" in page.split("They name")[1]


@pytest.mark.django_db
def test_what_is_named_is_found_in_any_of_the_languages():
    said = "Bis 24. Dezember 2026, € 12,50. Bitte liefern an\nLindenstraße 12, 10969 Berlin"

    assert named_in(said, "de") == [
        {"name": "address", "value": "Lindenstraße 12, 10969 Berlin"},
        {"name": "date", "value": "2026-12-24"},
        {"name": "amount", "value": "12.50"},
    ]
