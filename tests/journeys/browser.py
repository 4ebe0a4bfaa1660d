"""A real server on a port of its own, in this process, and a real browser that looks at it."""

import fcntl
import functools
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from django.conf import settings
from django.db import connections

from towerdesk.cli.prepare import collect_static

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs a loop in the tests' own thread

PATIENCE = 60.0  # seconds
QUIET = "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")


def launch_arguments() -> dict[str, object]:
    """The Chromium that is installed; `CHROMIUM` names another one."""
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    return {"args": QUIET.split(), **({"executable_path": chromium} if chromium else {})}


@functools.cache
def gather_static() -> None:
    """Once for all processes: a second one that gathered anew would cut off what the first is serving."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        collect_static()


@contextmanager
def serving() -> Iterator[str]:
    """The whole ASGI application; yields its address. Its threads let go of the database when they are done."""
    kept = connections.settings["default"]["CONN_MAX_AGE"]
    connections.settings["default"]["CONN_MAX_AGE"] = 0
    gather_static()
    from config.asgi import application

    server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="error", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        _stop(server, thread)
        connections.settings["default"]["CONN_MAX_AGE"] = kept


def _stop(server: uvicorn.Server, thread: threading.Thread) -> None:
    from towerdesk.web import live

    loop = live.hub().loop
    if loop and loop.is_running():
        loop.call_soon_threadsafe(live.hub().close)
    server.should_exit = True
    thread.join(PATIENCE)
