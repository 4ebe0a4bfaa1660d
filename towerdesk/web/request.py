"""What a page may rely on behind the gate."""

from collections.abc import Mapping

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from towerdesk.accounts.models import User
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid


class DeskRequest(HttpRequest):
    """A request of somebody who is signed in: `actor` is what they may do, `htmx` is true when a part is asked for."""

    actor: Actor
    user: User
    htmx: HtmxDetails


def chosen[T](acts: Mapping[str, T], does: str) -> T:
    """What the button of a form stands for; raises `Invalid` for one that this page does not have."""
    if does not in acts:
        raise Invalid("This page has no such button: open it again and choose once more.")
    return acts[does]
