"""Ben goes by a procedure on a ticket: he ticks off what he did, and fills in what he found out."""

import re
from html import unescape

import pytest

from towerdesk.assistant.models import Procedure, ProcedureRun, Run
from towerdesk.assistant.procedures.publish import publish
from towerdesk.assistant.procedures.write import write
from towerdesk.events.models import Event
from towerdesk.lib.actor import CLOCK

REFUND = r"""# Refund by hand

## What we need

- account (text like C-\d+, from agent): The number of the account
- amount (amount, optional, from agent): How much they want

## Pull up the account

Always first.

- Do: Ask for the account and pull it up
    - Full name or account number
    - Fill in: account, amount

## Offer the refund

- If account is "C-666":
    - Hand over: This account is barred
- Do: Offer the refund to {account}
- Say: Your refund is on its way.
"""


def text_of(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.fixture
def refund(desk):
    procedure = write(None, REFUND, by=CLOCK)
    publish(procedure, {}, by=CLOCK)
    return procedure


@pytest.fixture
def begun(bens_web, refund, ticket):
    bens_web.post(f"/tickets/{ticket.pk}/procedure/begin", {"procedure": refund.key})
    return ProcedureRun.objects.get()


def node(run):
    run.refresh_from_db()
    return run.stop["node"]


def test_ben_goes_by_a_checklist_to_its_end(bens_web, begun, ticket):
    path = f"/tickets/{ticket.pk}/procedure"
    page = text_of(bens_web.get(path))
    assert "Full name or account number" in page
    assert "Refund by hand" in text_of(bens_web.get(f"/tickets/{ticket.pk}"))

    bens_web.post(f"{path}/done", {"node": node(begun), "slot.account": "C-12", "slot.amount": "40 €"})
    shown = text_of(bens_web.get(path))
    assert "Account C-12 one of us" in shown
    assert "Ben Okafor" in shown
    answer = bens_web.post(f"{path}/done", {"node": node(begun)})

    begun.refresh_from_db()
    assert begun.state == "done"
    assert answer.url == f"/tickets/{ticket.pk}"
    [suggested] = Run.objects.filter(ticket=ticket, state="open")
    assert "Your refund is on its way." in suggested.reply
    assert [step.by_name for step in begun.steps.filter(does="task")] == ["Ben Okafor", "Ben Okafor"]
    assert Event.objects.filter(kind="procedure.begun", ticket_id=ticket.pk).exists()


def test_what_is_missing_or_does_not_fit_is_said(bens_web, begun, ticket):
    path = f"/tickets/{ticket.pk}/procedure/done"
    empty = bens_web.post(path, {"node": node(begun), "slot.account": ""})
    wrong = bens_web.post(path, {"node": node(begun), "slot.account": "twelve"})

    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert "account: This is needed." in text_of(empty)
    assert "account: This does not fit what is asked for." in text_of(wrong)
    assert begun.steps.count() == 0


def test_what_was_ticked_off_already_is_not_done_twice(bens_web, begun, ticket):
    first = node(begun)
    path = f"/tickets/{ticket.pk}/procedure/done"
    bens_web.post(path, {"node": first, "slot.account": "C-12"})

    assert bens_web.post(path, {"node": first, "slot.account": "C-13"}).status_code == 409
    assert begun.steps.count() == 1


def test_a_branch_leads_to_another_end(bens_web, begun, ticket):
    bens_web.post(f"/tickets/{ticket.pk}/procedure/done", {"node": node(begun), "slot.account": "C-666"})

    begun.refresh_from_db()
    assert begun.state == "handed_over"
    assert "This account is barred" in text_of(bens_web.get(f"/tickets/{ticket.pk}/procedure"))


def test_ben_goes_on_without_it_and_may_begin_another(bens_web, begun, refund, ticket):
    assert bens_web.post(f"/tickets/{ticket.pk}/procedure/begin", {"procedure": refund.key}).status_code == 409
    bens_web.post(f"/tickets/{ticket.pk}/procedure/leave")

    begun.refresh_from_db()
    assert begun.state == "stopped"
    bens_web.post(f"/tickets/{ticket.pk}/procedure/begin", {"procedure": refund.key})
    assert ProcedureRun.objects.open().count() == 1


def test_only_what_is_published_is_offered(bens_web, refund, ticket):
    assert "Refund by hand" in text_of(bens_web.get(f"/tickets/{ticket.pk}/procedure"))
    Procedure.objects.update(status="retired")

    assert "No procedure is published yet" in text_of(bens_web.get(f"/tickets/{ticket.pk}/procedure"))
    assert bens_web.post(f"/tickets/{ticket.pk}/procedure/begin", {"procedure": refund.key}).status_code == 409
