"""`store.store` for the SMTP door: the same rows and the same job, in one statement and without Django.

A test holds that both write the same; whoever changes one changes the other.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now

FOLLOW = "towerdesk.flow.follow"  # as in events.record, which needs Django
FOLLOWER = "accept"
STORE = """
WITH raw AS (
  INSERT INTO intake_raw
    (inbox_id, door, arrived_at, content, size, digest, envelope, state, reason, auto, subject, sender)
  VALUES (%(inbox)s, %(door)s, %(at)s, %(content)b, %(size)s, %(digest)s, %(envelope)s, 'stored', '', '', '', '')
  RETURNING id
), event AS (
  INSERT INTO events_event (at, kind, subject_id, actor_kind, actor_name, data)
  SELECT %(at)s, 'raw.arrived', id, %(actor_kind)s, %(actor_name)s, %(data)s FROM raw
  RETURNING id, subject_id
), job AS (
  SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', %(task)s, 0, %(lock)s, NULL,
    jsonb_build_object('event', event.id, 'follower', %(follower)s::text), NULL)::procrastinate_job_to_defer_v1])
  FROM event
)
SELECT event.subject_id FROM event, job
"""

type Arrival = tuple[int, dict[str, Any]]
"""The id of an inbox, and the envelope as that inbox sees it."""


async def store_fast(
    link: AsyncConnection[Any], content: bytes, arrivals: Sequence[Arrival], *, door: str
) -> list[int]:
    """Keep one mail for each inbox that it is for, all or none; return the ids of the raws. `link` is in autocommit."""
    digest = hashlib.sha256(content).hexdigest()
    if len(arrivals) == 1:
        return [await _store(link, content, digest, *arrivals[0], door)]
    async with link.transaction():
        return [await _store(link, content, digest, *arrival, door) for arrival in arrivals]


async def _store(
    link: AsyncConnection[Any], content: bytes, digest: str, inbox: int, envelope: dict[str, Any], door: str
) -> int:
    values = {
        "inbox": inbox,
        "door": door,
        "at": now(),
        "content": content,
        "size": len(content),
        "digest": digest,
        "envelope": Jsonb(envelope),
        "actor_kind": CLOCK.kind,
        "actor_name": CLOCK.name,
        "data": Jsonb({"inbox": inbox, "door": door}),
        "task": FOLLOW,
        "lock": f"inbox:{inbox}",
        "follower": FOLLOWER,
    }
    row = await (await link.execute(STORE, values)).fetchone()
    return int(row[0]) if row else 0
