"""What can't be read is shown, its bytes are kept, and nothing behind it waits. What is only away is tried again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from towerdesk.channels import registry
from towerdesk.channels.contract import Incoming
from towerdesk.channels.fake import FakeChannel
from towerdesk.events.models import Event
from towerdesk.intake.accept import accept, sweep
from towerdesk.intake.models import Raw
from towerdesk.intake.replay import replay
from towerdesk.intake.store import store
from towerdesk.lib import clock
from towerdesk.testing.mails import arrives, mail


class Poisoned(FakeChannel):
    """Trips over one kind of message until it is mended."""

    broken = True

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Any) -> Incoming:
        if self.broken and b"poison" in content:
            raise ValueError("unexpected poison")
        return super().read(content, envelope, addresses)


@pytest.fixture
def poisoned(desk: Any) -> Iterator[Poisoned]:
    desk.inbox.channel = "fake"
    desk.inbox.save()
    fake = Poisoned()
    registry.put("fake", fake)
    yield fake
    registry.put("fake", None)


def test_one_unreadable_mail_fails_and_does_not_stop_those_behind(desk, poisoned):
    bad = arrives(b"mara@lindqvist.example: poison", desk.inbox)
    good = arrives(b"jonas@weber.example: My grinder is loud", desk.inbox)

    assert (bad.state, good.state) == ("failed", "ticket")
    assert bad.reason == "This could not be taken in (ValueError: unexpected poison). Its bytes are kept."
    assert bytes(bad.content) == b"mara@lindqvist.example: poison"


def test_it_can_be_read_again_when_the_cause_is_mended(desk, poisoned, ana):
    bad = arrives(b"mara@lindqvist.example: poison", desk.inbox)
    poisoned.broken = False
    replay(bad, by=ana)
    accept(bad.pk)

    bad.refresh_from_db()
    assert bad.state == "ticket"


def test_a_storage_that_is_away_is_no_fault_of_the_mail(desk, settings):
    there = settings.STORAGES
    away = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": "/proc/away"}}
    raw = store(_with_file(), desk.inbox, door="smtp", envelope={})

    settings.STORAGES = {**there, "default": away}
    with pytest.raises(OSError, match="The attachments can't be kept now"):
        accept(raw.pk)
    raw.refresh_from_db()
    assert raw.state == "stored"

    settings.STORAGES = there
    accept(raw.pk)
    raw.refresh_from_db()
    assert raw.state == "ticket"


def test_an_arrival_whose_job_is_lost_is_found(desk):
    with clock.at(clock.now() - timedelta(minutes=5)):
        raw = store(mail(), desk.inbox, door="smtp", envelope={})
    assert sweep() == 0  # its job is there

    _lose_jobs()
    assert sweep() == 1
    assert Event.objects.filter(kind="raw.replayed", subject_id=raw.pk).count() == 1


def test_an_arrival_that_takes_every_worker_down_is_given_up_and_shown(desk):
    with clock.at(clock.now() - timedelta(days=3)):
        raw = store(mail(), desk.inbox, door="smtp", envelope={})
    for hours in range(1, 60):
        _lose_jobs()
        with clock.at(raw.arrived_at + timedelta(hours=hours)):
            sweep()

    raw.refresh_from_db()
    assert raw.state == "failed"
    assert raw.reason.startswith("This could not be taken in: every try was cut short.")


def test_a_new_arrival_is_left_to_its_job(desk):
    store(mail(), desk.inbox, door="smtp", envelope={})
    _lose_jobs()

    assert sweep() == 0
    assert Raw.objects.unfinished().count() == 1


def _lose_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def _with_file() -> bytes:
    parts = "--x\r\nContent-Type: text/plain\r\n\r\nSee\r\n--x\r\nContent-Type: image/png; name=d.png\r\n\r\nx\r\n--x--"
    return mail(parts, content_type="multipart/mixed; boundary=x")
