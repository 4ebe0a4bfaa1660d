"""Questions to a real PostgreSQL: the desk's own, which a setting of these tests allows."""

import pytest
from django.db import connection

from towerdesk.connectors.contract import TEXT, Account, NotDone
from towerdesk.connectors.sql.connector import SqlConnector
from towerdesk.connectors.sql.description import from_yaml
from towerdesk.lib.errors import Invalid, Unavailable

QUESTIONS = """
seconds: 0.3
rows: 3
tools:
  - name: echo
    title: Echo
    query: SELECT {word} AS word, 12.50 AS price, 100 % 7 AS rest
    one: true
    arguments: {word: {}}
    sentence: "{result.word}"
  - {name: many, title: Many, query: "SELECT n FROM generate_series(1, {n}::int) AS n", arguments: {n: {kind: integer}}}
  - {name: slow, title: Slow, query: "SELECT pg_sleep(5)"}
  - {name: sly, title: Sly, query: "WITH gone AS (DELETE FROM django_migrations RETURNING 1) SELECT count(*) FROM gone"}
  - {name: slyer, title: Slyer, query: "SELECT nextval('django_migrations_id_seq')"}
  - {name: none, title: None, query: "SELECT 1 AS one WHERE false", one: true}
"""


@pytest.fixture
def tools(db, settings):
    it = connection.settings_dict
    host = it["HOST"] or "localhost"
    settings.CONNECTOR_HOSTS = [host]
    dsn = f"host={host} port={it['PORT'] or 5432} user={it['USER']} dbname={it['NAME']}"
    dsn += f" password={it['PASSWORD']}" if it["PASSWORD"] else ""
    account = Account("books", {TEXT: QUESTIONS}, {"database": dsn}, [host])
    return {tool.spec.name: tool for tool in SqlConnector().tools(account)} | {"account": account}


@pytest.mark.parametrize("word", ["plain", "'; DROP TABLE events_event; --", "{word}", "%s", "\\'"])
def test_a_value_is_never_part_of_the_statement(tools, word):
    said = tools["echo"].execute({"word": word}, "")

    assert (said.content, said.sentence) == ({"word": word, "price": "12.50", "rest": 2}, word)


def test_there_is_a_ceiling_of_rows(tools):
    assert tools["many"].execute({"n": 3}, "").content == {"count": 3, "rows": [{"n": 1}, {"n": 2}, {"n": 3}]}
    with pytest.raises(NotDone, match="more than 3 rows"):
        tools["many"].execute({"n": 4}, "")


@pytest.mark.parametrize(
    ("tool", "why"),
    [
        ("slow", "longer than 0.3 s"),
        ("sly", "must not contain data-modifying"),
        ("slyer", "read-only"),
        ("none", "nothing was found"),
    ],
)
def test_nothing_takes_long_or_changes_anything(tools, tool, why):
    with pytest.raises(NotDone, match=why):
        tools[tool].execute({}, "")


@pytest.mark.parametrize(
    "query", ["DELETE FROM a", "SELECT 1; SELECT 2", "SET default_transaction_read_only = off", "SELECT {b}", ""]
)
def test_what_is_no_question_is_no_tool(query):
    with pytest.raises(Invalid):
        from_yaml(f"tools: [{{name: a, title: A, query: '{query}'}}]")


@pytest.mark.parametrize(
    ("dsn", "hosts", "why"),
    [
        ("host=127.0.0.1 dbname=a", ["127.0.0.1"], "not a public address"),
        ("host=127.0.0.1 dbname=a", ["db.example.com"], "no host of this connection"),
        ("host=/run/postgresql dbname=a", ["/run/postgresql"], "on this machine"),
        ("dbname=a", [], "without a host"),
        ("host=a,b dbname=a", ["a", "b"], "no host of this connection"),
        ("host=a passfile=/etc/passwd", ["a"], "may not say passfile"),
        ("host=db.example.com hostaddr=127.0.0.1", ["db.example.com"], "may not say hostaddr"),
        ("nonsense", [], "makes no sense"),
    ],
)
def test_only_hosts_that_are_allowed_are_asked(settings, dsn, hosts, why):
    settings.CONNECTOR_HOSTS = []
    account = Account("books", {TEXT: QUESTIONS}, {"database": dsn}, hosts)

    with pytest.raises(Unavailable, match=why):
        SqlConnector().check(account)


def test_it_answers(tools):
    assert SqlConnector().check(tools["account"]) == "It answers."
