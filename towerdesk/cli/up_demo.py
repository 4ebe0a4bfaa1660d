"""Start the desk with the demo company in it."""

import os

from config import env
from towerdesk.cli.ports import check
from towerdesk.cli.up import start


def command() -> None:
    """Start the desk with a believable company, its past tickets, and new mail that keeps coming."""
    os.environ.setdefault("TOWERDESK_NAME", "Brasswell")
    os.environ.setdefault("TOWERDESK_RELAY", f"smtp://127.0.0.1:{env.demo_relay_port()}")  # the customers' mail server
    os.environ.setdefault("TOWERDESK_TRUSTED_MAIL_HOSTS", "mx.brasswell.example")  # it checks the customers' signatures
    shop = f"127.0.0.1:{env.demo_shop_port()}"
    os.environ.setdefault("TOWERDESK_CONNECTOR_HOSTS", shop)  # the shop's back office, which the desk may call
    check("127.0.0.1", env.demo_shop_port(), "TOWERDESK_DEMO_SHOP_PORT")
    start(_prepare, afterwards={"shop": "towerdesk.cli.shop", "demo": "towerdesk.cli.life"})


def _prepare() -> str:
    """Quick things only: the desk opens while the past is still being told in the background."""
    from towerdesk.cli.demo.past import is_told
    from towerdesk.cli.demo.prepare import prepare
    from towerdesk.cli.demo.telling import is_about_to_begin

    if not is_told():
        is_about_to_begin()
    return prepare()
