"""Does it add up? For every inbox: seen = stored = on tickets + bounces + set aside + failed + not read yet."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Sum

from towerdesk.channels.models import Inbox
from towerdesk.intake.models import Cursor, Raw


@dataclass(frozen=True, slots=True)
class Counts:
    stored: int
    on_tickets: int
    bounces: int
    set_aside: int
    failed: int
    waiting: int  # stored, not read yet
    seen_on_server: int  # by IMAP
    stored_by_imap: int

    @property
    def adds_up(self) -> bool:
        ended = self.on_tickets + self.bounces + self.set_aside + self.failed + self.waiting
        return self.stored == ended and self.seen_on_server == self.stored_by_imap


def counts(inbox: Inbox) -> Counts:
    rows = Raw.objects.filter(inbox=inbox).values_list("state", "door").annotate(number=Count("pk"))
    by_state: Counter[str] = Counter()
    by_door: Counter[str] = Counter()
    for state, door, number in rows:
        by_state[state] += number
        by_door[door] += number
    return Counts(
        stored=by_state.total(),
        on_tickets=by_state["ticket"] + by_state["message"],
        bounces=by_state["bounce"],
        set_aside=by_state["set_aside"],
        failed=by_state["failed"],
        waiting=by_state["stored"],
        seen_on_server=Cursor.objects.filter(inbox=inbox).aggregate(total=Sum("seen"))["total"] or 0,
        stored_by_imap=by_door["imap"],
    )
