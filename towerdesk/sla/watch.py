"""Sleep until the next deadline, and not a moment of CPU before: the worker's lookout for breaches."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg

from towerdesk.lib.ears import Ears
from towerdesk.sla.wake import CHANNEL

LONGEST = 300.0  # seconds of sleep: a clock that was set back, or a wake that was lost, costs no more
NEXT = "SELECT extract(epoch FROM min(next_at))::float FROM sla_clock WHERE next_at IS NOT NULL"
AGAIN, MOST = 0.25, 4.0  # seconds between looks while something is due and not yet done, growing


async def watch(link: "psycopg.AsyncConnection[Any]", something_is_due: Callable[[], Awaitable[None]]) -> None:
    """Runs for as long as the connection lives. `link` is in autocommit and used for nothing else.

    One index probe when it begins, when a deadline has come, and each five minutes; a new deadline that is earlier than
    the one slept for is heard from the transaction that made it.
    """
    ears = Ears(link)
    await ears.listen(CHANNEL)
    told, pause = 0.0, AGAIN
    while True:
        row = await (await link.execute(NEXT)).fetchone()
        until = row[0] if row and row[0] is not None else None
        if until is not None and until <= time.time():
            pause = min(2 * pause, MOST) if until == told else AGAIN
            if until == told:
                await asyncio.sleep(pause)
            told = until
            await something_is_due()
            continue
        await _sleep(ears, until)


async def _sleep(ears: Ears, until: float | None) -> None:
    """Until then, or until an earlier deadline is announced."""
    end = time.time() + LONGEST
    wake_at = end if until is None else min(until, end)
    while (left := wake_at - time.time()) > 0:
        for said in await ears.hear(within=left):
            wake_at = min(wake_at, float(said.payload))
