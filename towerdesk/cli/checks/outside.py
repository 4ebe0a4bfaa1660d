"""The machine and the settings: Python, folder, disk, ports, model, relay."""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from config import env
from towerdesk.cli.checks import Finding
from towerdesk.cli.claim import running
from towerdesk.cli.ports import check
from towerdesk.cli.probe import smtp_answers, web_answers
from towerdesk.lib.errors import Trouble

ENOUGH = 2 * 2**30  # bytes on the disk


def look() -> Iterator[Finding]:
    for about, question in QUESTIONS.items():
        try:
            yield from question()
        except Trouble as trouble:
            yield Finding("bad", about, str(trouble))


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 12)
    yield Finding("good" if good else "bad", "Python", f"{version}{'' if good else ': 3.12 or newer is needed'}.")


def _folder() -> Iterator[Finding]:
    data = env.data_dir()
    if not data.exists():
        yield Finding("note", "Data folder", f"{data} does not exist yet; “towerdesk up” makes it.")
        return
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            "bad", "Data folder", f"{data} can't be written by this account: give it the right, or set TOWERDESK_DATA."
        )
        return
    secrets = data / "secrets"
    if secrets.exists() and secrets.stat().st_mode & 0o077:
        yield Finding("bad", "Data folder", f"Others may read {secrets}: run chmod 700 on it.")
    else:
        yield Finding("good", "Data folder", f"{data} can be read and written.")


def _disk() -> Iterator[Finding]:
    place = env.data_dir()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    state, more = ("good", "") if free > ENOUGH else ("bad", ": free some, mail is refused when the disk is full")
    yield Finding(state, "Disk", f"{free / 2**30:.1f} GB are free{more}.")  # type: ignore[arg-type]


def _doors() -> Iterator[Finding]:
    """When the desk runs its doors must answer, else they must be free."""
    pid = running(env.data_dir())
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(env.host(), env.host())  # noqa: S104
    yield Finding("good", "Desk", f"It runs (process {pid}).") if pid else Finding("note", "Desk", "It is not running.")
    yield _door("Web", env.port(), "TOWERDESK_PORT", bool(pid), lambda port: web_answers(host, port))
    yield _door("SMTP door", env.smtp_port(), "TOWERDESK_SMTP_PORT", bool(pid), lambda port: smtp_answers(host, port))


def _door(about: str, port: int, setting: str, runs: bool, answers: Callable[[int], bool]) -> Finding:
    if runs:
        good = answers(port)
        return Finding("good" if good else "bad", about, f"Port {port} {'answers' if good else 'does not answer'}.")
    with contextlib.suppress(Trouble):
        check(env.host(), port, setting)
        return Finding("good", about, f"Port {port} is free.")
    return Finding("bad", about, f"Port {port} is in use by another program: set {setting} to a free port.")


def _relay() -> Iterator[Finding]:
    relay = env.url("TOWERDESK_RELAY", schemes=("smtp", "smtps", "smtp+tls"))
    if relay:
        yield Finding("good", "Relay", f"Replies leave by {urlsplit(relay).hostname}.")
    else:
        yield Finding("note", "Relay", "TOWERDESK_RELAY is not set: replies wait on the desk and reach nobody.")


def _model() -> Iterator[Finding]:
    from towerdesk.lib.embedding import embedder

    try:
        found = embedder()
    except (OSError, ImportError, ValueError, RuntimeError) as error:
        yield Finding("bad", "Model", f"The embedding model can't be loaded ({error}): run make setup.")
        return
    yield Finding("good", "Model", f"{found.name} is here and whole.")


QUESTIONS: dict[str, Callable[[], Iterator[Finding]]] = {
    "Python": _python,
    "Data folder": _folder,
    "Disk": _disk,
    "Ports": _doors,
    "Relay": _relay,
    "Model": _model,
}
