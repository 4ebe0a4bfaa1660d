"""Start the desk: everything is made ready here, then this process becomes the small supervisor."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config import env
from towerdesk.cli.claim import claim
from towerdesk.cli.ports import check_ports
from towerdesk.cli.session import fast, set_up_django
from towerdesk.cli.supervisor import Plan
from towerdesk.lib import postgres

PARTS = {"web": "towerdesk.cli.web", "worker": "towerdesk.cli.worker", "smtpd": "towerdesk.cli.smtpd"}


def command() -> None:
    """Start the desk and stay until it is stopped. Prints one line when it is ready."""
    start()


def start(prepare: Callable[[], str] | None = None, afterwards: dict[str, str] | None = None) -> None:
    """Make ready and hand over to the supervisor; does not return.

    `prepare` runs when the tables are there and returns how to sign in; `afterwards` (name → Python module) are more
    processes that start when the desk is ready.
    """
    data = env.data_dir()
    lock = claim(data)
    check_ports()
    lease = -1
    if not env.database_url():
        lease = postgres.take(data)
        os.set_inheritable(lease, True)
    try:
        sign_in = _make_ready(data, prepare)
    except BaseException:
        if lease >= 0:
            postgres.leave(data, lease)
        raise
    _become_supervisor(
        Plan(
            data=str(data),
            host=_to_reach(env.host()),
            port=env.port(),
            smtp_port=env.smtp_port(),
            sign_in=sign_in,
            parts=PARTS,
            afterwards=afterwards or {},
            lock=lock,
            lease=lease,
            fast=fast(),
        )
    )


def _make_ready(data: Path, prepare: Callable[[], str] | None) -> str:
    """What needs no database is done while PostgreSQL starts, or is made."""
    with _database_beside(data):
        set_up_django()
        from django.db import connections

        from towerdesk.cli.prepare import collect_static, first_administrator, migrate
        from towerdesk.intake.first_inbox import first_inbox
        from towerdesk.lib import under_way

        collect_static()
        under_way.end()  # whatever it was, it is not going on
    migrate()
    sign_in = (prepare or first_administrator)()
    first_inbox()
    connections.close_all()
    return sign_in


@contextlib.contextmanager
def _database_beside(data: Path) -> Iterator[None]:
    """Our own PostgreSQL is started by a thread beside; after the block it runs."""
    if env.database_url():
        yield
        return
    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(postgres.ensure, data, fast=fast())
        yield
        running.result()


def _to_reach(host: str) -> str:
    """Where a browser on this machine finds what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104


def _become_supervisor(plan: Plan) -> None:
    """The plan goes through a pipe: it may hold a password, which an argument would show to everybody."""
    sys.stdout.flush()
    sys.stderr.flush()
    reader, writer = os.pipe()
    os.write(writer, json.dumps(plan.__dict__).encode())
    os.close(writer)
    os.set_inheritable(reader, True)
    os.execv(sys.executable, [sys.executable, "-m", "towerdesk.cli.supervisor", str(reader)])  # noqa: S606
