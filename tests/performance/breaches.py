"""How late breaches are noticed with 100,000 running clocks, and what an idle desk with them costs: one JSON line per figure.

python -m tests.performance.breaches [how many clocks, 100000]
"""

import os
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

import psycopg

from tests.performance.desk import Desk, desk
from tests.performance.figures import Report
from tests.performance.watch import Watch

CLOCKS = 100_000
SOON, BURST = 40, 60
"""Clocks that come due one by one within a minute, and all in one and the same second."""
TICKETS = """
INSERT INTO tickets_ticket (subject, status, priority, type, product_area, team_id, handler, requester_id, inbox_id,
  language, mood, tags, fields, step_kind, next_step, due_at, score_proven, created_at, updated_at, resolution,
  resolution_note, resolved_by, known_by)
SELECT 'Bench', 'open', 'normal', 'question', '', inbox.team_id, 'person', person.id, inbox.id, '', '', '{}', '{}', 'answer',
  'Someone answers', now() + interval '20 days', false, %(at)s, %(at)s, '', '', '', ''
FROM generate_series(1, %(most)s), (SELECT id, team_id FROM channels_inbox ORDER BY id LIMIT 1) AS inbox,
  (SELECT id FROM people_person ORDER BY id LIMIT 1) AS person
"""
TRACKS = """
INSERT INTO sla_track (ticket_id, policy_id, spells, asks)
SELECT id, %(policy)s, jsonb_build_array(jsonb_build_array(to_char(at AT TIME ZONE 'UTC', %(iso)s), 'open')), '[]'
FROM (SELECT id, %(at)s::timestamptz AS at FROM tickets_ticket) AS t
"""
RUNNING = """
INSERT INTO sla_clock (ticket_id, kind, policy_id, minutes, started_at, due_at, state, pauses, used_seconds, next_at, done)
SELECT ticket_id, 'resolution', %(policy)s, %(minutes)s, %(at)s::timestamptz, due, 'running', '[]', 0, due, '{}'
FROM (SELECT ticket_id, %(at)s::timestamptz + %(minutes)s * interval '1 minute' AS due FROM sla_track) AS t
"""
STARTED = """
UPDATE sla_track
SET spells = jsonb_build_array(jsonb_build_array(to_char(%(at)s::timestamptz AT TIME ZONE 'UTC', %(iso)s), 'open'))
WHERE ticket_id = %(ticket)s
"""
DUE = """
UPDATE sla_clock SET started_at = %(at)s, due_at = %(due)s, next_at = %(due)s WHERE ticket_id = %(ticket)s
"""
NOTICED = """
SELECT extract(epoch FROM at - (data ->> 'due')::timestamptz)::float FROM events_event
WHERE kind = 'sla.breached' AND ticket_id = ANY(%s)
"""
ISO = 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'
MINUTES = 60 * 24 * 30


def main() -> None:
    clocks = int(sys.argv[1]) if sys.argv[1:] else CLOCKS
    report = Report()
    with desk() as one:
        start(one)
        watch = Watch(one)
        watch.settle()
        time.sleep(20)
        report.tell("idle_minute_without_clocks", watch.idle_minute())
        tickets = fill(one.dsn, clocks)
        watch.settle()
        time.sleep(20)
        report.tell("idle_minute_with_clocks", watch.idle_minute())
        report.tell("clocks_running", float(clocks), "clocks")
        delays(report, "one_by_one", one.dsn, tickets[:SOON], spread=40.0)
        delays(report, "in_one_second", one.dsn, tickets[SOON : SOON + BURST], spread=0.0)
    print(f"\n{report.table()}")


def start(one: Desk) -> None:
    os.environ.update(one.env)
    one.start()
    from towerdesk.cli.session import set_up_django

    set_up_django()
    from towerdesk.accounts.models import Team
    from towerdesk.channels.models import Inbox
    from towerdesk.lib.actor import CLOCK
    from towerdesk.people.find import person_for
    from towerdesk.sla.save import Plan, save_policy

    team = Team.objects.create(name="Bench", slug="bench")
    Inbox.objects.create(name="Bench", address="bench@example.com", team=team)
    person_for("somebody@example.com", "Somebody")
    save_policy(None, Plan("Bench", targets={"resolution": {"normal": MINUTES}}), by=CLOCK)


def fill(address: str, most: int) -> list[int]:
    """A clock on every ticket, due within a month; returns the tickets' numbers."""
    with psycopg.connect(address, autocommit=True) as link:
        row = link.execute("SELECT id FROM sla_policy").fetchone()
        values = {
            "policy": row[0] if row else 0,
            "iso": ISO,
            "at": datetime.now(UTC) - timedelta(days=10),
            "most": most,
            "minutes": MINUTES,
        }
        link.execute(TICKETS, values)
        link.execute(TRACKS, values)
        link.execute(RUNNING, values)
        link.execute("VACUUM ANALYZE sla_clock")
        link.execute("VACUUM ANALYZE tickets_ticket")
        return [number for (number,) in link.execute("SELECT ticket_id FROM sla_clock ORDER BY random()").fetchall()]


def delays(report: Report, name: str, address: str, tickets: list[int], *, spread: float) -> None:
    """Bring some clocks close to their end, as their own row and track say it, and see when the log says that they broke."""
    first = datetime.now(UTC) + timedelta(seconds=5)
    with psycopg.connect(address, autocommit=True) as link:
        for at, ticket in enumerate(tickets):
            due = first + timedelta(seconds=spread * at / len(tickets))
            values = {"ticket": ticket, "due": due, "at": due - timedelta(minutes=MINUTES), "iso": ISO}
            link.execute(STARTED, values)
            link.execute(DUE, values)
        link.execute("SELECT pg_notify('towerdesk_deadline', %s)", [str(first.timestamp())])
        time.sleep(spread + 20)
        found = sorted(row[0] for row in link.execute(NOTICED, [tickets]).fetchall())
    report.tell(f"breaches_{name}", float(len(found)), "breaches")
    if len(found) == len(tickets):
        report.tell(f"noticed_{name}_median", statistics.median(found), "s")
        report.tell(f"noticed_{name}_latest", found[-1], "s", goal=5)


if __name__ == "__main__":
    main()
