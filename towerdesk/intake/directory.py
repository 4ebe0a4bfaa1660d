"""Which recipients are ours, known to the SMTP door without a question to the database for each mail."""

import asyncio
import time

from towerdesk.intake.links import Link, Links
from towerdesk.lib.text import plain_address

GOOD_FOR = 5.0  # seconds before the list is read again
MISSED = 0.5  # seconds that one who asks for an unknown address waits for a newer list: a new inbox is known at once
ASK = """
SELECT id, address, settings @> '{"catch_all": true}' FROM channels_inbox WHERE channel = 'email' ORDER BY id
"""


class Directory:
    def __init__(self, links: Links) -> None:
        self.links = links
        self.inboxes: dict[str, int] = {}
        self.domains: dict[str, int] = {}
        self.for_all: int | None = None
        self.read_at = float("-inf")

    async def find(self, address: str) -> int | None:
        """The inbox for a recipient: its own, else the first one of its domain, else the one for all; None: not ours.

        While the database is away the list that was read last serves on; raises `Away` when there is none.
        """
        if time.monotonic() - self.read_at > GOOD_FOR:
            await self._refresh()
        wanted = plain_address(address)
        found = self._look_up(wanted)
        if found is None:
            await asyncio.sleep(max(0.0, self.read_at + MISSED - time.monotonic()))
            await self._refresh()
            found = self._look_up(wanted)
        return found

    def _look_up(self, wanted: str) -> int | None:
        return self.inboxes.get(wanted) or self.domains.get(wanted.rpartition("@")[2]) or self.for_all

    async def _refresh(self) -> None:
        try:
            rows = await self.links.run(_ask)
        except Exception:
            if not self.inboxes:
                raise
            return
        self.inboxes = {plain_address(address): number for number, address, _ in reversed(rows)}
        self.for_all = next((number for number, _, takes_all in rows if takes_all), None)
        self.domains = {address.rpartition("@")[2]: number for address, number in self.inboxes.items()}
        self.read_at = time.monotonic()


async def _ask(link: Link) -> list[tuple[int, str, bool]]:
    return list(await (await link.execute(ASK)).fetchall())
