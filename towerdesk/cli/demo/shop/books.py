"""The shop's database: one SQLite file, opened anew by every thread; every change is one transaction with its key."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parent / "schema.sql"
BUSY = 10.0  # seconds to wait for another writer

type Row = dict[str, Any]


class No(Exception):
    """The shop does not do this; the text says why, for whoever asked."""

    def __init__(self, why: str, status: int = 409) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Books:
    """`now` is the shop's clock, in UTC."""

    file: Path
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def make(self) -> None:
        """The tables, where there are none yet."""
        with self.open() as books:
            books.executescript(SCHEMA.read_text(encoding="utf-8"))

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        link = sqlite3.connect(self.file, timeout=BUSY, isolation_level=None)
        link.row_factory = lambda cursor, row: dict(zip((one[0] for one in cursor.description), row, strict=True))
        try:
            link.execute("PRAGMA foreign_keys = ON")
            link.execute("PRAGMA journal_mode = WAL")
            yield link
        finally:
            link.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Alone with the books until the end."""
        with self.open() as link:
            link.execute("BEGIN IMMEDIATE")
            try:
                yield link
            except BaseException:
                link.execute("ROLLBACK")
                raise
            link.execute("COMMIT")

    def once(
        self, key: str, method: str, path: str, body: str, do: Callable[[sqlite3.Connection], Row]
    ) -> tuple[int, Row]:
        """Done and written down together: the same key again is answered as it was then. A no is not kept."""
        with self.change() as books:
            if key and (earlier := books.execute("SELECT * FROM actions WHERE key = ?", [key]).fetchone()):
                if (earlier["method"], earlier["path"], earlier["body"]) != (method, path, body):
                    raise No("This idempotency key was used for something else.", 422)
                return earlier["status"], json.loads(earlier["answer"])
            answer = do(books)
            if key:
                said = [key, method, path, body, 200, json.dumps(answer), self.now().isoformat()]
                books.execute("INSERT INTO actions VALUES (?, ?, ?, ?, ?, ?, ?)", said)
            return 200, answer

    def earlier(self, key: str) -> Row:
        with self.open() as books:
            found = books.execute("SELECT * FROM actions WHERE key = ?", [key]).fetchone()
        if found is None:
            raise No("Nothing was done under this key.", 404)
        return {"status": found["status"], "answer": json.loads(found["answer"]), "at": found["at"]}


def money(cents: int | None) -> str:
    return f"{(cents or 0) / 100:.2f}"


def cents(amount: Any) -> int:
    from decimal import Decimal, InvalidOperation

    try:
        found = Decimal(str(amount)) * 100
    except InvalidOperation:
        raise No(f"{amount!r} is no amount.", 422) from None
    if not found.is_finite() or found != found.to_integral_value() or found <= 0:
        raise No(f"{amount!r} is no amount.", 422)
    return int(found)
