"""How the desk stands at this moment, in one query of small counts."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import connection

STUCK = timedelta(hours=1)
"""What arrived may be unread for so long before it counts as lost sight of."""

STANDS = """
SELECT
  (SELECT count(*) FROM intake_raw),
  (SELECT count(*) FROM intake_raw WHERE state = 'failed'),
  (SELECT count(*) FROM intake_raw WHERE state = 'stored' AND arrived_at < %(stuck)s),
  (SELECT count(*) FROM tickets_ticket WHERE status IN ('new', 'open', 'pending', 'hold')),
  (SELECT count(*) FROM tickets_ticket WHERE status IN ('new', 'open', 'pending', 'hold') AND due_at < %(at)s
     AND assignee_id IS NULL),
  (SELECT count(*) FROM sla_policy WHERE active),
  (SELECT count(*) FROM automation_rule WHERE active),
  (SELECT count(*) FROM automation_route WHERE active),
  (SELECT count(*) FROM automation_macro WHERE active),
  (SELECT count(*) FROM knowledge_article WHERE status = 'published'),
  (SELECT count(*) FROM tickets_intent WHERE active),
  (SELECT count(*) FROM tickets_intent WHERE active AND level NOT IN ('off', 'shadow')),
  (SELECT count(*) FROM tickets_intent WHERE active AND level IN ('pause', 'send')),
  (SELECT count(DISTINCT coalesce(licence.intent_id, member.intent_id)) FROM assistant_licence AS licence
    LEFT JOIN assistant_licence_members AS member ON member.licence_id = licence.id
    WHERE licence.ended_at IS NULL AND licence.expires_at > %(at)s)
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """In the order of `STANDS`."""

    arrived: int
    failed: int
    stuck: int
    waiting: int
    hidden: int  # waiting, late, and in nobody's hands
    policies: int
    rules: int
    routes: int
    macros: int
    articles: int
    intents: int
    suggesting: int
    meant_to_send: int
    licences: int


def read_standing(at: datetime) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(STANDS, {"at": at, "stuck": at - STUCK})
        row = cursor.fetchone() or [0] * len(fields(Standing))
    return Standing(*row)
