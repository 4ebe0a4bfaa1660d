"""Save a desk's database and bring it back; make people; all on a desk that does not run."""

import pytest

from towerdesk.lib import postgres

pytestmark = pytest.mark.kills


def test_a_saved_database_comes_back_whole(own_desk, new_desk):
    file = own_desk.data / "desk.dump"
    assert own_desk.run("db", "dump", str(file)).stdout.startswith(f"Saved to {file}")
    own_desk.run("user", "create", "ben@example.com")

    assert own_desk.run("db", "restore", str(file)).stdout == f"Brought back from {file}.\n"
    assert new_desk.run("db", "restore", str(file)).returncode == 0

    for desk in (own_desk, new_desk):
        assert desk.run("user", "list").stdout == "ana@example.com  Ana  admin\n"


def test_what_is_no_whole_dump_changes_nothing(kept_desk):
    letter, file = kept_desk.data / "letter.txt", kept_desk.data / "desk.dump"
    letter.write_text("Dear Ana,")
    kept_desk.run("db", "dump", str(file))
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])

    no_dump, cut_short = (kept_desk.run("db", "restore", str(one)) for one in (letter, file))

    assert (no_dump.returncode, cut_short.returncode) == (2, 2)
    assert no_dump.stderr == f"{letter} is not the saved database of a desk: name one that “towerdesk db dump” made.\n"
    assert cut_short.stderr.count("\n") == 1
    assert "ana@example.com" in kept_desk.run("user", "list").stdout


def test_a_dump_is_never_written_over(kept_desk):
    file = kept_desk.data / "only.dump"
    file.write_text("the only copy")

    assert kept_desk.run("db", "dump", str(file)).stderr.startswith(f"{file} exists already")
    assert file.read_text() == "the only copy"


def test_psql_opens_the_desks_own_database(kept_desk):
    assert kept_desk.run("db", "psql", "-Atc", "SELECT current_database()").stdout == "towerdesk\n"
    assert kept_desk.run("db", "psql", "-c", "SELEKT").returncode == 1


def test_nothing_is_left_running_after_a_command(kept_desk):
    kept_desk.run("user", "list")

    assert postgres.running_pid(kept_desk.data) == 0
    assert kept_desk.run("db", "status").stdout.startswith("PostgreSQL is not running")
    assert kept_desk.run("db", "stop").stdout == "It was not running.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["create", "ana"], "“ana” is no mail address: write it as name@example.com."),
        (
            ["create", "ana@example.com", "--role", "queen"],
            "There is no role 'queen'. Choose one of: viewer, agent, lead, admin.",
        ),
        (
            ["password", "nobody@example.com"],
            "Nobody here signs in as nobody@example.com: “towerdesk user list” shows who does.",
        ),
    ],
)
def test_a_person_who_cannot_be_made_is_one_sentence(kept_desk, words, sentence):
    ended = kept_desk.run("user", *words)

    assert (ended.returncode, ended.stderr) == (2, f"{sentence}\n")


def test_a_lost_password_is_replaced_and_shown_once(kept_desk):
    said = kept_desk.run("user", "password", "ANA@example.com").stdout

    assert said.startswith("Ana now signs in as ana@example.com / ")
