"""Ana leads Repairs, Ben and Cleo work there, Cem does billing; what happened is told, and what is due leaves."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from towerdesk.accounts.models import User
from towerdesk.events.models import Event
from towerdesk.lib import clock
from towerdesk.notifications.kinds import KINDS
from towerdesk.notifications.models import Notification, Preference
from towerdesk.notifications.notify import notify
from towerdesk.notifications.prefer import Wish, prefer
from towerdesk.notifications.recipients import CONCERNS
from towerdesk.testing import cast
from towerdesk.testing.hooks import Listener, listener
from towerdesk.testing.mails import Relay, relay


def later(**more: float) -> Any:
    return clock.at(clock.now() + timedelta(**more))


def all_is_told() -> None:
    """As the jobs do it that follow the events; what was told already is not told again."""
    for event in Event.objects.filter(kind__in=CONCERNS).order_by("id"):
        notify(event)


def told(user: User) -> list[str]:
    """Each notification's sentences, in order."""
    news = Notification.objects.filter(user=user).prefetch_related("reasons").order_by("id")
    return [" / ".join(reason.sentence for reason in one.reasons.all()) for one in news]


@pytest.fixture
def cleo_user(desk: cast.Desk) -> User:
    return cast.agent("Cleo Marsh", desk.repairs)


@pytest.fixture
def cem_user(desk: cast.Desk) -> User:
    return cast.agent("Cem Yildiz", desk.billing)


@pytest.fixture
def server(settings: Any) -> Iterator[Relay]:
    with relay() as running:
        settings.RELAY_URL = running.url
        yield running


@pytest.fixture
def hooks(settings: Any) -> Iterator[Listener]:
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with listener() as running:
        yield running


@pytest.fixture
def wishes() -> Callable[..., Preference]:
    """`wishes(ben_user, "mail", zone=…)`: everything by these ways."""

    def make(user: User, *ways: str, **more: Any) -> Preference:
        return prefer(user, Wish(ways=dict.fromkeys(KINDS, ways), **more), by=cast.acting(user))

    return make
