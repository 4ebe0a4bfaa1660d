"""The desk is killed while a person has a tool do something on a ticket: it is found out, and never done twice."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.journeys.test_shop import KILLS, books, connected, killed, line, refunds, shop  # noqa: F401 (fixtures)
from towerdesk.cli.demo.shop.small import MARA
from towerdesk.connectors.models import Call
from towerdesk.connectors.recover import recover
from towerdesk.lib import clock
from towerdesk.people.find import person_for
from towerdesk.testing import cast

WAYS = [("record", True), ("kill", False), ("kill after", True)]
"""The others than the first, when asked for: `test_shop` kills at each of them under the same verb."""
VALUES = {"a.order": "B-20001", "a.account": "C-1"}


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("where", "happened"), WAYS if KILLS > 1 else WAYS[:1])
def test_kill_9_while_a_person_cancels_an_order(desk, line, books, settings, ben_user, where, happened):  # noqa: F811
    connected(line, settings)
    mara = person_for(MARA, "Mara Lindqvist", verified=True)
    ticket = cast.opened(desk, mara, "Order", "Please cancel order B-20001.")
    client, page = Client(), f"/tickets/{ticket.pk}/use/shop.cancel_order"
    client.force_login(ben_user)
    seen = client.post(page, {"does": "see", **VALUES}).content.decode()
    hidden = {name: re.search(rf'name="{name}" value="(\w+)"', seen)[1] for name in ("nonce", "seen")}
    yes = {"does": "do", **hidden, **VALUES}

    killed(line, where, lambda: client.post(page, yes))
    call = Call.objects.get(tool="shop.cancel_order")
    assert (call.state, len(refunds(books))) == ("claimed", int(happened))
    with clock.at(clock.now() + timedelta(minutes=5)):
        recover()
        call.refresh_from_db()
        assert (call.state, call.checked) == (("done", "yes") if happened else ("failed", ""))
        client.post(page, yes)
        client.post(page, yes)

    call.refresh_from_db()
    assert (call.state, call.checked, len(refunds(books))) == ("done", "yes", 1)
