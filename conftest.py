"""Fixtures for every test: the small desk and its cast."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from towerdesk.accounts.models import User
from towerdesk.cli.session import few_collections
from towerdesk.cli.tests import desks
from towerdesk.events.record import begun
from towerdesk.lib.actor import Actor
from towerdesk.people.models import Person
from towerdesk.problems import banners
from towerdesk.testing import cast, tables
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.taxonomy import forget

hypothesis.settings.register_profile(
    "suite", hypothesis.settings.default, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)  # a machine that is busy with something else fails no test
hypothesis.settings.load_profile("suite")
gc.disable()  # until the first test: what is imported and collected meanwhile stays

LONGEST = (
    "towerdesk/channels/tests/test_any_order",
    "tests/journeys/test_kills",
    "towerdesk/assistant/evals",
    "towerdesk/cli/tests/test_up",
    "towerdesk/cli/tests/test_db",
    "tests/journeys",
    "towerdesk/api/tests/test_schema",
    "towerdesk/lib/postgres",
    "towerdesk/assistant/tests/test_consider",
    "towerdesk/tickets/tests/test_at_once",
    "towerdesk/cli",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that at the end no test process waits for another one."""
    items.sort(key=lambda item: next((at for at, name in enumerate(LONGEST) if item.nodeid.startswith(name)), 99))


@pytest.fixture(scope="session")
def opened_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a desk that Ana has opened, to copy."""
    own = tmp_path_factory.getbasetemp()
    with desks.opened_once(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) as folder:
        yield folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """In a database server that is gone after the run (scripts/steps.py) the tables are made once, not by every process."""
    if name := os.environ.get("TOWERDESK_TEST_TABLES"):
        with django_db_blocker.unblock():
            tables.copied_from(name)


@pytest.fixture(scope="session", autouse=True)
def quick_settings() -> None:
    """A slow digest protects passwords, not tests. And what a web process does once at its start, to look through all
    static files, every test's client would do anew: they are looked for when asked for.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def all_jobs() -> None:
    """As in web and worker: who follows an event is known before the first one."""
    begun()


@pytest.fixture(scope="session", autouse=True)
def rarely_looked_for_rubbish() -> Iterator[None]:
    gc.freeze()
    gc.enable()
    with few_collections():
        yield


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a process remembers of the taxonomy for a second is not taken along into the next test."""
    forget()
    banners.forget()


EMPTY = """
DO $$
DECLARE one text;
BEGIN
  FOR one IN
    SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()
    AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
  LOOP
    EXECUTE 'DELETE FROM ' || one;
  END LOOP;
END $$
"""


def empty(case: TransactionTestCase) -> None:
    """After a test with real transactions. Django truncates every table and makes its permissions anew: a second of CPU.

    Nearly all tables are empty, and deleting a few rows takes milliseconds; the queue's tables, which Django leaves
    alone, are emptied as well. Foreign keys are looked at when all is done.
    """
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)


TransactionTestCase._fixture_teardown = empty  # type: ignore[method-assign]


@pytest.fixture
def desk(db: None) -> cast.Desk:
    return cast.small_desk()


@pytest.fixture
def ana_user(desk: cast.Desk) -> User:
    return cast.agent("Ana Reyes", desk.repairs, role="lead")


@pytest.fixture
def ben_user(desk: cast.Desk) -> User:
    return cast.agent("Ben Okafor", desk.repairs)


@pytest.fixture
def ana(ana_user: User) -> Actor:
    return cast.acting(ana_user)


@pytest.fixture
def ben(ben_user: User) -> Actor:
    return cast.acting(ben_user)


@pytest.fixture
def mara(desk: cast.Desk) -> Person:
    return cast.mara()


@pytest.fixture
def jonas(desk: cast.Desk) -> Person:
    return cast.jonas()


@pytest.fixture
def ticket(desk: cast.Desk, mara: Person) -> Ticket:
    return cast.opened(desk, mara)
