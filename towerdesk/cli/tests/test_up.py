"""Whole desks through good and bad days: `towerdesk up` for real, with its PostgreSQL, web, worker and SMTP door."""

import contextlib
import os
import signal
import smtplib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from towerdesk.cli.tests.desks import Desk, until
from towerdesk.lib import postgres

pytestmark = pytest.mark.kills

PARTS = {"supervisor", "web", "worker", "smtpd"}


@pytest.fixture(scope="module")
def open_desk(opened_once: Path) -> Iterator[Desk]:
    """A running desk for those who only look."""
    desk = Desk(opened_once)
    desk.up()
    yield desk
    desk.end()


def answers(desk: Desk) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{desk.port}/healthz") as answer:
        return answer.status == 200
    return False


def ask(desk: Desk, question: str, *values: object) -> object:
    with psycopg.connect(postgres.dsn(desk.data)) as link:
        return link.execute(question, values).fetchone()[0]


def test_a_new_desk_gets_its_tables_and_opens_with_a_password_shown_once(new_desk):
    assert new_desk.run("db", "migrate").stdout == "The tables are up to date.\n"
    assert "✓ Tables: Up to date." in new_desk.run("doctor").stdout

    line = new_desk.up()

    assert line.startswith(f"ready http://127.0.0.1:{new_desk.port}  sign in as admin@towerdesk.local / ")
    assert answers(new_desk)
    assert smtplib.SMTP("127.0.0.1", new_desk.smtp_port).noop()[0] == 250
    assert set(new_desk.processes()) == PARTS

    assert new_desk.run("stop").stdout == "Stopped.\n"
    assert new_desk.wait() == 0
    assert new_desk.processes() == {}
    assert postgres.running_pid(new_desk.data) == 0

    assert new_desk.up() == f"ready http://127.0.0.1:{new_desk.port}  sign in as admin@towerdesk.local"


def test_a_second_start_on_the_same_folder_says_that_it_runs(open_desk):
    again = open_desk.run("up")

    assert again.returncode == 2
    assert again.stderr.startswith(f"This desk is already running (process {open_desk.process.pid}): “towerdesk stop”")


def test_a_running_desks_database_is_not_taken_away(open_desk):
    for words in (["db", "stop"], ["db", "restore", "some.dump"]):
        refused = open_desk.run(*words)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "stop it first with “towerdesk stop”" in refused.stderr


def test_the_doctor_finds_nothing_wrong(open_desk):
    seen = open_desk.run("doctor")

    assert seen.returncode == 0, seen.stdout
    assert [line for line in seen.stdout.splitlines() if line[0] not in "✓!"] == []
    assert "✓ Worker: 1 at work." in seen.stdout


def test_the_doctor_says_when_a_door_is_shut(open_desk):
    seen = open_desk.run("doctor", TOWERDESK_SMTP_PORT="1")

    assert seen.returncode == 1
    assert "✗ SMTP door: Port 1 does not answer." in seen.stdout


def test_two_desks_run_side_by_side(open_desk, other_desk):
    other_desk.up(TOWERDESK_ADMIN_EMAIL="Ben@Example.com", TOWERDESK_ADMIN_PASSWORD="a long enough word")

    assert "ben@example.com  Ben  admin" in other_desk.run("user", "list").stdout
    assert "ben@" not in open_desk.run("user", "list").stdout
    other_desk.run("stop")
    assert answers(open_desk)


def test_whatever_is_killed_comes_back_and_the_workers_job_with_it(own_desk):
    own_desk.up(TOWERDESK_PG_FAST="0")
    own_desk.run("user", "create", "ben@example.com")
    killed = own_desk.processes()
    with psycopg.connect(postgres.dsn(own_desk.data)) as link:  # a job in the worker's hands, as a kill finds it
        job = link.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) "
            "SELECT 'default', 'nobody.knows', 'doing', id FROM procrastinate_workers RETURNING id"
        ).fetchone()[0]

    for name in ("web", "worker", "smtpd"):
        os.kill(killed[name], signal.SIGKILL)

    until(lambda: all(own_desk.processes().get(name, killed[name]) != killed[name] for name in PARTS - {"supervisor"}))
    until(lambda: ask(own_desk, "SELECT attempts FROM procrastinate_jobs WHERE id = %s", job) > 0)
    until(lambda: answers(own_desk))
    assert "✓ Web: Port" in own_desk.run("doctor").stdout
    ask(own_desk, "DELETE FROM procrastinate_jobs WHERE id = %s RETURNING id", job)  # a failure, for the doctor

    os.kill(postgres.running_pid(own_desk.data), signal.SIGKILL)

    own_desk.says("PostgreSQL is gone; it is started again")
    until(lambda: postgres.running_pid(own_desk.data))
    until(lambda: answers(own_desk))
    until(lambda: own_desk.run("doctor").returncode == 0)
    assert "ben@example.com" in own_desk.run("user", "list").stdout
    assert answers(own_desk)


def test_nobody_is_left_when_the_supervisor_is_killed_and_all_killed_at_once_start_again(own_desk):
    own_desk.up()

    own_desk.signal(signal.SIGKILL)

    until(lambda: own_desk.processes() == {})
    until(lambda: postgres.running_pid(own_desk.data) == 0)
    own_desk.wait()

    own_desk.up()
    for pid in (*own_desk.processes().values(), postgres.running_pid(own_desk.data)):
        os.kill(pid, signal.SIGKILL)
    own_desk.wait()

    assert own_desk.up().startswith("ready ")
