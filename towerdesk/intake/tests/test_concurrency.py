"""The same mail many times at once: one message, whoever is first."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.intake.store import store
from towerdesk.testing import cast
from towerdesk.testing.mails import mail
from towerdesk.tickets.models import Message, Ticket

AT_ONCE = 20


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_twenty_times_at_once_is_one_message():
    desk = cast.small_desk()
    raws = [store(mail(id="1@x.example"), desk.inbox, door="smtp", envelope={}) for _ in range(AT_ONCE)]
    at_once([lambda pk=raw.pk: accept(pk) for raw in raws])

    states = sorted(Raw.objects.values_list("state", flat=True))
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)
    assert states == ["set_aside"] * (AT_ONCE - 1) + ["ticket"]


@pytest.mark.django_db(transaction=True)
def test_one_arrival_read_by_many_workers_is_one_ticket():
    desk = cast.small_desk()
    raw = store(mail(sender="new@person.example"), desk.inbox, door="smtp", envelope={})
    at_once([lambda: accept(raw.pk)] * AT_ONCE)

    raw.refresh_from_db()
    assert (Ticket.objects.count(), raw.state) == (1, "ticket")


def at_once(works: list[Callable[[], object]]) -> None:
    ready = Barrier(len(works))
    errors: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            ready.wait()
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
