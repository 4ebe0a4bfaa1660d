"""Seal one decision: a record of everything that went into it, chained to the one before by its hash."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from towerdesk.assistant.models import Receipt, Run
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.rows import insert
from towerdesk.lib.statements import Statement

CHAIN_LOCK = 0x7D_5EA1
"""Receipts are chained one after the other: PostgreSQL's advisory lock of this number holds the order."""
HOLD_THE_CHAIN = Statement("SELECT pg_advisory_xact_lock(%s)")


def seal(run: Run, body: dict[str, Any]) -> Receipt:
    """Call inside the transaction that stores the run; the lock is released with it."""
    return insert(receipt_of(run, body))


def receipt_of(run: Run, body: dict[str, Any]) -> Receipt:
    """To be written before anything else is asked: it is the chain's next, and the chain is held until then."""
    HOLD_THE_CHAIN.ask([CHAIN_LOCK])
    previous = next(iter(_newest()), "")
    return Receipt(run=run, at=now(), body=body, previous=previous, chain=link(previous, body))


@compiled
def _newest() -> "QuerySet[Receipt, str]":
    return Receipt.objects.order_by("-id").values_list("chain", flat=True)[:1]


def link(previous: str, body: dict[str, Any]) -> str:
    """Hex SHA-256 over the previous link and the body as canonical JSON (sorted keys, no spaces, RFC 8785 in spirit)."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`head` is the newest link; `broken` the first receipt that does not hold, with a sentence; None when all do."""

    count: int
    head: str
    broken: Receipt | None = None
    sentence: str = ""


def verify(expect: str = "") -> Verdict:
    """Walk the whole chain. `expect` is a head that was written down elsewhere: it must still be in the chain.

    Without one, receipts that were cut off at the end can't be missed: what is left is a whole chain.
    """
    previous, count, seen = "", 0, not expect
    for receipt in Receipt.objects.order_by("id").iterator():
        if sentence := _what_is_wrong(receipt, previous):
            return Verdict(count, previous, receipt, sentence)
        previous, count = receipt.chain, count + 1
        seen |= receipt.chain == expect
    if not seen:
        return Verdict(count, previous, None, f"The link {expect[:12]}… is not in the chain: receipts were cut off")
    return Verdict(count, previous)


def _what_is_wrong(receipt: Receipt, previous: str) -> str:
    if receipt.previous != previous:
        return f"Receipt {receipt.pk} does not follow the one before it: one was taken out, put in or moved"
    if receipt.chain != link(previous, receipt.body):
        return f"Receipt {receipt.pk} of run {receipt.run_id} was changed after it was sealed"
    return ""


def broken_link() -> Receipt | None:
    """The first receipt whose body or place in the chain was tampered with; None when all hold."""
    return verify().broken


def export() -> Iterator[dict[str, Any]]:
    """Everything that checking the chain elsewhere needs, oldest first."""
    for receipt in Receipt.objects.order_by("id").iterator():
        at = receipt.at.isoformat()
        yield {"id": receipt.pk, "at": at, "previous": receipt.previous, "chain": receipt.chain, "body": receipt.body}
