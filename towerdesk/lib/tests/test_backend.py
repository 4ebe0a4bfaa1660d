"""The server is asked whether it is there when there is reason to doubt it, not before every request."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import NotSupportedError, ProgrammingError, connection, connections

from towerdesk.lib.backend.base import DatabaseWrapper
from towerdesk.lib.statements import Statement

OWN = "another"


@pytest.fixture
def link(transactional_db: None) -> Iterator[DatabaseWrapper]:
    """A connection that just did something, as a thread has it between two requests."""
    own = connections.create_connection("default")
    own.health_check_enabled = True
    own.cursor().execute("SELECT 1")
    connections[OWN] = own
    yield own  # type: ignore[misc]
    own.close()
    del connections[OWN]


def pid_of(link: DatabaseWrapper) -> int:
    pid: int = link.connection.info.backend_pid
    return pid


def next_request(link: DatabaseWrapper) -> None:
    link.close_if_unusable_or_obsolete()
    link.cursor().execute("SELECT 1")


def test_a_connection_that_stands_is_kept(link: DatabaseWrapper) -> None:
    before = pid_of(link)
    for _ in range(3):
        next_request(link)
    assert pid_of(link) == before


def test_one_that_the_server_cut_is_made_anew_without_anybody_noticing(link: DatabaseWrapper) -> None:
    next_request(link)
    before = pid_of(link)
    with connection.cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [before])
    next_request(link)
    assert pid_of(link) != before


def test_one_that_was_closed_on_our_side_is_made_anew(link: DatabaseWrapper) -> None:
    next_request(link)
    link.connection.close()
    next_request(link)
    assert not link.connection.closed


def test_the_server_is_asked_again_after_a_while(link: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    next_request(link)
    said: list[str] = []
    usual = psycopg.Cursor.execute
    monkeypatch.setattr(
        psycopg.Cursor,
        "execute",
        lambda self, *given, **named: (said.append(given[0]), usual(self, *given, **named))[1],
    )
    link.close_if_unusable_or_obsolete()
    assert link.is_usable()
    assert said == []
    link.asked_at = 0.0
    assert link.is_usable()
    assert said == ["SELECT 1"]


def test_a_statement_that_was_prepared_before_a_column_changed_fails_once_and_not_for_ever(
    link: DatabaseWrapper,
) -> None:
    """A migration while a thread of the web or a hand of the worker lives on."""
    size = Statement("SELECT size FROM beans")
    with connection.cursor() as other:
        other.execute("DROP TABLE IF EXISTS beans; CREATE TABLE beans (size varchar(20))")
        for _ in range(6):
            assert size.ask(using=OWN) == []
        other.execute("ALTER TABLE beans ALTER size TYPE varchar(40)")
        with pytest.raises(NotSupportedError, match="cached plan"):
            size.ask(using=OWN)
        link.close_if_unusable_or_obsolete()
        assert size.ask(using=OWN) == []
        link.close()
        other.execute("DROP TABLE beans")


def test_one_whose_statements_somebody_between_us_and_the_server_dropped_is_made_anew(link: DatabaseWrapper) -> None:
    one = Statement("SELECT 1")
    for _ in range(6):
        assert one.ask(using=OWN) == [(1,)]
    link.connection.pgconn.exec_(b"DISCARD ALL")
    with pytest.raises(ProgrammingError):
        one.ask(using=OWN)
    link.close_if_unusable_or_obsolete()
    assert one.ask(using=OWN) == [(1,)]
