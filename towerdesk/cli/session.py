"""What a command needs around it: settings, a running PostgreSQL, tables that are up to date."""

import contextlib
import gc
import os
from collections.abc import Iterator

from config import env
from towerdesk.cli.registry import Needs
from towerdesk.lib import postgres


@contextlib.contextmanager
def session(needs: Needs) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        if needs in ("database", "desk"):
            stack.enter_context(database())
        if needs != "nothing":
            set_up_django()
        if needs == "desk":
            from towerdesk.cli.prepare import migrate

            migrate()
        yield


@contextlib.contextmanager
def database() -> Iterator[None]:
    """PostgreSQL runs inside: an external one is somebody else's matter, our own is started and left to the last."""
    if env.database_url():
        yield
        return
    with postgres.running(env.data_dir(), fast=fast()):
        yield


def fast() -> bool:
    """Give up durability for a cluster that is thrown away after a test; never for a desk."""
    return env.flag("TOWERDESK_PG_FAST")


def set_up_django(*, whole: bool = False) -> None:
    """`whole`: with all jobs, for a process that lives long or does jobs; else they are imported with the first event."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with few_collections():
        import django

        django.setup()
        if whole:
            from towerdesk.events.record import begun

            begun()
    gc.freeze()  # what was imported stays: later collections need not walk over it


@contextlib.contextmanager
def few_collections() -> Iterator[None]:
    """For work that makes many objects and hardly any rubbish, such as imports: a quarter less of its CPU."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
