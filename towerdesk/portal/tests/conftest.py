"""The repair form, as Mara finds it on the web, and a hand that fills it in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from towerdesk.channels.webform.drawn import Drawn, drawn_before, worth
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.testing import cast
from towerdesk.tickets.models import Form
from towerdesk.tickets.taxonomy.edit import make_value
from towerdesk.tickets.taxonomy.shape_fields import save_field, save_form

MACHINE_ASKS_SERIAL = [{"ask": "machine", "says": "any_of", "values": ["solo-2", "duo"]}]


@pytest.fixture
def form(desk: cast.Desk) -> Form:
    save_field("machine", name="Machine", kind="choice", by=CLOCK)
    for name in ("Solo 2", "Duo", "Grinder"):
        make_value("field.machine", name, by=CLOCK)
    save_field("serial", name="Serial number", kind="text", by=CLOCK)
    save_field("bought", name="Bought on", kind="date", by=CLOCK)
    asks: list[dict[str, Any]] = [
        {"ask": "machine", "required": True},
        {"ask": "serial", "required": True, "when": MACHINE_ASKS_SERIAL, "help": "On the plate below the tank"},
        {"ask": "bought", "when": [{"ask": "serial", "says": "filled"}]},
    ]
    page = {"public": True, "sites": ["https://shop.example"], "thanks": "We look at it within a day."}
    return save_form("repair", name="Repair", help="For machines that do not work.", asks=asks, page=page, by=CLOCK)


def found_proof(drawn: Drawn) -> str:
    """The first of those that have the bits in them, as a browser's own loop finds it."""
    begun, most = sha256(f"{drawn.key}:".encode()), 2 ** (256 - drawn.bits)
    for number in range(10**7):
        tried = begun.copy()
        tried.update(b"%d" % number)
        if int.from_bytes(tried.digest()) < most:
            assert worth(drawn, str(number)) >= drawn.bits
            return str(number)
    raise AssertionError("No number is a proof.")


@pytest.fixture
def fill(client: Client, form: Form) -> Callable[..., Any]:
    """Draws the page, does the work, and sends it half a minute after it was drawn, as a browser would."""

    def fill_in(*, after: float = 30, proof: str | None = None, key: str = "repair", **said: Any) -> Any:
        drawn_page = client.get(f"/help/ask/{key}")
        drawn = drawn_before(drawn_page.context["drawn"].token, key)
        assert drawn is not None
        values = {
            "subject": "Group head drips",
            "text": "It drips since yesterday.",
            "email": "Mara@Lindqvist.example",
            "name": "Mara Lindqvist",
            "field.machine": "grinder",
            "page": drawn.token,
            "proof": found_proof(drawn) if proof is None else proof,
        }
        # By the page's own time: how long this test took to find the proof is nobody's matter.
        with clock.at(datetime.fromtimestamp(drawn.at, UTC) + timedelta(seconds=after)):
            return client.post(f"/help/ask/{key}", values | said, follow=True)

    return fill_in
