"""Ask for the lists of channels that nobody calls, such as feeds: what is new becomes an arrival, once."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q

from towerdesk.channels.account import account_of
from towerdesk.channels.contract import Account, NotFetched
from towerdesk.channels.listing import Beginning, Entry, Listed, Listing, Mark
from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel
from towerdesk.channels.trouble import in_trouble, out_of_trouble
from towerdesk.events.queue import defer
from towerdesk.intake.models import Poll
from towerdesk.intake.store import store_pieces
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble

LIST = "towerdesk.flow.ask_list"
LONGEST = timedelta(hours=6)
"""However long a server was in trouble, it is asked again after this."""
AT_MOST = timedelta(minutes=10)
"""No second job is made for so long: the first one says itself when the next time is."""
MOST_PASSED = 2000
A_DAY = timedelta(days=1)

log = structlog.get_logger()


def ask_due() -> int:
    """Run by the clock: a job for each list whose time has come, or that somebody has connected anew. How many."""
    due = 0
    for inbox in Inbox.objects.filter(channel__in=_channels(), paused=False).order_by("pk"):
        Poll.objects.get_or_create(inbox=inbox)
        with transaction.atomic():
            connected_anew = Q(failures__gt=0, inbox__trouble="")
            ready = Poll.objects.filter(Q(due_at__lte=now()) | connected_anew, inbox=inbox)
            mine = ready.update(due_at=now() + AT_MOST)
            if mine:
                defer(LIST, lock=f"list:{inbox.pk}", inbox=inbox.pk)
        due += mine
    return due


def ask(inbox_id: int) -> int:
    """How many arrivals that brought. Safe to repeat and to run twice at once: what is stored is known by its id."""
    inbox = Inbox.objects.get(pk=inbox_id)
    speaks = channel(inbox.channel)
    if not isinstance(speaks, Listing) or inbox.paused:
        return 0
    poll, _ = Poll.objects.get_or_create(inbox=inbox)
    try:
        account = account_of(inbox)
        if speaks.ready(account):  # nobody has said yet what to ask
            return 0
        source = _digest(speaks.source(account))
        mark = Mark(poll.etag, poll.modified) if poll.source == source else Mark()
        listed = speaks.list(account, mark)
    except (NotFetched, Trouble) as error:
        _put_off(inbox, error)
        return 0
    return _keep(inbox, speaks, account, source, listed)


def _channels() -> list[str]:
    """Those in use: no other is imported."""
    used = Inbox.objects.order_by().values_list("channel", flat=True).distinct()
    return [name for name in used if _is_list(name)]


def _is_list(name: str) -> bool:
    try:
        return isinstance(channel(name), Listing)
    except Trouble:  # of a package that is no longer there
        return False


def _keep(inbox: Inbox, speaks: Listing, account: Account, source: str, listed: Listed) -> int:
    """The arrivals and how far we are, in one transaction."""
    with transaction.atomic():
        poll = Poll.objects.select_for_update().get(inbox=inbox)
        if not listed.unchanged:
            if poll.source != source:
                _begin(poll, listed.entries, speaks.beginning(account))
            poll.source, poll.etag, poll.modified = source, listed.mark.etag[:400], listed.mark.modified[:100]
        new = [] if listed.unchanged else [one for one in reversed(listed.entries) if _is_taken(poll, one)]
        stored = store_pieces((piece for entry in new for piece in entry.pieces), inbox, door="list")
        poll.failures, poll.due_at = 0, now() + speaks.every(account)
        poll.save()
        Inbox.objects.filter(pk=inbox.pk).update(last_seen_at=now())
    out_of_trouble(inbox)
    return stored


def _begin(poll: Poll, entries: Sequence[Entry], beginning: Beginning) -> None:
    """What is there already and is not wanted is never taken: by its date, and those without one by their ids."""
    wanted = [one for one in entries if beginning.since and one.at and one.at >= beginning.since]
    if beginning.since is None:
        wanted = list(entries[: beginning.newest])
    dates = sorted(one.at for one in wanted if one.at)
    known = sorted(one.at for one in entries if one.at)
    # What is published just now may be listed a little later: nothing newer than what is known may be missed.
    poll.since = beginning.since or next(iter([*dates[:1], *known[-1:]]), now() - A_DAY)
    ids = {one.id for one in wanted}
    poll.passed = [_digest(one.id)[:16] for one in entries if one.id not in ids][:MOST_PASSED]


def _is_taken(poll: Poll, entry: Entry) -> bool:
    if _digest(entry.id)[:16] in poll.passed:
        return False
    return entry.at is None or poll.since is None or entry.at >= poll.since


def _put_off(inbox: Inbox, error: Exception) -> None:
    """Each time twice as long, as long as the server asks, but never for ever."""
    speaks = channel(inbox.channel)
    every = (
        speaks.every(account_of(inbox)) if isinstance(speaks, Listing) and not isinstance(error, Trouble) else LONGEST
    )
    with transaction.atomic():
        Poll.objects.filter(inbox=inbox).update(failures=F("failures") + 1)
        poll = Poll.objects.select_for_update().get(inbox=inbox)
        pause = min(every * 2 ** min(poll.failures - 1, 10), LONGEST)
        pause = max(pause, min(timedelta(seconds=getattr(error, "after", 0.0)), LONGEST))
        poll.due_at = now() + pause
        poll.save(update_fields=["due_at"])
    said = str(error).rstrip(".")
    log.warning("a list can't be had", inbox=inbox.pk, why=said)
    in_trouble(inbox, f"The list can't be had: {said}. It is asked for again at {poll.due_at:%H:%M} UTC.")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
