"""The mails in a file, a folder, an mbox or a Maildir, one after the other, however many there are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEAD = 8_192  # bytes looked at to tell what a file is
MAIL_NAMES = (".eml", ".mail", ".email", ".mbox", ".msg")
FROM_LINE = re.compile(rb"From [^\r\n]{0,500}\d\d:\d\d[^\r\n]{0,100}\d{4}")
KNOWN_HEADER = re.compile(
    rb"^(?:From|To|Cc|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Content-[\w-]+|Delivered-To|X-[\w-]+)"
    rb"[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """`trouble`: one sentence when this is no mail or can't be read; then there is no content."""

    path: str
    content: bytes = b""
    trouble: str = ""
    was_named: bool = True  # the person named this very file, rather than a folder that it lies in


def mails_in(path: Path) -> Iterator[Found]:
    """Never raises: what can't be read is said in its place."""
    if path.is_dir():
        yield from _in_maildir(path) if _is_maildir(path) else _in_folder(path)
    elif path.exists():
        yield from _in_file(path, was_named=True)
    else:
        yield Found(str(path), trouble="There is no such file or folder.")


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _in_maildir(path: Path) -> Iterator[Found]:
    """`new` and `cur`, never `tmp`: there mails are still being written. Then its subfolders (Maildir++)."""
    for part in ("new", "cur"):
        for file in _files(path / part):
            yield from _as_one(file, was_named=True)
    for folder in sorted(path.iterdir()):
        if folder.is_dir() and folder.name.startswith(".") and _is_maildir(folder):
            yield from _in_maildir(folder)


def _in_folder(path: Path) -> Iterator[Found]:
    for entry in sorted(path.iterdir()):
        if entry.is_dir():
            yield from _in_maildir(entry) if _is_maildir(entry) else _in_folder(entry)
        elif not entry.name.startswith("."):
            yield from _in_file(entry, was_named=False)


def _files(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith("."))


def _in_file(path: Path, *, was_named: bool) -> Iterator[Found]:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        yield Found(str(path), trouble=_unreadable(error), was_named=was_named)
        return
    if path.suffix.lower() != ".eml" and FROM_LINE.match(head):
        yield from _in_mbox(path)
    elif was_named or path.suffix.lower() in MAIL_NAMES or _looks_like_mail(head):
        yield from _as_one(path, was_named=was_named)
    else:
        yield Found(str(path), trouble="This is no mail.", was_named=False)


def _looks_like_mail(head: bytes) -> bool:
    """At least two headers before the first empty line."""
    headers = re.split(rb"\r?\n\r?\n", head.lstrip(), maxsplit=1)[0]
    return b"\0" not in headers and len(KNOWN_HEADER.findall(headers)) >= 2


def _as_one(path: Path, *, was_named: bool) -> Iterator[Found]:
    try:
        yield Found(str(path), path.read_bytes(), was_named=was_named)
    except OSError as error:
        yield Found(str(path), trouble=_unreadable(error), was_named=was_named)


def _in_mbox(path: Path) -> Iterator[Found]:
    """Read line by line, so that a large archive does not have to fit into memory. `>From ` is undone (mboxrd)."""
    number, blank_before = 0, True
    lines: list[bytes] = []
    try:
        with path.open("rb") as file:
            for line in file:
                if blank_before and FROM_LINE.match(line):
                    if number:
                        yield Found(f"{path}#{number}", b"".join(lines))
                    number, lines = number + 1, []
                else:
                    lines.append(line[1:] if re.match(rb">+From ", line) else line)
                blank_before = not line.strip()
    except OSError as error:
        yield Found(str(path), trouble=_unreadable(error))
        return
    yield Found(f"{path}#{number}", b"".join(lines))


def _unreadable(error: OSError) -> str:
    return f"This can't be read ({(error.strerror or str(error)).lower()})."
