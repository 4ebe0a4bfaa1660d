"""What every mail writes stands in no index that another one makes needless (decision 0056)."""

from django.db import connection

WRITTEN_BY_EVERY_MAIL = [
    "assistant_receipt",
    "assistant_run",
    "events_event",
    "intake_raw",
    "people_identity",
    "people_person",
    "sla_clock",
    "sla_track",
    "tickets_message",
    "tickets_ticket",
]
CONTAINED = """
SELECT small.indexrelid::regclass::text, large.indexrelid::regclass::text
FROM pg_index AS small JOIN pg_index AS large ON large.indrelid = small.indrelid AND large.indexrelid <> small.indexrelid
JOIN pg_class AS kind ON kind.oid = small.indexrelid JOIN pg_class AS other ON other.oid = large.indexrelid
WHERE small.indrelid = ANY (%s::regclass[]) AND NOT small.indisunique AND small.indpred IS NULL AND kind.relam = other.relam
AND small.indexprs IS NULL AND large.indexprs IS NULL AND large.indpred IS NULL
AND (large.indkey::int2[])[0:small.indnkeyatts - 1] = (small.indkey::int2[])[0:small.indnkeyatts - 1]
"""


def test_no_index_is_contained_in_another_one(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CONTAINED, [WRITTEN_BY_EVERY_MAIL])
        assert cursor.fetchall() == []
