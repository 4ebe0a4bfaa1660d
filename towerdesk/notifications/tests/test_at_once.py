"""Two workers, one post; news that come while it is claimed: nothing is sent twice, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, close_old_connections, connections

from towerdesk.events.models import Event
from towerdesk.notifications.models import Notification, Post, Reason
from towerdesk.notifications.notify import notify
from towerdesk.notifications.post import post
from towerdesk.notifications.tell import tell
from towerdesk.notifications.tests.conftest import later
from towerdesk.testing import cast


def at_once(work, things):
    def run(thing):
        close_old_connections()
        try:
            return work(thing)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, things))


@pytest.mark.django_db(transaction=True)
def test_eight_workers_tell_everything_once(desk, ana, ben_user, mara, server):
    for number in range(6):
        tell(cast.opened(desk, mara, f"Number {number}"), ben_user, f"Words {number}", urgent=True, by=ana)
    events = list(Event.objects.filter(kind="ticket.told"))

    def tell_and_send(event):
        _until_done(event)
        for number in Post.objects.values_list("pk", flat=True):
            post(number)

    at_once(tell_and_send, events * 4)
    with later(minutes=3):
        for number in Post.objects.values_list("pk", flat=True):
            post(number)

    said = "\n".join(mail.get_content() for mail in server.mails)
    assert [said.count(f"Words {number}") for number in range(6)] == [1] * 6
    assert Reason.objects.count() == Notification.objects.count() == 6
    assert not Post.objects.exclude(state__in=("sent", "dropped")).exists()


def _until_done(event):
    """As the queue does it: whoever came second tries again."""
    for _ in range(10):
        try:
            return notify(event)
        except DatabaseError:
            continue
    raise AssertionError("It was never told.")
