"""Which recipients are ours, known to the SMTP door without a question to the database for each mail."""

import time

from towerdesk.intake.links import Link, Links
from towerdesk.lib.text import plain_address

GOOD_FOR = 5.0  # seconds before the list is read again; a new inbox is found at once
ASK = "SELECT id, address FROM channels_inbox WHERE channel = 'email' ORDER BY id"


class Directory:
    def __init__(self, links: Links) -> None:
        self.links = links
        self.inboxes: dict[str, int] = {}
        self.domains: dict[str, int] = {}
        self.read_at = float("-inf")

    async def find(self, address: str) -> int | None:
        """The inbox for a recipient: its own, else the first one of its domain; None when it is not ours.

        While the database is away the list that was read last serves on; raises `Away` when there is none.
        """
        if time.monotonic() - self.read_at > GOOD_FOR:
            await self._refresh()
        wanted = plain_address(address)
        if wanted not in self.inboxes and time.monotonic() - self.read_at > 0.5:
            await self._refresh()
        return self.inboxes.get(wanted) or self.domains.get(wanted.rpartition("@")[2])

    async def _refresh(self) -> None:
        try:
            rows = await self.links.run(_ask)
        except Exception:
            if not self.inboxes:
                raise
            return
        self.inboxes = {plain_address(address): number for number, address in reversed(rows)}
        self.domains = {address.rpartition("@")[2]: number for address, number in self.inboxes.items()}
        self.read_at = time.monotonic()


async def _ask(link: Link) -> list[tuple[int, str]]:
    return list(await (await link.execute(ASK)).fetchall())
