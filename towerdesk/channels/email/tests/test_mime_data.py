"""Measured floors over torture mails and winmail.dat; the figures and what is left stand in docs/reference/mail.md."""

import pytest

from tests.data import data
from towerdesk.channels.email.parse import parse
from towerdesk.channels.email.tests.mime_data import OTHERWISE, files_below, measure, squeezed
from towerdesk.channels.email.tnef import open_tnef

WITHOUT_FILES = {"garbage-at-end", "multi-name-property"}


def test_torture_mails_are_read_as_another_parser_reads_them_but_for_five():
    found = measure()
    assert found.mails == 53
    assert set(found.missed) == set(OTHERWISE), found.missed
    assert sum(map(len, found.missed.values())) / found.things <= 0.04


@pytest.mark.parametrize("file", sorted(data("email-tnef-mimekit").glob("*.tnef")), ids=lambda file: file.stem)
def test_every_file_in_a_winmail_dat_comes_out(file):
    opened = open_tnef(file.read_bytes())
    assert opened
    names = [part.name for part in opened.parts]
    for wanted in file.with_suffix(".list").read_text().splitlines():
        names.remove(wanted)
    assert bool(opened.parts) == (file.stem not in WITHOUT_FILES)


@pytest.mark.parametrize(
    "folder",
    sorted(file for file in data("email-tnef-mimekit").iterdir() if file.is_dir()),
    ids=lambda folder: folder.name,
)
def test_the_files_are_the_same_but_for_ends_of_lines(folder):
    opened = open_tnef(folder.with_suffix(".tnef").read_bytes())
    assert opened
    ours = {squeezed(part.content) for part in opened.parts} | {squeezed(opened.text.encode())}
    assert [name for name, content in files_below(folder).items() if squeezed(content) not in ours] == []


def test_a_whole_mail_with_winmail_dat_shows_its_text_and_not_the_wrapper():
    mail = parse((data("email-tnef-mimekit") / "ukr.eml").read_bytes())
    assert "шостий" in mail.text
    assert "winmail.dat" not in [part.name for part in mail.parts]
