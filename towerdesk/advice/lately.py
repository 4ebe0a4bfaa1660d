"""How often each category, tag, field and form was used lately: one query over the newest tickets."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

MOST = 20_000
"""At most so many tickets are looked at, the last touched ones: a larger desk shows its habits in these."""

COUNT = """
WITH lately AS MATERIALIZED (
  SELECT id, intent_id, type, product_area, priority, form, tags, fields FROM tickets_ticket
  WHERE updated_at >= %(since)s AND created_at >= %(since)s ORDER BY updated_at DESC LIMIT %(most)s
), said AS (
  SELECT form, key FROM lately, jsonb_each(fields) AS filled(key, value) WHERE value NOT IN ('null', '""', '[]')
)
SELECT 'first', '', min(id) FROM lately
UNION ALL SELECT 'all', '', count(*) FROM lately
UNION ALL SELECT 'intent', slug, count(*) FROM lately JOIN tickets_intent i ON i.id = intent_id GROUP BY slug
UNION ALL SELECT 'type', type, count(*) FROM lately GROUP BY type
UNION ALL SELECT 'area', product_area, count(*) FROM lately WHERE product_area <> '' GROUP BY product_area
UNION ALL SELECT 'priority', priority, count(*) FROM lately GROUP BY priority
UNION ALL SELECT 'form', form, count(*) FROM lately WHERE form <> '' GROUP BY form
UNION ALL SELECT 'tag', tag, count(*) FROM lately, unnest(tags) AS tag GROUP BY tag
UNION ALL SELECT 'field', key, count(*) FROM said GROUP BY key
UNION ALL SELECT 'asked', form || ' ' || key, count(*) FROM said WHERE form <> '' GROUP BY form, key
UNION ALL SELECT 'late', '', count(*) FROM tickets_ticket
  WHERE status IN ('new', 'open', 'pending', 'hold') AND due_at < %(long_ago)s
"""


@dataclass(slots=True)
class Lately:
    """`used` maps a list (or `field`, `form`, `asked`: form and field with a space between) to its keys' tickets."""

    total: int = 0
    first: int = 0  # number of the earliest ticket among them
    late: int = 0  # waiting tickets that were due before `long_ago`, whatever their age
    used: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))


def read_lately(since: datetime, long_ago: datetime) -> Lately:
    found = Lately()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"since": since, "long_ago": long_ago, "most": MOST})
        for what, key, count in cursor.fetchall():
            if what == "all":
                found.total = count
            elif what == "first":
                found.first = count or 0
            elif what == "late":
                found.late = count
            else:
                found.used[what][key] = count
    return found
