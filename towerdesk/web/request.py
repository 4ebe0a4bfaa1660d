"""What a page may rely on behind the gate."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from towerdesk.accounts.models import User
from towerdesk.lib.actor import Actor


class DeskRequest(HttpRequest):
    """A request of somebody who is signed in: `actor` is what they may do, `htmx` is true when a part is asked for."""

    actor: Actor
    user: User
    htmx: HtmxDetails
