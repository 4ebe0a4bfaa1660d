"""The floors: the same rows and bytes by bare psycopg, one transaction each, in this process and its server process."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg

from tests.performance import cpu

STRIPS = """
SELECT t.id, t.subject, t.status, t.step_kind, t.next_step, t.due_at, t.priority, t.score, t.score_proven, p.name, o.name,
  i.name, b.channel, t.assignee_id, u.name, g.name
FROM tickets_ticket AS t JOIN people_person AS p ON p.id = t.requester_id JOIN channels_inbox AS b ON b.id = t.inbox_id
LEFT JOIN people_organisation AS o ON o.id = t.organisation_id LEFT JOIN tickets_intent AS i ON i.id = t.intent_id
LEFT JOIN accounts_user AS u ON u.id = t.assignee_id LEFT JOIN accounts_team AS g ON g.id = t.team_id
"""
NEWEST = STRIPS + "ORDER BY t.updated_at DESC, t.id DESC LIMIT 50"
BAY = STRIPS + (
    "WHERE t.status IN ('new', 'open', 'pending', 'hold') AND t.step_kind = %s ORDER BY t.due_at, t.id LIMIT 50"
)
MATCHES = """
WITH found AS (SELECT id, ticket_id, created_at, visible FROM tickets_message WHERE search @@ towerdesk_query(%s)
  ORDER BY created_at DESC LIMIT 50)
SELECT t.*, found.visible FROM found JOIN tickets_ticket AS t ON t.id = found.ticket_id
"""
PERSON = "INSERT INTO people_person (name, language, note, created_at) VALUES (%s, '', '', %s) RETURNING id"
IDENTITY = (
    "INSERT INTO people_identity (person_id, kind, value, verified, created_at) VALUES (%s, 'email', %s, false, %s)"
)
TICKET = """
INSERT INTO tickets_ticket (subject, status, priority, type, product_area, team_id, handler, requester_id, inbox_id,
  language, mood, tags, fields, step_kind, next_step, due_at, score_proven, created_at, updated_at, resolution,
  resolution_note, resolved_by, known_by)
SELECT %s, 'new', 'normal', 'question', '', team_id, 'person', %s, id, '', '', '{}', '{}', 'answer', 'Someone answers', %s,
  false, %s, %s, '', '', '', '' FROM channels_inbox ORDER BY id LIMIT 1 RETURNING id
"""
MESSAGE = """
INSERT INTO tickets_message (ticket_id, direction, public, author_kind, author_name, channel, subject, text, visible, html,
  auto, trust, sender, "to", cc, message_id, external_key, delivery, delivery_note, warrant, created_at)
VALUES (%s, %s, true, 'customer', 'Somebody', 'email', %s, %s, %s, '', '', '{}', %s, '[]', '[]', %s, %s, '', '', '', %s)
"""
RAW = """
INSERT INTO intake_raw (inbox_id, door, arrived_at, content, size, digest, envelope, state, reason, auto, subject, sender)
SELECT id, 'smtp', %s, %s, %s, %s, '{}', 'stored', '', '', '', '' FROM channels_inbox ORDER BY id LIMIT 1 RETURNING id
"""
EVENT = """
INSERT INTO events_event (at, kind, ticket_id, subject_id, actor_kind, actor_name, data)
VALUES (%s, %s, %s, NULL, 'customer', 'Somebody', '{"channel": "email"}')
"""


class Floor:
    def __init__(self, address: str) -> None:
        self.link = psycopg.connect(address, autocommit=True)
        self.pid = self.link.info.backend_pid

    def cost(self, work: Callable[[int], object], times: int = 30) -> float:
        """Milliseconds of CPU, this process and its server process together."""
        work(0)
        return cpu.cost(lambda: time.process_time() + cpu.used([self.pid]), work, times=times)

    def list_page(self, _: int) -> None:
        self._read([(NEWEST, [])])

    def tower(self, _: int) -> None:
        self._read([(BAY, [kind]) for kind in ("answer", "approve", "assistant", "customer", "others")])

    def ticket_page(self, number: int) -> None:
        of = ("tickets_message", "events_event", "assistant_run")
        rows = [(f"SELECT * FROM {table} WHERE ticket_id = %s", [number]) for table in of]  # noqa: S608
        self._read([(STRIPS + "WHERE t.id = %s", [number]), *rows])

    def search(self, word: str) -> None:
        self._read([(MATCHES, [word])])

    def mail(self, content: bytes) -> None:
        """The bytes as they come, and in a second transaction what they become."""
        at, sender = datetime.now(UTC), self._somebody()
        text = content.decode("utf-8", "replace")[-600:].replace("\0", "")
        with self.link.transaction():
            self.link.execute(RAW, [at, content, len(content), "0" * 64], binary=True)
            self.link.execute(EVENT, [at, "raw.arrived", None])
        with self.link.transaction():
            self._open(sender, "A mail", text, at)
            self.link.execute(EVENT, [at, "raw.accepted", None])
            self.link.execute("UPDATE intake_raw SET state = 'ticket' WHERE id = (SELECT max(id) FROM intake_raw)")

    def create(self, text: str) -> None:
        with self.link.transaction():
            self._open(self._somebody(), "From a program", text, datetime.now(UTC))

    def reply(self, ticket: int, text: str) -> None:
        at = datetime.now(UTC)
        with self.link.transaction():
            self.link.execute("SELECT * FROM tickets_ticket WHERE id = %s FOR UPDATE", [ticket]).fetchone()
            self.link.execute(MESSAGE, [ticket, "out", "Re", text, text, "", "", None, at])
            self.link.execute(
                "UPDATE tickets_ticket SET status = 'pending', updated_at = %s WHERE id = %s", [at, ticket]
            )
            self.link.execute(EVENT, [at, "message.queued", ticket])

    @staticmethod
    def _somebody() -> str:
        return f"{uuid4().hex}@example.com"

    def _open(self, sender: str, subject: str, text: str, at: datetime) -> None:
        run = self.link.execute
        person = run(PERSON, [sender, at]).fetchone()
        run(IDENTITY, [person[0] if person else 0, sender, at])
        ticket = run(TICKET, [subject, person[0] if person else 0, at + timedelta(hours=8), at, at]).fetchone()
        number = ticket[0] if ticket else 0
        run(EVENT, [at, "ticket.opened", number])
        run(MESSAGE, [number, "in", subject, text, text, sender, sender, f"floor {number}", at])
        run(EVENT, [at, "message.received", number])

    def _read(self, queries: Sequence[tuple[str, Sequence[object]]]) -> None:
        with self.link.transaction():
            for query, values in queries:
                self.link.execute(query, values).fetchall()
