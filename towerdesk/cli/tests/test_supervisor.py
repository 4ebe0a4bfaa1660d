"""The supervisor with the smallest parts there are: what it starts, starts again, and ends."""

import json
import os
import signal
from pathlib import Path

import pytest

from towerdesk.cli.claim import claim
from towerdesk.cli.supervisor import Plan
from towerdesk.cli.tests.desks import Desk, until

pytestmark = pytest.mark.kills

PARTS = {name: f"towerdesk.cli.tests.parts.{name}" for name in ("web", "worker", "smtpd")}
BRIEF = "towerdesk.cli.tests.parts.brief"


def supervise(desk: Desk, **parts: str) -> None:
    """Start a supervisor over `parts` the way `towerdesk up` does."""
    after = {"brief": parts.pop("brief")} if "brief" in parts else {}
    plan = Plan(
        data=str(desk.data),
        host="127.0.0.1",
        port=desk.port,
        smtp_port=desk.smtp_port,
        sign_in="sign in as ana@example.com / secret",
        parts=PARTS | parts,
        afterwards=after,
        lock=claim(desk.data),
        lease=-1,
        fast=True,
    )
    reader, writer = os.pipe()
    os.write(writer, json.dumps(plan.__dict__).encode())
    os.close(writer)
    desk.start(["towerdesk.cli.supervisor", str(reader)], (reader, plan.lock))
    os.close(reader)
    os.close(plan.lock)


def test_one_line_says_where_and_how_to_sign_in(new_desk):
    supervise(new_desk)

    assert new_desk.ready() == f"ready http://127.0.0.1:{new_desk.port}  sign in as ana@example.com / secret"
    assert set(new_desk.processes()) == {"supervisor", "web", "worker", "smtpd"}


@pytest.mark.parametrize("name", ["web", "worker", "smtpd"])
def test_what_is_killed_is_started_again(new_desk, name):
    supervise(new_desk)
    new_desk.ready()
    killed = new_desk.processes()[name]

    os.kill(killed, signal.SIGKILL)

    assert new_desk.says(name) == f"towerdesk: {name} ended (SIGKILL); started again in 0.2 s"
    until(lambda: new_desk.processes().get(name, killed) != killed)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_ends_all_in_order(new_desk, number):
    supervise(new_desk)
    new_desk.ready()

    new_desk.signal(number)

    assert new_desk.wait() == 0
    assert new_desk.processes() == {}


def test_who_does_not_listen_is_ended_all_the_same(new_desk):
    supervise(new_desk, worker="towerdesk.cli.tests.parts.stubborn")
    new_desk.ready()

    new_desk.signal(signal.SIGTERM)

    assert new_desk.wait() == 0
    assert new_desk.processes() == {}


def test_nobody_is_left_behind_when_the_supervisor_is_killed(new_desk):
    supervise(new_desk)
    new_desk.ready()

    new_desk.signal(signal.SIGKILL)

    until(lambda: new_desk.processes() == {})


def test_a_part_that_cannot_start_is_named_with_its_last_words(new_desk):
    supervise(new_desk, worker="towerdesk.cli.tests.parts.broken")

    said = new_desk.says("does not start")
    assert "The worker does not start. It said: TOWERDESK_LLM is “nonsense”: name a provider and a model." in said
    assert new_desk.wait() == 1
    assert new_desk.processes() == {}


def test_a_first_password_is_not_lost_when_the_start_fails(new_desk):
    supervise(new_desk, worker="towerdesk.cli.tests.parts.broken")

    assert "sign in as ana@example.com / secret" in new_desk.says("When it does")


def test_what_may_end_well_is_not_started_again(new_desk):
    supervise(new_desk, brief=BRIEF)
    new_desk.ready()

    log = new_desk.data / "logs" / "brief.log"
    until(lambda: log.exists() and log.read_text() == "told the past\n")
    new_desk.signal(signal.SIGTERM)
    new_desk.wait()
    assert log.read_text() == "told the past\n"


def test_the_supervisor_stays_small(new_desk):
    supervise(new_desk)
    new_desk.ready()

    pages = int(Path(f"/proc/{new_desk.process.pid}/statm").read_text().split()[1])
    assert pages * os.sysconf("SC_PAGE_SIZE") < 20 * 2**20
