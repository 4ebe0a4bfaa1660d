"""The command line: quick, and never a stack trace."""

import os
import socket
import subprocess
import sys

import pytest

from towerdesk.cli import main, registry


def said(capsys) -> str:
    text = capsys.readouterr().err
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text.strip()


def test_help_names_every_command(capsys):
    assert main.run(["--help"]) == 0

    shown = capsys.readouterr().out
    assert [name for name in registry.offered() if f"\n  {name} " not in shown] == []


def test_help_imports_nothing_heavy():
    code = "import sys; from towerdesk.cli.main import run; run([]); print({'django', 'typer'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert shown.splitlines()[-1] == "set()"


def test_the_journey_is_not_imported_before_the_first_event():
    code = (
        "import sys, django; django.setup(); before = 'towerdesk.flow' in sys.modules; "
        "from towerdesk.events.record import _followers, begun; begun(); "
        "print(before, 'towerdesk.flow' in sys.modules, 'decide' in _followers['message.received'])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert shown == "False True True\n"


def test_a_slip_of_the_keyboard_gets_a_hint(capsys):
    assert main.run(["dcotor"]) == 2

    assert said(capsys) == "There is no command “dcotor”. Did you mean “doctor”?"


def test_a_word_too_few_is_one_sentence(capsys):
    assert main.run(["db", "dump"]) == 2

    assert said(capsys) == "Missing argument 'file'. “towerdesk db dump --help” shows how."


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TOWERDESK_PORT", "abc", "TOWERDESK_PORT is “abc”: use a whole number from 1 to 65535."),
        ("TOWERDESK_SMTP_PORT", "99999", "TOWERDESK_SMTP_PORT is “99999”: use a whole number from 1 to 65535."),
        (
            "TOWERDESK_HOST",
            "192.0.2.1",
            "Nobody can listen on 192.0.2.1 port",
        ),
        ("DATABASE_URL", "mysql://db", "DATABASE_URL can't be used: write it as postgresql://"),
        ("PG_BINDIR", "/nowhere", "PG_BINDIR is “/nowhere”, which holds no program “postgres”"),
        ("TOWERDESK_PG_FAST", "perhaps", "TOWERDESK_PG_FAST is “perhaps”: use 1 or 0."),
    ],
)
def test_a_bad_setting_is_one_sentence_before_anything_starts(new_desk, name, value, sentence):
    ended = new_desk.run("up", **{name: value})

    assert (ended.returncode, ended.stdout) == (2, "")
    assert sentence in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert new_desk.processes() == {}


@pytest.mark.parametrize("setting", ["TOWERDESK_PORT", "TOWERDESK_SMTP_PORT"])
def test_a_port_in_use_names_the_setting_to_change(new_desk, setting):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = new_desk.run("up", **{setting: str(port)})

    assert ended.returncode == 2
    assert (
        ended.stderr == f"Port {port} is in use by another program: stop that one, or set {setting} to a free port.\n"
    )


def test_the_same_port_twice_is_noticed(new_desk):
    ended = new_desk.run("up", TOWERDESK_SMTP_PORT=str(new_desk.port))

    assert ended.stderr.startswith(f"TOWERDESK_PORT and TOWERDESK_SMTP_PORT are both {new_desk.port}")


def test_a_data_folder_that_cannot_be_is_one_sentence(new_desk):
    file = new_desk.data / "a file"
    file.write_text("")
    ended = new_desk.run("up", TOWERDESK_DATA=str(file))

    assert ended.returncode == 2
    assert ended.stderr == (
        f"The data folder {file} can't be used (File exists): set TOWERDESK_DATA to one that you may write.\n"
    )


def test_what_nobody_expected_is_one_line_and_a_log(new_desk, monkeypatch, capsys):
    monkeypatch.setenv("TOWERDESK_DATA", str(new_desk.data))
    monkeypatch.setitem(registry.COMMANDS, "stop", registry.Command("towerdesk.cli.tests.parts", "", "nothing"))

    assert main.run(["stop"]) == 1

    log = new_desk.data / "logs" / "commands.log"
    assert said(capsys).startswith("Something went wrong (AttributeError: ")
    assert "Traceback" in log.read_text()


def test_a_database_that_does_not_answer_is_said_plainly(new_desk):
    ended = new_desk.run("user", "list", DATABASE_URL="postgresql://x:secret-word@127.0.0.1:1/x")

    assert ended.returncode == 1
    assert ended.stderr.startswith("The database does not answer")
    assert "secret-word" not in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_reader_that_leaves_early_is_no_trouble():
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [sys.executable, "-m", "towerdesk.cli.main"], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)

    assert (ended.returncode, ended.stderr) == (0, b"")
