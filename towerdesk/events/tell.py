"""Tell open pages of something that passes and is not worth an event. It is heard once it is committed, or never."""

import json

from django.db import connection

CHANNEL = "towerdesk_events"
"""The same that the log's trigger speaks on; `id` 0 says that there is nothing in the log about it."""


def tell(kind: str, ticket: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"id": 0, "kind": kind, "ticket": ticket})])
