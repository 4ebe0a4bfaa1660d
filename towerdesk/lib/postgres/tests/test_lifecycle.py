"""The desk's own PostgreSQL through good and bad days: real clusters, real kill -9."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from towerdesk.lib import postgres
from towerdesk.lib.errors import Invalid, Unavailable
from towerdesk.lib.postgres import programs

pytestmark = pytest.mark.kills


def ask(dsn: str, sql: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as link:
        answer = link.execute(sql)
        return answer.fetchone()[0] if answer.description else None


def until(true, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_a_new_folder_gets_the_desks_database_with_its_extensions(empty):
    dsn = postgres.ensure(empty)

    assert dsn == postgres.dsn(empty)
    assert ask(dsn, "SELECT current_database() || ' ' || current_user") == "towerdesk towerdesk"
    names = ask(dsn, "SELECT string_agg(extname, ' ') FROM pg_extension")
    assert {"pg_trgm", "unaccent", "btree_gin"} <= set(names.split())


def test_what_is_acknowledged_is_on_the_disk_unless_the_cluster_is_thrown_away(data):
    assert ask(postgres.ensure(data), "SHOW fsync") == "on"
    assert ask(postgres.dsn(data), "SHOW synchronous_commit") == "on"
    postgres.stop(data)
    assert ask(postgres.ensure(data, fast=True), "SHOW fsync") == "off"


def test_a_second_process_finds_the_same_server(data):
    postgres.ensure(data)
    first = postgres.running_pid(data)

    code = f"from pathlib import Path; from towerdesk.lib import postgres; print(postgres.ensure(Path({str(data)!r})))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert said.strip() == postgres.dsn(data)
    assert postgres.running_pid(data) == first


def test_committed_rows_come_back_after_kill_9(data):
    ask(postgres.ensure(data), "CREATE TABLE mails AS SELECT 'from Mara' AS words")

    os.kill(postgres.running_pid(data), signal.SIGKILL)
    dsn = postgres.ensure(data)

    assert ask(dsn, "SELECT words FROM mails") == "from Mara"


def test_a_lock_file_left_behind_does_not_stop_the_next_start(data):
    postgres.ensure(data)
    postgres.stop(data)
    (postgres.Place(data).cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n\n\n\nready\n")

    assert postgres.running_pid(data) == 0
    assert ask(postgres.ensure(data), "SELECT 1") == 1


def test_the_dead_are_forgotten_where_nobody_buries_them(data):
    """A killed server whose starter lives on stays a zombie: its number still takes signals."""
    postgres.ensure(data)
    zombie = postgres.running_pid(data)
    os.kill(zombie, signal.SIGKILL)
    until(lambda: postgres.running_pid(data) == 0)
    os.kill(zombie, 0)
    lock = postgres.Place(data).socket / ".s.PGSQL.5432.lock"
    assert lock.exists()

    assert ask(postgres.ensure(data), "SELECT 1") == 1


def test_two_servers_never_work_in_one_folder(data):
    """Also where process numbers say nothing, as in two containers that share a folder."""
    postgres.ensure(data)
    noted = postgres.Place(data).cluster / "postmaster.pid"
    words = noted.read_text()
    noted.write_text(words.replace(words.splitlines()[0], "1", 1))

    with pytest.raises(Unavailable, match=r"A PostgreSQL still works in .*/postgres, perhaps in another container"):
        postgres.ensure(data, patience=0.2)

    noted.write_text(words)
    assert ask(postgres.dsn(data), "SELECT 1") == 1


def test_an_interrupted_first_start_begins_anew(empty):
    half = postgres.Place(empty).home / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    assert ask(postgres.ensure(empty), "SELECT 1") == 1


def test_the_server_outlives_the_process_that_started_it_with_kill_9(data):
    code = (
        "import os, signal; from pathlib import Path; from towerdesk.lib import postgres; "
        f"postgres.ensure(Path({str(data)!r})); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)

    assert ask(postgres.dsn(data), "SELECT 1") == 1


def test_the_last_one_who_needs_it_stops_it(data):
    with postgres.running(data):
        with postgres.running(data):
            pass
        assert postgres.running_pid(data)
    assert postgres.running_pid(data) == 0


def test_one_who_was_killed_needs_it_no_more(data):
    code = (
        "import time; from pathlib import Path; from towerdesk.lib import postgres\n"
        f"with postgres.running(Path({str(data)!r})): print('in', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "in\n"
    with postgres.running(data):
        other.kill()
        other.wait()
        other.stdout.close()
    assert postgres.running_pid(data) == 0


def test_many_may_start_it_at_once(empty):
    code = f"from pathlib import Path; from towerdesk.lib import postgres; postgres.ensure(Path({str(empty)!r}))"
    starters = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]

    assert [starter.wait(60) for starter in starters] == [0, 0, 0, 0]
    assert ask(postgres.dsn(empty), "SELECT 1") == 1


def test_two_desks_live_side_by_side(data):
    other = data / "another desk"
    ask(postgres.ensure(data), "CREATE TABLE ours AS SELECT 1")
    try:
        assert ask(postgres.ensure(other), "SELECT to_regclass('ours') IS NULL") is True
    finally:
        postgres.stop(other)


def test_a_long_folder_name_gets_a_short_socket(data):
    deep = data / ("a-rather-long-name" * 4) / ("and-another" * 5)
    try:
        assert ask(postgres.ensure(deep), "SELECT 1") == 1
        assert len(os.fsencode(postgres.Place(deep).socket)) < 60
    finally:
        postgres.stop(deep)
        postgres.Place(deep).socket.rmdir()


def test_a_server_that_cannot_start_says_why(data):
    postgres.ensure(data)
    postgres.stop(data)
    (postgres.Place(data).cluster / "postgresql.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(Exception, match=r"PostgreSQL did not start: .*postgres\.log"):
        postgres.ensure(data)


def test_a_wrong_folder_of_programs_is_named(empty, monkeypatch):
    monkeypatch.setenv("PG_BINDIR", "/nowhere")

    with pytest.raises(Invalid, match="PG_BINDIR is “/nowhere”, which holds no program"):
        postgres.ensure(empty)


def test_a_cluster_of_another_version_is_left_alone(empty):
    cluster = postgres.Place(empty).cluster
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("12\n")

    with pytest.raises(Invalid, match="was made by PostgreSQL 12"):
        programs.find(cluster)


def test_settings_of_somebody_elses_psql_do_not_move_the_server(data, monkeypatch):
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv("PGOPTIONS", "-c no_such_setting=1")
    postgres.ensure(data)
    monkeypatch.undo()

    assert ask(postgres.dsn(data), "SHOW port") == "5432"


def test_root_below_a_closed_folder_still_gets_its_database(tmp_path):
    tmp_path.chmod(0o700)
    desk = tmp_path / "desk"
    try:
        assert ask(postgres.ensure(desk), "SELECT 1") == 1
    finally:
        postgres.stop(desk)
        home = postgres.Place(desk).home
        if not home.is_relative_to(tmp_path):
            subprocess.run(["rm", "-r", home], check=True)


def test_a_server_that_dies_is_noticed(data):
    postgres.ensure(data)
    os.kill(postgres.running_pid(data), signal.SIGKILL)

    until(lambda: postgres.running_pid(data) == 0)


def test_a_tight_umask_changes_nothing(empty):
    code = (
        "import os, shutil; os.umask(0o077); from pathlib import Path; from towerdesk.lib import postgres; "
        f"postgres.ensure(Path({str(empty / 'desk')!r})); postgres.stop(Path({str(empty / 'desk')!r}))"
    )
    empty.chmod(0o711)
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
