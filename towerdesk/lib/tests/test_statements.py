"""What is asked by the shortest way is what Django's cursors would have said."""

from typing import Any
from unittest.mock import ANY

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from psycopg.types.json import Jsonb

from towerdesk.accounts.models import Team
from towerdesk.lib.clock import now
from towerdesk.lib.statements import Statement, Values

pytestmark = pytest.mark.django_db


def ask(sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
    return Statement(sql).ask(values)


KINDS = "SELECT %s::bigint, %s::text, %s::timestamptz, %s::jsonb, ARRAY[1, 2], NULL, decode('00ff', 'hex')"


def test_it_gives_the_rows_that_djangos_cursor_gives():
    values = [7, "drips", now(), '{"a": 1}']
    with connection.cursor() as cursor:
        cursor.execute(KINDS, values)
        said = cursor.fetchall()
    for _ in range(6):  # the server is asked to remember it on the way
        assert ask(KINDS, values) == said


def test_what_a_connection_knows_of_types_serves_every_statement():
    """Numbers of any size, lists of anything and nothing at all, one statement after the other."""
    said = "SELECT %s::text, %s::text"
    for values in ([1, [1, 2]], [2**40, ["a"]], [-(2**62), []], [None, [2**40, 1]], [1.5, [now()]], ["1", None]):
        with connection.cursor() as cursor:
            cursor.execute(said, values)
            assert ask(said, values) == cursor.fetchall()
        assert ask("SELECT %s::bigint, %s::jsonb", [7, Jsonb({"a": values[0]})]) == [(7, ANY)]


def test_a_statement_that_gives_no_rows_gives_none():
    assert ask("CREATE TEMPORARY TABLE drops (number bigint)") == []
    assert ask("INSERT INTO drops VALUES (%(number)s)", {"number": 3}) == []
    assert ask("SELECT number FROM drops") == [(3,)]


def test_a_name_stands_for_the_same_value_wherever_it_is_said_and_a_percent_sign_is_one():
    said = "SELECT %(what)s::text || '%%' || %(more)s::text, 7 %% 4, %(what)s::text"
    values = {"more": "b", "what": "a", "unasked": "c"}
    with connection.cursor() as cursor:
        cursor.execute(said, values)
        assert ask(said, values) == cursor.fetchall() == [("a%b", 3, "a")]


def test_its_errors_are_djangos_and_the_transaction_can_go_on(desk):
    team = Team.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        ask("INSERT INTO accounts_team (id, name) VALUES (%s, 'Again')", [team.pk])
    assert ask("SELECT name FROM accounts_team WHERE id = %s", [team.pk]) == [(team.name,)]


def test_in_a_broken_transaction_nothing_is_asked():
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            ask("SELECT 1")


def test_whoever_counts_what_is_asked_hears_of_it():
    with CaptureQueriesContext(connection) as seen:
        assert ask("SELECT %s::int", [1]) == [(1,)]
    assert len(seen) == 1


@pytest.mark.django_db(transaction=True)
def test_it_goes_on_with_a_new_connection():
    assert ask("SELECT 1") == [(1,)]
    connection.close()
    assert ask("SELECT 1") == [(1,)]
