"""Connect the demo desk with its shop, with the limits that its internal article tells colleagues of."""

from pathlib import Path

from config import env
from towerdesk.connectors.contract import TEXT
from towerdesk.connectors.http.description import from_yaml
from towerdesk.connectors.models import Connection
from towerdesk.connectors.set_up import connect, set_tool
from towerdesk.lib.actor import CLOCK

TOOLS = Path(__file__).parent / "tools.yaml"
BASE = "http://127.0.0.1:8027"
LIMITS = {
    "refund_order": {"most_amount": 500, "most_amount_a_day": 5000, "most_a_day_each": 2, "approve_above": 60},
    "refund_item": {"most_amount": 500, "most_amount_a_day": 5000, "most_a_day_each": 3, "approve_above": 60},
    "cancel_order": {"most_a_day": 200, "most_a_day_each": 3},
    "cancel_subscription": {"most_a_day": 50, "most_a_day_each": 2},
    "resend_invoice": {"most_a_day_each": 5},
    "create_return_label": {"most_a_day_each": 5},
}


def connect_shop() -> Connection:
    """Once; afterwards only its address is kept up to date."""
    host = f"127.0.0.1:{env.demo_shop_port()}"
    text = TOOLS.read_text(encoding="utf-8").replace(BASE, f"http://{host}")
    known = Connection.objects.filter(slug="shop").first()
    if known and known.hosts == [host]:
        return known
    secret = {"token": env.secret("shop")}
    shop = connect(known, name="Shop", kind="http", settings={TEXT: text}, secrets=secret, hosts=[host], by=CLOCK)
    if known is None:
        for tool in from_yaml(text).tools:
            set_tool(f"shop.{tool.name}", enabled=True, **LIMITS.get(tool.name, {}), by=CLOCK)
    return shop
