"""The connector for PostgreSQL databases that are only read."""

import ipaddress
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from towerdesk.connectors.contract import Account, CannotSay, NotDone, Preview, Result, ToolSpec
from towerdesk.connectors.http.templates import text
from towerdesk.connectors.mapping import dig
from towerdesk.connectors.sql.description import QuestionIs, Questions, described
from towerdesk.lib.errors import Unavailable

CONNECT = 5  # seconds
MAY_SAY = {"host", "port", "user", "password", "dbname", "sslmode"}
"""Of an address: nothing that names files, other hosts or settings of the session."""
EXAMPLE = """\
seconds: 5
rows: 100

tools:
  - name: get_account
    title: Look up an account
    query: SELECT number, mail, plan FROM accounts WHERE lower(mail) = lower({mail})
    one: true
    arguments:
      mail: {title: Mail address, sources: [requester, agent]}
    person: mail
    gives: {number: {}, mail: {}, plan: {}}
    sentence: "{result.mail} has {result.plan}"
"""


class SqlConnector:
    kind = "sql"
    title = "PostgreSQL, read only"
    example = EXAMPLE

    def tools(self, account: Account) -> Sequence["SqlTool"]:
        questions = described(account.settings)
        return [SqlTool(one, questions, account, one.spec()) for one in questions.tools]

    def check(self, account: Account) -> str:
        try:
            with _opened(described(account.settings), account) as link:
                link.execute("SELECT 1")
        except NotDone as error:
            raise Unavailable(str(error)) from None
        except psycopg.Error as error:
            raise Unavailable(f"The database says no: {_first_line(error)}") from None
        return "It answers."


@dataclass(frozen=True, slots=True)
class SqlTool:
    question: QuestionIs
    questions: Questions
    account: Account
    spec: ToolSpec

    def preview(self, arguments: Mapping[str, Any]) -> Preview:
        return Preview(self.spec.title)

    def execute(self, arguments: Mapping[str, Any], key: str) -> Result:
        values = {name: arguments.get(name) for name in self.question.arguments}
        try:
            with _opened(self.questions, self.account) as link, link.cursor("question") as cursor:
                cursor.execute(self.question.sql.encode(), values)
                rows = cursor.fetchmany(self.questions.rows + 1)
        except psycopg.errors.QueryCanceled:
            raise NotDone(f"{self.spec.title}: it took longer than {self.questions.seconds:g} s.", later=True) from None
        except psycopg.OperationalError as error:
            raise NotDone(f"{self.spec.title}: {_first_line(error)}", later=True) from None
        except psycopg.Error as error:
            raise NotDone(f"{self.spec.title}: {_first_line(error)}") from None
        return self._result([{name: _plain(value) for name, value in row.items()} for row in rows])

    def look_up(self, key: str) -> Result | None:
        raise CannotSay

    def _result(self, rows: list[dict[str, Any]]) -> Result:
        most = 1 if self.question.one else self.questions.rows
        if self.question.one and not rows:
            raise NotDone(f"{self.spec.title}: nothing was found.")
        if len(rows) > most:
            raise NotDone(f"{self.spec.title}: there is more than {most} row{'s' * (most > 1)}, so none is taken.")
        content: Any = rows[0] if self.question.one else {"count": len(rows), "rows": rows}
        gives = self.question.gives
        kept = {name: dig(content, one.path or name) for name, one in gives.items()} if gives else content
        known = {f"result.{name}": value for name, value in kept.items() if not isinstance(value, list | dict)}
        return Result(kept, text(self.question.sentence, known) or f"{self.spec.title}: done")


def _opened(questions: Questions, account: Account) -> "psycopg.Connection[dict[str, Any]]":
    """Nothing that it runs can change anything, take long, or hold anybody up."""
    said = _address(account.secrets.get(questions.secret, ""), account)
    milliseconds = int(questions.seconds * 1000)
    limits = {
        "default_transaction_read_only": "on",
        "statement_timeout": milliseconds,
        "lock_timeout": milliseconds,
        "idle_in_transaction_session_timeout": milliseconds * 2,
    }
    options = " ".join(f"-c {name}={value}" for name, value in limits.items())
    try:
        link = psycopg.connect(**said, options=options, connect_timeout=CONNECT, row_factory=dict_row)
    except psycopg.OperationalError as error:
        raise NotDone(f"The database can't be reached: {_first_line(error)}", later=True) from None
    link.read_only = True
    return link


def _address(dsn: str, account: Account) -> dict[str, Any]:
    """The host must be the connection's own; one in a private network must be named in the desk's settings, too."""
    try:
        said = {name: value for name, value in conninfo_to_dict(dsn).items() if value is not None}
    except psycopg.ProgrammingError:
        sentence = "The address of the database makes no sense: postgresql://user:password@host/database."
        raise NotDone(sentence, later=True) from None
    if extra := set(said) - MAY_SAY:
        raise NotDone(f"The address of the database may not say {', '.join(sorted(extra))}.", later=True)
    host, port = str(said.get("host") or ""), str(said.get("port") or 5432)
    names = {host.lower(), f"{host.lower()}:{port}"}
    if not host or "," in host or not names & {one.lower() for one in account.hosts}:
        raise NotDone(
            f"{host or 'A database without a host'} is no host of this connection, so it is not asked.", later=True
        )
    if names & {one.lower() for one in settings.CONNECTOR_HOSTS}:
        return said
    return said | {"hostaddr": _public(host, port)}


def _public(host: str, port: str) -> str:
    """The very address that is connected to, so that DNS can't change its mind."""
    if host.startswith("/"):
        raise NotDone(f"{host} is on this machine: an administrator must allow it by name first.", later=True)
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)}
    except OSError:
        raise NotDone(f"{host} is not known.", later=True) from None
    addresses = [ipaddress.ip_address(one) for one in found]
    if not all(one.is_global for one in addresses):
        raise NotDone(f"{host} is not a public address: an administrator must allow it by name first.", later=True)
    return str(addresses[0])


def _plain(value: Any) -> Any:
    """What JSON can say; money and other exact numbers stay exact."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:300] or type(error).__name__
