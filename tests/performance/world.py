"""Fill a desk with finished tickets: three messages each, with their events, arrivals, runs and facts.

Rows go straight into the tables, since living through 100,000 tickets by verbs would take hours. Three in ten still
wait, whatever the size: a larger desk has more of everything. The world only grows, so one desk serves all sizes.
"""

from datetime import UTC, datetime

import psycopg

from tests.performance.words import Words

FIRST = 1001
MESSAGES = 3
PEOPLE_PER_TICKET = 5  # tickets of one person

TICKETS = """
INSERT INTO tickets_ticket (id, subject, status, priority, type, intent_id, product_area, team_id, assignee_id, handler,
  requester_id, organisation_id, inbox_id, language, mood, tags, fields, step_kind, next_step, due_at, score,
  score_proven, created_at, updated_at, first_reply_at, resolved_at, resolution, resolution_note, resolved_by, known_by)
SELECT t.id, t.subject, status, (ARRAY['normal','normal','normal','low','high','critical'])[1 + floor(r2 * 6)],
  'question', pick(%(intents)s, r3), '', pick(%(teams)s, r4), CASE WHEN r5 < 0.5 THEN pick(%(agents)s, r6) END, 'person',
  %(person)s + (t.id - %(first)s) / %(share)s, NULL, pick(%(inboxes)s, r4), 'en', '',
  CASE WHEN r6 < 0.2 THEN ARRAY['invoice'] ELSE '{}' END, '{}',
  step, CASE WHEN step = 'none' THEN '' ELSE 'Someone answers the customer' END,
  CASE WHEN step = 'none' THEN NULL WHEN step IN ('answer', 'approve') THEN now() + (r2 * 30 - 6) * interval '1 hour'
       ELSE now() + (1 + r2 * 4) * interval '1 day' END,
  round(r3::numeric, 2), false, t.at, t.at + interval '2 hours', t.at + interval '1 hour',
  CASE WHEN status IN ('resolved', 'closed') THEN t.at + interval '2 hours' END,
  CASE WHEN status IN ('resolved', 'closed') THEN 'solved' ELSE '' END, '',
  CASE WHEN status IN ('resolved', 'closed') THEN 'agent' ELSE '' END,
  CASE WHEN status IN ('resolved', 'closed') THEN 'assumed' ELSE '' END
FROM (
  SELECT fresh.*, CASE WHEN r1 >= 0.35 THEN 'closed' WHEN r1 >= 0.30 THEN 'resolved'
    WHEN r1 >= 0.15 THEN 'open' WHEN r1 >= 0.05 THEN 'pending' ELSE 'hold' END AS status,
    CASE WHEN r1 >= 0.35 THEN 'none' WHEN r1 >= 0.30 THEN 'close' WHEN r1 >= 0.18 THEN 'answer'
    WHEN r1 >= 0.15 THEN 'approve' WHEN r1 >= 0.05 THEN 'customer' ELSE 'others' END AS step FROM fresh
) AS t
"""
MESSAGES_OF = """
INSERT INTO tickets_message (ticket_id, direction, public, author_kind, author_id, author_name, person_id, channel,
  subject, text, visible, html, auto, trust, sender, "to", cc, message_id, external_key, delivery, delivery_note,
  warrant, created_at, sent_at)
SELECT t.id, CASE WHEN said.n = 1 THEN 'out' ELSE 'in' END, true, CASE WHEN said.n = 1 THEN 'agent' ELSE 'customer' END,
  CASE WHEN said.n = 1 THEN t.assignee_id ELSE t.requester_id END,
  CASE WHEN said.n = 1 THEN 'Somebody here' ELSE p.name END, CASE WHEN said.n <> 1 THEN t.requester_id END, 'email',
  t.subject, said.text, said.text, '', '', '{"verified": true}',
  CASE WHEN said.n <> 1 THEN 'person' || t.requester_id || '@example.com' ELSE '' END, '[]', '[]',
  t.id || '.' || said.n || '@example.com', CASE WHEN said.n <> 1 THEN md5(t.id || '.' || said.n) END,
  CASE WHEN said.n = 1 THEN 'sent' ELSE '' END, '', '', t.created_at + said.n * interval '1 hour',
  CASE WHEN said.n = 1 THEN t.created_at + said.n * interval '1 hour' END
FROM said JOIN tickets_ticket AS t ON t.id = said.ticket JOIN people_person AS p ON p.id = t.requester_id
ORDER BY t.created_at
"""
PEOPLE = """
INSERT INTO people_person (id, name, language, note, created_at)
SELECT id, 'Person ' || id, 'en', '', now() FROM generate_series(%(from)s::bigint, %(to)s) AS id
ON CONFLICT DO NOTHING;
"""
IDENTITIES = """
INSERT INTO people_identity (person_id, kind, value, verified, created_at)
SELECT id, 'email', 'person' || id || '@example.com', false, now() FROM generate_series(%(from)s::bigint, %(to)s) AS id
ON CONFLICT DO NOTHING;
"""
ARRIVALS = """
INSERT INTO intake_raw (inbox_id, door, arrived_at, content, size, digest, envelope, state, reason, auto, subject,
  sender, message_id, ticket_id, done_at)
SELECT t.inbox_id, 'smtp', m.created_at, convert_to(m.text, 'UTF8'), length(m.text), md5(m.text) || md5(m.subject), '{}',
  CASE WHEN m.created_at = t.created_at THEN 'ticket' ELSE 'message' END, '', '', m.subject, m.sender, m.id, t.id,
  m.created_at
FROM tickets_message AS m JOIN tickets_ticket AS t ON t.id = m.ticket_id
WHERE m.direction = 'in' AND t.id BETWEEN %(from)s AND %(to)s
"""
EVENTS = """
INSERT INTO events_event (at, kind, ticket_id, subject_id, actor_kind, actor_id, actor_name, data)
SELECT * FROM (
  SELECT created_at AS at, 'ticket.opened', id AS ticket, NULL::bigint, 'customer', requester_id, 'Person ' || requester_id,
    jsonb_build_object('inbox', inbox_id, 'team', 'Orders', 'team_id', team_id, 'priority', priority, 'channel', 'email',
      'requester_id', requester_id)
  FROM tickets_ticket WHERE id BETWEEN %(from)s AND %(to)s
  UNION ALL
  SELECT created_at, CASE WHEN direction = 'in' THEN 'message.received' ELSE 'message.queued' END, ticket_id, id,
    author_kind, author_id, author_name, jsonb_build_object('channel', 'email', 'auto', false, 'first', false)
  FROM tickets_message WHERE ticket_id BETWEEN %(from)s AND %(to)s
  UNION ALL
  SELECT resolved_at, 'ticket.resolved', id, NULL, 'agent', assignee_id, 'Somebody here',
    jsonb_build_object('kind', 'solved', 'note', 'Answered', 'known_by', 'assumed')
  FROM tickets_ticket WHERE id BETWEEN %(from)s AND %(to)s AND resolved_at IS NOT NULL
) AS happened ORDER BY at
"""
RUNS = """
INSERT INTO assistant_run (ticket_id, message_id, at, kind, state, outcome, intent_id, intent_probability, score, parts,
  summary, reply, grounded, evidence, checks, steps, why, fingerprint, eligible, named, cost, milliseconds)
SELECT t.id, m.id, m.created_at, 'answer', CASE WHEN t.step_kind = 'approve' THEN 'open' ELSE 'done' END, 'draft',
  t.intent_id, 0.8, coalesce(t.score, 0), '{"intent": 0.8, "match": 0.7, "calm": 1.0}', left(m.text, 200),
  'Hello,' || chr(10) || chr(10) || left(m.text, 300),
  jsonb_build_array(jsonb_build_object('text', left(m.text, 300), 'source', 0, 'start', 0, 'end', 300,
  'support', 1.0)), jsonb_build_array(jsonb_build_object('kind', 'article', 'id', 1, 'version', 1, 'chunk', 1, 'slug', 'a',
  'title', 'An article', 'heading', 'About it', 'quote', left(m.text, 300), 'score', 0.8)),
  '[{"name": "Sources cover the reply", "ok": true, "score": 1.0, "sentence": "Each sentence rests on an article"}]',
  '[{"name": "Understood", "sentence": "A question", "milliseconds": 20}]', '', 'world', true, '[]', 0, 40
FROM tickets_ticket AS t JOIN LATERAL (
  SELECT id, created_at, text FROM tickets_message WHERE ticket_id = t.id AND direction = 'in' ORDER BY id LIMIT 1
) AS m ON true WHERE t.id BETWEEN %(from)s AND %(to)s
"""
FACTS = """
INSERT INTO insights_ticketfact (ticket_id, opened_at, team, intent, channel, priority, requester_id, first_reply_at,
  first_reply_by, resolved_at, resolved_by, known_by, closed_at, reopened, replies_person, replies_assistant, touches,
  agent_minutes, model_cost, recontact, merged)
SELECT id, created_at, 'Orders', '', 'email', priority, requester_id, first_reply_at, 'agent', resolved_at, resolved_by,
  known_by, NULL, 0, 1, 0, 2, 6.0, 0, false, false FROM tickets_ticket WHERE id BETWEEN %(from)s AND %(to)s
"""
FOLDED = """
INSERT INTO insights_progress (name, event_id) SELECT 'tickets', max(id) FROM events_event
ON CONFLICT (name) DO UPDATE SET event_id = excluded.event_id
"""
SLOW_TO_FILL = "message_search"
"""This index is made again afterwards: filling it row by row takes several times as long."""


