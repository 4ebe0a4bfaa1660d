"""Mailboxes on a real IMAP server."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from towerdesk.channels.email.imap import Mailbox, account
from towerdesk.channels.models import Inbox
from towerdesk.events.models import Event
from towerdesk.intake.accept import accept
from towerdesk.intake.counts import counts
from towerdesk.intake.mailbox import connect_mailbox, disconnect_mailbox
from towerdesk.intake.models import Cursor, Raw
from towerdesk.intake.poll import Watchers, read_new, watch
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Unavailable
from towerdesk.lib.vault import seal
from towerdesk.testing import cast
from towerdesk.testing.dovecot import PASSWORD, Dovecot, dovecot
from towerdesk.testing.mails import mail


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """A mailbox of its own for every test."""
    return request.node.name[:60].replace("[", "-").replace("]", "")


def settings(server: Dovecot, user: str, **more: object) -> dict[str, object]:
    return {**server.settings(user, **more), "password": seal(PASSWORD)}


def read(server: Dovecot, user: str, inbox: Inbox, **more: object) -> int:
    with Mailbox(account(settings(server, user, **more))) as box:
        return read_new(inbox, box)


def test_everything_in_the_mailbox_is_stored_once(desk, server, user):
    server.put(user, mail("one"), mail("two"))

    assert [read(server, user, desk.inbox), read(server, user, desk.inbox)] == [2, 0]
    assert [bytes(raw.content) for raw in Raw.objects.order_by("pk")] == [mail("one"), mail("two")]


def test_nothing_changes_on_the_server(desk, server, user):
    server.put(user, mail("one"), mail("two"))
    read(server, user, desk.inbox)

    assert not any(b"Seen" in line or b"Deleted" in line for line in server.flags(user))
    assert server.count(user) == 2


def test_a_mail_that_somebody_read_there_first_is_stored_all_the_same(desk, server, user):
    server.put(user, mail("one"))
    with server.client(user) as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", "\\Seen")

    assert read(server, user, desk.inbox) == 1


def test_what_comes_later_is_found_by_its_uid(desk, server, user):
    server.put(user, mail("one"))
    read(server, user, desk.inbox)
    server.put(user, mail("two"))

    assert read(server, user, desk.inbox) == 1
    assert Cursor.objects.get().seen == 2


def test_the_last_mail_is_not_read_again_and_again(desk, server, user):
    """A search for UIDs above the last names the last one again (RFC 3501)."""
    server.put(user, mail("one"))
    read(server, user, desk.inbox)

    assert read(server, user, desk.inbox) == 0


def test_a_new_uid_validity_reads_again_and_stores_nothing_twice(desk, server, user):
    server.put(user, mail("one"), mail("two"))
    read(server, user, desk.inbox)
    was = Cursor.objects.get().uid_validity
    server.forget_uids(user)
    server.put(user, mail("three"))

    assert read(server, user, desk.inbox) == 1
    assert Cursor.objects.get().uid_validity != was
    assert Raw.objects.count() == 3
    assert counts(desk.inbox).adds_up


def test_only_new_leaves_alone_what_was_there(desk, server, user):
    server.put(user, mail("old"))
    assert read(server, user, desk.inbox, only_new=True) == 0
    server.put(user, mail("new"))

    assert read(server, user, desk.inbox, only_new=True) == 1


def test_stored_mails_move_to_another_folder_when_asked(desk, server, user):
    server.put(user, mail("one"), mail("two"))
    read(server, user, desk.inbox, move_to="Stored")

    assert (server.count(user), server.count(user, "Stored")) == (0, 2)


def test_a_crash_before_the_commit_loses_nothing(desk, server, user):
    server.put(user, mail("one"), mail("two"))
    with pytest.raises(RuntimeError), Mailbox(account(settings(server, user, move_to="Stored"))) as box:
        read_new(desk.inbox, _breaking_after(box, 1))

    assert Raw.objects.count() == 1
    assert read(server, user, desk.inbox, move_to="Stored") == 1
    assert sorted(bytes(raw.content) for raw in Raw.objects.all()) == [mail("one"), mail("two")]


def _breaking_after(box: Mailbox, mails: int) -> Mailbox:
    """The same mailbox, on a line that breaks."""

    class Breaking(Mailbox):
        def fetch(self, uids: list[int]) -> Iterator[object]:  # type: ignore[override]
            yield from box.fetch(uids[:mails])
            raise RuntimeError("the line broke")

    broken = Breaking(box.account)
    broken.box, broken.uid_validity, broken.uid_next = box.box, box.uid_validity, box.uid_next
    return broken


def test_seen_is_stored_and_the_counts_add_up(desk, server, user):
    notice = mail("away", subject="Out of office", auto_submitted="auto-replied")
    server.put(user, mail("one", id="1@x.example"), mail("one", id="1@x.example"), notice)
    read(server, user, desk.inbox)
    for raw in Raw.objects.all():
        accept(raw.pk)

    said = counts(desk.inbox)
    assert (said.seen_on_server, said.stored, said.on_tickets, said.set_aside) == (3, 3, 1, 2)
    assert said.adds_up


def test_a_connected_mailbox_was_tried_out_and_its_password_is_sealed(desk, server, user, ana_user):
    connect_mailbox(desk.inbox, by=CLOCK, **server.settings(user))

    kept = Inbox.objects.get().settings["imap"]
    assert PASSWORD not in str(kept)
    assert Event.objects.get(kind="inbox.connected").data == {"server": "127.0.0.1"}
    disconnect_mailbox(desk.inbox, by=CLOCK)
    assert Inbox.objects.get().settings == {}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "guess"}, "127.0.0.1 says no: .*Authentication failed"),
        ({"port": 1}, "127.0.0.1:1 can't be reached"),
        ({"folder": "No such"}, "127.0.0.1 says no"),
        ({"tls": "maybe"}, "ssl, starttls or none"),
        ({"user": ""}, "needs its user"),
    ],
)
def test_what_does_not_work_is_one_sentence(desk, server, user, wrong, sentence):
    with pytest.raises((Unavailable, Invalid), match=sentence):
        connect_mailbox(desk.inbox, by=CLOCK, **{**server.settings(user), **wrong})


@pytest.mark.django_db(transaction=True)
def test_by_idle_a_new_mail_is_stored_as_it_comes(server, user):
    inbox, stop = cast.small_desk().inbox, threading.Event()
    thread = threading.Thread(target=watch, args=(inbox.pk, settings(server, user), stop))
    thread.start()
    try:
        until(lambda: Inbox.objects.get().last_seen_at is not None)
        server.put(user, mail("one"))
        until(lambda: Raw.objects.count() == 1)
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_a_mailbox_in_trouble_says_so_and_does_not_stop_the_others(server, user):
    desk = cast.small_desk()
    Inbox.objects.update(settings={"imap": {**settings(server, user), "port": 1}})
    good = Inbox.objects.create(
        name="Billing", address="b@x.example", team=desk.billing, settings={"imap": settings(server, user)}
    )
    server.put(user, mail("one"))
    watchers = Watchers()
    try:
        assert watchers.adjust() == 2
        until(lambda: Raw.objects.filter(inbox=good).count() == 1)
        until(lambda: "can't be reached" in Inbox.objects.get(pk=desk.inbox.pk).trouble)
        Inbox.objects.filter(pk=good.pk).update(settings={})
        assert watchers.adjust() == 1
    finally:
        watchers.stop()


def until(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)
    connection.close()
