"""Every check and test, one line each; all of them run, and the end is non-zero when one failed.

Names given as arguments choose steps. Rounds follow each other; the lanes of a round run beside each other, so that a
machine with two cores has both at work. The tests get a PostgreSQL and a data folder of their own, gone afterwards; a
part of them runs a second time on an external server reached by DATABASE_URL over TCP (Debian's own if there is one).
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from towerdesk.lib import postgres
from towerdesk.lib.postgres import programs
from towerdesk.lib.postgres.account import account_for

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SMOKE = [
    "towerdesk/events",
    "towerdesk/accounts",
    "towerdesk/tickets",
    "towerdesk/intake/tests/test_store.py",
    "towerdesk/intake/tests/test_concurrency.py",
    "towerdesk/lib/tests/test_queue.py",
    "towerdesk/lib/tests/test_worker.py",
    "--ignore=towerdesk/tickets/tests/test_at_once.py",
]
"""What any PostgreSQL has to do: transactions, constraints, search, the queue."""
THREE = ["-n", "3"]  # of three, two are at work while one waits for the database or for a process that it started
BY_FILE = ["--dist", "loadfile", "--no-loadscope-reorder"]  # a file's tests share what is dear to set up

STEPS: dict[str, list[str]] = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--quiet", "--check", "."],
    "types": ["mypy", "--no-error-summary"],
    "imports": ["lint-imports", "--no-cache"],
    "templates": ["djhtml", "--check", "--tabwidth", "2", "TEMPLATES"],
    "migrations": ["python", "-m", "django", "makemigrations", "--check", "--dry-run"],
    "tests": ["pytest", *THREE, *BY_FILE, "-m", "not browser", "--durations", "25"],
    "browser": ["pytest", *THREE, *BY_FILE, "-m", "browser", "tests/journeys"],
    "external": ["pytest", "-n", "0", "-m", "not browser", *SMOKE],
}
ROUNDS = (
    (("types", "ruff", "format", "imports", "templates", "migrations"), ("external",)),
    (("tests",),),
    (("browser",),),
)


def main() -> int:
    wanted = sys.argv[1:] or list(STEPS)
    if unknown := [name for name in wanted if name not in STEPS]:
        print(f"There is no step {', '.join(unknown)}. Steps: {', '.join(STEPS)}.", file=sys.stderr)
        return 2
    if {"tests", "browser"} & set(wanted):
        get_tools()
    with own_database() as surroundings:
        failed = [name for lanes in ROUNDS for name in run_round(lanes, wanted, os.environ | surroundings)]
    print(f"FAILED: {', '.join(failed)}" if failed else "All good.")
    return 1 if failed else 0


def run_round(lanes: tuple[tuple[str, ...], ...], wanted: list[str], surroundings: dict[str, str]) -> list[str]:
    """The lanes beside each other, the wanted steps of each one after the other. Returns those that failed."""

    def run_lane(lane: tuple[str, ...]) -> list[str]:
        return [name for name in lane if name in wanted and not run(name, surroundings)]

    with ThreadPoolExecutor(len(lanes)) as beside:
        return [name for failed in beside.map(run_lane, lanes) for name in failed]


def run(name: str, surroundings: dict[str, str]) -> bool:
    """Run one step; its output is shown only when it failed."""
    began = time.monotonic()
    with external_database() if name == "external" else contextlib.nullcontext({}) as more:
        ended = subprocess.run(
            command_of(name),
            cwd=ROOT,
            env=surroundings | more,
            capture_output=True,
            text=True,
            check=False,
        )
    good = ended.returncode == 0
    said = ended.stdout + ended.stderr
    summary = re.findall(r"^=*\s*(\d+ (?:passed|failed).*?)(?: in [\d.]+s.*)?$", said, re.MULTILINE)
    words = [
        f"{name:<11}{'ok    ' if good else 'FAILED'} {time.monotonic() - began:6.1f} s  {summary[-1] if summary else ''}"
    ]
    if not good:
        words.append(said.rstrip() or f"(exit code {ended.returncode}, no words)")
    print("\n".join(words), flush=True)
    return good


def command_of(name: str) -> list[str]:
    program, *words = STEPS[name]
    if "TEMPLATES" in words:
        templates = [str(path) for path in sorted((ROOT / "towerdesk").rglob("templates")) if any(path.rglob("*.html"))]
        words = [word for word in words if word != "TEMPLATES"] + templates
    return [str(BIN / program), *words]


@contextlib.contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """A data folder with a PostgreSQL that does not wait for the disk. The caller's own settings do not matter.

    What Python compiles is kept: the tests start hundreds of processes.
    """
    folder = Path(tempfile.mkdtemp(prefix="desk-test-"))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name in [name for name in os.environ if name.startswith(("TOWERDESK_", "DATABASE_URL")) and name not in KEPT]:
        del os.environ[name]
    try:
        with postgres.running(folder, fast=True):
            yield {
                "TOWERDESK_DATA": str(folder),
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
                "TOWERDESK_TEST_TABLES": "tables",  # so is called the database that the test processes copy
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


KEPT = {"TOWERDESK_TEST_DATA", "TOWERDESK_TEST_LLM"}


@contextlib.contextmanager
def external_database() -> Iterator[dict[str, str]]:
    """A server that the desk has not started itself, over TCP, of another version where the machine has one."""
    folder, port = Path(tempfile.mkdtemp(prefix="desk-external-")), free_port()
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    kind = {"PG_BINDIR": str(debian[-1].parent)} if debian else {}
    os.environ.update(kind)
    place = postgres.Place(folder)
    try:
        postgres.ensure(folder, fast=True)
        postgres.stop(folder)
        account = account_for(place.cluster)
        bindir = programs.reachable(programs.find(place.cluster), place.home, account)
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-p", str(port), "-k", str(place.socket)]
        server = subprocess.Popen(
            [bindir / "postgres", "-D", place.cluster, *options],
            cwd=place.home,
            stderr=subprocess.DEVNULL,
            **account.switch,
        )
        wait_for(port)
        yield {"DATABASE_URL": f"postgresql://towerdesk@127.0.0.1:{port}/towerdesk", "TOWERDESK_TEST_TABLES": ""}
        server.send_signal(2)
        server.wait(30)
    finally:
        for name in kind:
            del os.environ[name]
        postgres.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit("The external PostgreSQL did not start.")


def get_tools() -> None:
    """A browser and an IMAP server: found, else installed when that is possible, else said plainly."""
    packages = []
    if not browser():
        packages += BROWSERS[:2]  # the first one does half of the work for the same pages, but is not everywhere
    if not shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"):
        packages.append("dovecot-imapd")
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        for package in packages:
            if package in BROWSERS and browser():
                continue
            subprocess.run(
                ["apt-get", "install", "-y", "-qq", package],
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
                **quiet,
            )
    if not browser():
        subprocess.run([BIN / "playwright", "install", "chromium"], capture_output=True, check=False)
    if browser():
        os.environ["CHROMIUM"] = browser()
    else:
        print(
            "Chromium is missing and could not be installed: the browser tests will fail. Install it, or set CHROMIUM."
        )


def browser() -> str:
    told = os.environ.get("CHROMIUM", "")
    if told and shutil.which(told):
        return told
    found = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    own = sorted(Path("~/.cache/ms-playwright").expanduser().glob("chromium-*/chrome-linux*/chrome"))
    return found or (str(own[-1]) if own else "")


if __name__ == "__main__":
    sys.exit(main())
