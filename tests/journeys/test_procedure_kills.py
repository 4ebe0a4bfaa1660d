"""A procedure is killed between what it does in the shop and writing that down: it goes on, and nothing is done twice."""

from datetime import timedelta

import pytest

from tests.journeys.test_shop import books, connected, killed, line, refunds, shop  # noqa: F401 (fixtures)
from towerdesk.assistant.models import ProcedureRun, ProcedureVersion, Run
from towerdesk.assistant.procedures.approve import carry_out
from towerdesk.assistant.procedures.by_hand import begin_by_hand, go_on
from towerdesk.assistant.procedures.recover import recover
from towerdesk.assistant.procedures.runs import open_run, take
from towerdesk.cli.demo.procedures import publish_all
from towerdesk.cli.demo.shop.small import MARA
from towerdesk.connectors.recover import recover as recover_calls
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.people.find import person_for
from towerdesk.testing import cast


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["kill", "kill after", "record"])
def test_kill_9_in_the_middle_of_a_deed(desk, line, books, settings, ana, where):  # noqa: F811
    connected(line, settings)
    publish_all(by=CLOCK)
    mara = person_for(MARA, "Mara Lindqvist", verified=True)
    ticket = cast.opened(desk, mara, "Order", "Please cancel order B-20001.")
    begin_by_hand(ticket, ProcedureVersion.objects.get(procedure__key="cancel-order"), by=ana)
    ticket.refresh_from_db()
    take(open_run(ticket.pk), cast.says(ticket, "Yes please", sender=MARA, trust={"verified": True}))
    go_on(ProcedureRun.objects.select_related("version__procedure", "ticket__requester", "ticket__team").get(), by=ana)
    waiting = Run.objects.select_related("ticket").latest("id")

    killed(line, where, lambda: carry_out(waiting, by=ana))
    assert ProcedureRun.objects.get().state == "acting"
    with clock.at(clock.now() + timedelta(minutes=5)):
        recover_calls()
        assert recover() == 1
        assert recover() == 0

    run = ProcedureRun.objects.get()
    assert (run.state, len(refunds(books))) == ("done", 1)
    assert [step.does for step in run.steps.all()].count("write") == 1
    [said] = ticket.messages.filter(direction="out")
    assert "Order B-20001 is cancelled." in said.text