def grow(address: str, size: int) -> None:
    """Until the world holds `size` tickets. The company (teams, inboxes, intents) must be there already."""
    with psycopg.connect(address, autocommit=True) as link:
        there = link.execute("SELECT count(*) FROM tickets_ticket WHERE id >= %s", [FIRST]).fetchone()
        first = FIRST + (there[0] if there else 0)
        if first < FIRST + size:
            _fill(link, first, FIRST + size - 1)


def _fill(link: "psycopg.Connection[tuple[object, ...]]", first: int, last: int) -> None:
    values = _company(link) | {"from": first, "to": last, "first": FIRST, "share": PEOPLE_PER_TICKET}
    values["person"] = 1_000_000
    people = {name: 1_000_000 + (values[name] - FIRST) // PEOPLE_PER_TICKET for name in ("from", "to")}
    index = link.execute("SELECT pg_get_indexdef(%s::regclass)", [SLOW_TO_FILL]).fetchone()
    link.execute("SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'")
    link.execute("ALTER TABLE events_event DISABLE TRIGGER USER")
    link.execute(f"DROP INDEX {SLOW_TO_FILL}")
    _say(link, first, last)
    for statement, its in (
        (PEOPLE, people),
        (IDENTITIES, people),
        (TICKETS, values),
        (MESSAGES_OF, values),
        (ARRIVALS, values),
        (EVENTS, values),
        (RUNS, values),
        (FACTS, values),
        (FOLDED, None),
    ):
        link.execute(statement, its)
    link.execute(str(index[0]) if index else "")
    link.execute("ALTER TABLE events_event ENABLE TRIGGER USER")
    link.execute("SELECT setval(pg_get_serial_sequence('tickets_ticket', 'id'), %s)", [last])
    link.execute("SELECT setval(pg_get_serial_sequence('people_person', 'id'), %s)", [people["to"]])
    link.execute("DROP TABLE fresh, said; DROP FUNCTION pick")
    link.execute("VACUUM ANALYZE")


def _company(link: "psycopg.Connection[tuple[object, ...]]") -> dict[str, object]:
    tables = {
        "teams": "accounts_team",
        "agents": "accounts_user",
        "inboxes": "channels_inbox",
        "intents": "tickets_intent",
    }
    return {
        name: [row[0] for row in link.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()]  # noqa: S608
        for name, table in tables.items()
    }


def _say(link: "psycopg.Connection[tuple[object, ...]]", first: int, last: int) -> None:
    """What is said on each ticket, and the dice that decide about the rest."""
    number, words = last - first + 1, Words(seed=first)
    link.execute(
        "CREATE FUNCTION pick(bigint[], float) RETURNS bigint LANGUAGE sql AS 'SELECT $1[1 + floor($2 * cardinality($1))]'"
    )
    link.execute("CREATE TABLE said (ticket bigint, n int, text text); CREATE TABLE subjects (id bigint, subject text)")
    with link.cursor().copy("COPY subjects FROM STDIN") as copy:
        for at, subject in enumerate(words.texts(number, least=3, most=8)):
            copy.write_row((first + at, subject))
    with link.cursor().copy("COPY said FROM STDIN") as copy:
        for at, text in enumerate(words.texts(number * MESSAGES, least=20, most=100)):
            copy.write_row((first + at // MESSAGES, at % MESSAGES, text + "."))
    link.execute("SELECT setseed(0.5)")
    link.execute(
        "CREATE TABLE fresh AS SELECT *, random() AS r1, random() AS r2, random() AS r3, random() AS r4, random() AS r5,"
        " random() AS r6, %s - interval '3 hours' - power(random(), 2) * interval '700 days' AS at FROM subjects",
        [datetime.now(UTC)],
    )
    link.execute("DROP TABLE subjects; ANALYZE said; ANALYZE fresh")


def rare_and_common(address: str, number: int = 20) -> tuple[list[str], list[str]]:
    """Words in a handful of messages each, and words in at least one in ten."""
    with psycopg.connect(address, autocommit=True) as link:
        link.execute("SET statement_timeout = '120s'")
        sample = "SELECT search FROM tickets_message TABLESAMPLE SYSTEM (20)"
        link.execute(f"CREATE TEMP TABLE words AS SELECT word, ndoc FROM ts_stat('{sample}')")  # noqa: S608
        link.execute("CREATE INDEX ON words (ndoc)")
        most = link.execute("SELECT max(ndoc) FROM words").fetchone()
        share = (most[0] if most else 0) // 8
        rare = "SELECT word FROM words WHERE ndoc BETWEEN 1 AND 4 AND word ~ '^[a-z]{5,}$' ORDER BY word LIMIT %s"
        common = "SELECT word FROM words WHERE ndoc > %s AND word ~ '^[a-z]{3,}$' ORDER BY ndoc DESC LIMIT %s"
        return (
            [row[0] for row in link.execute(rare, [number]).fetchall()],
            [row[0] for row in link.execute(common, [share, number]).fetchall()],
        )
