"""What an agent writes down about a request beside the answer: the machine, its number, how bad it is."""

from towerdesk.cli.demo.dice import dice
from towerdesk.cli.demo.request import Request
from towerdesk.lib.actor import Actor
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Ticket

MACHINES = ("aurora", "duetto", "solo", "other")
ABOUT_MACHINES = {"machine-fault", "leak-after-descaling", "error-code", "repair-status", "warranty", "missed-visit"}
SYMPTOMS = {"leak-after-descaling": ["leaks"], "error-code": ["no_heat"], "machine-fault": ["no_pressure", "noise"]}
ABOUT_ORDERS = {"damaged-on-arrival", "wrong-item", "lost-parcel", "refund-status", "double-charge"}


def write_down(request: Request, ticket: Ticket, *, by: Actor) -> None:
    """Two of three tickets that it is about have it, as in any desk."""
    chance = dice("details", request.token)
    if chance.random() > 0.66:
        return
    if request.intent in ABOUT_MACHINES:
        fields = {"machine": chance.choice(MACHINES), "serial_number": f"BW-{chance.randrange(180000, 260000)}"}
        symptoms = SYMPTOMS.get(request.intent, [])
        fields |= {"symptoms": symptoms} if symptoms else {}  # type: ignore[dict-item]
        urgency = chance.choice(("can_wait", "hampered", "hampered", "stopped"))
        impact = "shop" if "wholesale" in ticket.tags else "one"
        change(ticket, fields=fields, impact=impact, urgency=urgency, by=by)
    elif request.intent in ABOUT_ORDERS:
        change(ticket, fields={"order_number": f"B{chance.randrange(100000, 999999)}"}, by=by)
