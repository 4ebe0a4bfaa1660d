"""`towerdesk intake`: every mail of every collection ends on a ticket, is set aside, bounced, or shown as failed."""

import json
import mailbox
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.data import data
from towerdesk.cli.intake import command
from towerdesk.intake.models import Raw
from towerdesk.intake.sources import mails_in
from towerdesk.testing.mails import mail
from towerdesk.tickets.models import Message, Ticket

COLLECTIONS = [
    "email-bounces-sisimai",
    "email-mime-djangohelpdesk",
    "email-mime-flanker",
    "email-mime-rubymail",
    "email-mime-stalwart",
    "email-replies-talon",
    "email-tnef-mimekit",
]
OUTCOMES = {"ticket", "message", "set_aside", "bounce", "failed"}
FIELDS = [
    "path",
    "outcome",
    "reason",
    "ticket",
    "subject",
    "from",
    "to",
    "text",
    "visible_reply",
    "attachments",
    "auto",
]
CPU_SECONDS = 2.0

type Take = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def take(desk: object, capsys: pytest.CaptureFixture[str]) -> Take:
    """What `towerdesk intake --json PATH…` says, a line each."""

    def run(*paths: Path, inbox: str = "support@brasswell.example") -> list[dict[str, Any]]:
        command(list(paths), inbox=inbox, as_json=True, wait=True)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_nothing_is_dropped_of_a_whole_collection(take, collection):
    files = sorted(data(collection).rglob("*.eml"))
    said = take(*files)
    assert [one["path"] for one in said] == [str(file) for file in files]
    assert all(list(one) == FIELDS and one["outcome"] in OUTCOMES for one in said)
    assert [one["path"] for one in said if one["outcome"] == "failed"] == []
    assert Raw.objects.count() >= len({file.read_bytes() for file in files})  # the bytes are kept, whatever they are
    assert all(Ticket.objects.filter(pk=one["ticket"]).exists() for one in said if one["outcome"] == "ticket")


def test_no_mail_takes_more_than_two_seconds_of_work(take):
    slow = []
    for file in [*data("email-mime-flanker").rglob("*.eml"), *data("email-mime-stalwart").rglob("*.eml")]:
        began = time.process_time()
        take(file)
        if time.process_time() - began > CPU_SECONDS:
            slow.append(file.name)
    assert slow == []


def test_the_same_mail_taken_in_twice_is_one_message(take, tmp_path):
    (tmp_path / "a.eml").write_bytes(mail(id="one@lindqvist.example"))
    first, again = take(tmp_path / "a.eml"), take(tmp_path / "a.eml")
    assert (first[0]["outcome"], again[0]["outcome"]) == ("ticket", "set_aside")
    assert Message.objects.count() == 1


def test_an_mbox_and_a_maildir_are_opened(take, tmp_path):
    box = mailbox.mbox(tmp_path / "old.mbox")
    folder = mailbox.Maildir(tmp_path / "Maildir")
    for number in (1, 2):
        box.add(mail(id=f"box{number}@lindqvist.example"))
        folder.add(mail(id=f"folder{number}@lindqvist.example"))
    box.flush()
    assert [one["outcome"] for one in take(tmp_path / "old.mbox", tmp_path / "Maildir")] == ["ticket"] * 4


def test_a_path_that_is_not_there_is_one_sentence(take, tmp_path):
    [said] = take(tmp_path / "nothing.eml")
    assert said["outcome"] == "failed"
    assert "nothing.eml" in said["path"]
    assert said["reason"]


@pytest.mark.parametrize("as_json", [False, True])
def test_a_path_that_is_not_there_fails_the_command_and_the_others_go_in(desk, tmp_path, capsys, as_json):
    (tmp_path / "a.eml").write_bytes(mail())
    missing, there = tmp_path / "nothing.eml", tmp_path / "a.eml"

    code = command([missing, there], inbox="support@brasswell.example", as_json=as_json, wait=True)

    assert code == 1

    said = capsys.readouterr()
    assert said.err == f"{missing}: There is no such file or folder.\n"
    assert Ticket.objects.count() == 1
    if as_json:
        lines = [json.loads(line) for line in said.out.splitlines()]
        assert [one["outcome"] for one in lines] == ["failed", "ticket"]
        assert [list(one) for one in lines] == [FIELDS, FIELDS]
    else:
        assert said.out.splitlines()[-1] == "1 not read, 1 ticket"


def test_a_folder_is_searched_for_mails(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.eml").write_bytes(mail())
    assert [found.path for found in mails_in(tmp_path)] == [str(tmp_path / "in" / "a.eml")]
