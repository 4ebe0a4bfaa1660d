"""The SMTP door over real sockets."""

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from towerdesk.channels.models import Inbox
from towerdesk.events.models import Event
from towerdesk.intake.models import Raw
from towerdesk.intake.smtpd import door
from towerdesk.intake.tests.test_store import address
from towerdesk.testing import cast
from towerdesk.testing.mails import mail

TO = "support@brasswell.example"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company() -> cast.Desk:
    return cast.small_desk()


@contextmanager
def opened(database: str, *, lmtp: bool = False) -> Iterator[int]:
    """The door in a thread; yields its port."""
    ready: list[int] = []
    is_open, stop = threading.Event(), []

    async def run() -> None:
        ended = asyncio.Event()
        stop.append((asyncio.get_running_loop(), ended))
        async with door("127.0.0.1", 0, address=database, lmtp=lmtp) as server:
            ready.append(server.sockets[0].getsockname()[1])
            is_open.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert is_open.wait(20)
    try:
        yield ready[0]
    finally:
        loop, ended = stop[0]
        loop.call_soon_threadsafe(ended.set)
        thread.join(20)


@pytest.fixture
def port(company: cast.Desk) -> Iterator[int]:
    with opened(address()) as number:
        yield number


def send(port: int, content: bytes, *to: str, sender: str = "mara@lindqvist.example") -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        return client.sendmail(sender, to or (TO,), content)


def test_250_means_that_the_bytes_are_committed(port):
    send(port, mail())

    raw = Raw.objects.get()
    assert bytes(raw.content) == mail()
    assert (raw.door, raw.state) == ("smtp", "stored")
    assert raw.envelope["from"] == "mara@lindqvist.example"
    assert raw.envelope["to"] == [TO]
    assert raw.envelope["ip"] == "127.0.0.1"
    assert Event.objects.get().kind == "raw.arrived"


@pytest.mark.parametrize(
    "content",
    [
        b".",
        b".\r\n..\r\n...\r\n",
        b"\r\n.\r\n",
        b"a\r\n.b\r\n\r\n.\r\n.\r\nc\r\n",
        b"Subject: x\r\n\r\n" + b"y" * 300_000 + b"\r\n",
        b"\x00\xff\xfe" * 50_000 + b"\r\n",
        b"Subject: x\r\n\r\n" + b".\r\n" * 70_000,
    ],
)
def test_every_byte_arrives_dots_long_lines_and_all(port, content):
    send(port, content)

    kept = bytes(Raw.objects.get().content)
    assert kept == (content if content.endswith(b"\r\n") else content + b"\r\n")


def test_a_bare_line_feed_smuggles_no_second_mail_in(port):
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        client.ehlo("x")
        client.mail("mara@lindqvist.example")
        client.rcpt(TO)
        client.docmd("DATA")
        client.send(b"one\n.\nMAIL FROM:<boss@brasswell.example>\r\n.\r\n")
        assert client.getreply()[0] == 250

    assert Raw.objects.count() == 1


def test_only_our_own_addresses_are_taken_in(port):
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        client.ehlo("x")
        client.mail("mara@lindqvist.example")
        code, said = client.rcpt("friend@elsewhere.example")

    assert (code, said) == (550, b"5.1.1 <friend@elsewhere.example> is no address of ours.")


def test_plus_parts_and_other_names_of_our_domain_are_ours(port):
    send(port, mail(), "Support+t12.abc@Brasswell.example", "nobody@brasswell.example")

    raw = Raw.objects.get()
    assert raw.envelope["to"] == ["Support+t12.abc@Brasswell.example", "nobody@brasswell.example"]


def test_a_mail_to_two_inboxes_is_kept_for_each(port, company):
    billing = Inbox.objects.create(name="Billing", address="billing@brasswell.example", team=company.billing)
    send(port, mail(), TO, billing.address)

    kept = Raw.objects.order_by("inbox").values_list("inbox", "envelope__to")
    assert list(kept) == [(company.inbox.pk, [TO]), (billing.pk, [billing.address])]


def test_a_new_inbox_is_known_at_once(port, company):
    send(port, mail())
    Inbox.objects.create(name="Sales", address="sales@new.example", team=company.billing)

    assert send(port, mail(), "sales@new.example") == {}


def test_the_first_inbox_of_a_new_desk_takes_mail_for_any_address(company):
    Inbox.objects.update(settings={"catch_all": True})
    with opened(address()) as port:
        assert send(port, mail(), "whoever@elsewhere.example") == {}


def test_the_null_sender_of_a_bounce_is_taken(port):
    send(port, mail(), sender="<>")

    assert Raw.objects.get().envelope["from"] == ""


def test_what_is_too_large_is_refused_before_or_after(company, monkeypatch):
    monkeypatch.setenv("TOWERDESK_MAX_MAIL_MB", "1")
    with opened(address()) as port, smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        client.ehlo("x")
        assert client.esmtp_features["size"] == str(2**20)
        assert client.mail("mara@lindqvist.example", ["SIZE=3000000"])[0] == 552
        client.mail("mara@lindqvist.example")
        client.rcpt(TO)
        assert client.data(b"x" * 1_200_000)[0] == 552
        client.mail("mara@lindqvist.example")
        client.rcpt(TO)
        assert client.data(mail())[0] == 250
    assert Raw.objects.count() == 1


def test_without_a_database_the_sender_is_asked_to_come_again(company, tmp_path):
    nowhere = f"postgresql://nobody@/none?host={tmp_path}"
    with opened(nowhere) as port, pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(port, mail())

    assert refusal.value.recipients[TO][0] == 451


def test_connections_that_the_database_cut_are_made_anew(port):
    send(port, mail("one"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend'"
        )
    send(port, mail("two"))

    assert Raw.objects.count() == 2


def test_many_at_once(port):
    errors: list[BaseException] = []

    def several(number: int) -> None:
        try:
            for each in range(10):
                send(port, mail(f"{number} {each}"))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=several, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (errors, Raw.objects.count()) == ([], 80)


def test_lmtp_answers_for_each_recipient(company):
    with opened(address(), lmtp=True) as port, socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        talk = client.makefile("rwb")

        def say(line: str) -> str:
            talk.write(line.encode() + b"\r\n")
            talk.flush()
            return hear()

        def hear() -> str:
            while (line := talk.readline().decode())[3:4] == "-":
                pass
            return line

        hear()
        assert say("EHLO x").startswith("500")
        assert say("LHLO x").startswith("250")
        say("MAIL FROM:<mara@lindqvist.example>")
        say(f"RCPT TO:<{TO}>")
        say("RCPT TO:<other@brasswell.example>")
        assert say("DATA").startswith("354")
        assert say("Subject: x\r\n\r\nhi\r\n.").startswith("250")
        assert hear().startswith("250")
    assert Raw.objects.get().door == "lmtp"


def test_it_is_a_process_of_its_own_without_django(company, tmp_path):
    import subprocess
    import sys

    code = "import sys, towerdesk.intake.smtpd; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
