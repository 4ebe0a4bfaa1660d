"""Seal one decision: a record of everything that went into it, chained to the one before by its hash."""

import hashlib
import json
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from towerdesk.assistant.models import Receipt, Run
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.rows import insert

CHAIN_LOCK = 0x7D_5EA1
"""Receipts are chained one after the other: PostgreSQL's advisory lock of this number holds the order."""


def seal(run: Run, body: dict[str, Any]) -> Receipt:
    """Call inside the transaction that stores the run; the lock is released with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    previous = next(iter(_newest()), "")
    return insert(Receipt(run=run, at=now(), body=body, previous=previous, chain=link(previous, body)))


@compiled
def _newest() -> "QuerySet[Receipt, str]":
    return Receipt.objects.order_by("-id").values_list("chain", flat=True)[:1]


def link(previous: str, body: dict[str, Any]) -> str:
    """Hex SHA-256 over the previous link and the body as canonical JSON (sorted keys, no spaces, RFC 8785 in spirit)."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def broken_link() -> Receipt | None:
    """The first receipt whose body or place in the chain was tampered with; None when all hold."""
    previous = ""
    for receipt in Receipt.objects.order_by("id").iterator():
        if receipt.previous != previous or receipt.chain != link(previous, receipt.body):
            return receipt
        previous = receipt.chain
    return None
