"""Claim, then send: a post leaves once, tries again while that is safe, and is given up where people can see it."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from towerdesk.accounts.models import Team, User
from towerdesk.channels.contract import FateUnknown, NotSent
from towerdesk.channels.registry import channel
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Unavailable
from towerdesk.lib.vault import unseal
from towerdesk.notifications.hook import send_hook
from towerdesk.notifications.mail import send_mail
from towerdesk.notifications.models import OPEN, Notification, Post, Preference, TeamHook
from towerdesk.notifications.notify import preference_of, reading, whose
from towerdesk.notifications.quiet import awake_at
from towerdesk.notifications.words import Item, items
from towerdesk.tickets.models import Ticket

MOST = 200  # at a time
MOST_AN_HOUR = 12
"""Posts that one reader gets by one way within an hour; then all that comes waits, and leaves as one summary."""
HOUR = timedelta(hours=1)
AGAIN_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180)]
SILENT_FOR = timedelta(minutes=5)  # a claim without an end: the worker died

log = structlog.get_logger()


def post_due() -> int:
    """Run by the clock. How many left."""
    due = Post.objects.filter(state__in=OPEN, due_at__lte=now()).order_by("due_at", "pk")
    return sum(post(number) for number in due.values_list("pk", flat=True)[:MOST])


def post(number: int) -> bool:
    """Send one if it is due. Safe to repeat and to run twice at once."""
    claimed = _claim(number)
    if claimed is None:
        return False
    found, said = claimed
    try:
        answer = _send(found, said)
    except NotSent as error:
        if error.later:
            _again(found, str(error))
        else:
            _end(found, "failed", str(error))
        return False
    except FateUnknown as error:
        _end(found, "unsure", str(error))
        return False
    except Exception as error:
        log.exception("a post failed in a way that nothing explains", post=found.pk)
        _lost(found, f"{type(error).__name__} while it was being sent")
        return False
    _end(found, "sent", answer)
    return True


def recover() -> int:
    """Run by the clock: posts whose worker died between claim and record. A mail is never sent again by itself."""
    lost = Post.objects.filter(state="sending", claimed_at__lt=now() - SILENT_FOR)
    return sum(_lost(one, "The desk stopped while it was being sent") for one in lost[:MOST])


def _claim(number: int) -> tuple[Post, list[Item]] | None:
    """None when it is not due, must wait, somebody else has it, or nothing in it is news any more."""
    with transaction.atomic():
        open_ones = Post.objects.select_for_update(of=("self",)).filter(pk=number, state__in=OPEN, due_at__lte=now())
        found = open_ones.select_related("user", "team").first()
        if found is None or _waits(found):
            return None
        news = _still_news(found)
        if not news or (found.way == "hook" and not _address(found.reader)):
            _end(found, "dropped", "There was nothing to tell any more.")
            return None
        Notification.objects.filter(pk__in=news).update(closed_at=now())
        found.state, found.claimed_at, found.tries = "sending", now(), found.tries + 1
        found.save(update_fields=["state", "claimed_at", "tries"])
        read = Notification.objects.filter(pk__in=news).select_related("ticket").prefetch_related("reasons")
        return found, items(list(read.order_by("-urgent", "pk")))


def _waits(found: Post) -> bool:
    """For a relay, for the end of quiet hours, or for the hour to be over in which too much was said."""
    later = _not_before(found)
    missing = "" if found.way == "hook" else channel("email").ready()
    if later:
        found.due_at = later
        found.save(update_fields=["due_at"])
    elif missing and found.said != missing:
        found.said = missing[:500]
        found.save(update_fields=["said"])
    return bool(later or missing)


def _not_before(found: Post) -> datetime | None:
    if found.urgent or found.way == "digest":
        return None
    if isinstance(found.reader, User):
        wish = preference_of(found.reader)
        awake = awake_at(now(), wish.quiet_from, wish.quiet_until, wish.clock)
        if awake > now():
            return awake
    lately = Post.objects.filter(**whose(found.reader), way=found.way, state="sent", ended_at__gt=now() - HOUR)
    ended = list(lately.order_by("-ended_at").values_list("ended_at", flat=True)[:MOST_AN_HOUR])
    return ended[-1] + HOUR if len(ended) == MOST_AN_HOUR and ended[-1] else None


def _still_news(found: Post) -> list[int]:
    """Rights are asked now. What was read at the desk meanwhile needs no mail; a digest tells the day as it was."""
    reader = found.reader
    if isinstance(reader, User) and not reader.is_active:
        return []
    news = found.notifications.filter(ticket__in=Ticket.objects.visible_to(reading(reader)))
    if found.way != "digest":
        news = news.filter(read_at=None)
    return list(news.values_list("pk", flat=True))


def _send(found: Post, said: list[Item]) -> str:
    reader = found.reader
    if found.way == "hook":
        try:
            return send_hook(found, unseal(_address(reader)), said)
        except Unavailable as error:
            raise NotSent(str(error), later=False) from error
    assert isinstance(reader, User)  # noqa: S101 - a team has no mail address
    return send_mail(found, reader, said)


def _address(reader: User | Team) -> str:
    """Sealed; empty when none is set any more."""
    kept = Preference.objects.filter(user=reader) if isinstance(reader, User) else TeamHook.objects.filter(team=reader)
    return kept.values_list("hook", flat=True).first() or ""


def _lost(found: Post, why: str) -> bool:
    """A webhook may hear it twice and knows it by its id; of a mail nobody knows."""
    if found.way == "hook":
        _again(found, why)
    else:
        _end(found, "unsure", why)
    return True


def _again(found: Post, why: str) -> None:
    if found.tries > len(AGAIN_AFTER):
        _end(found, "failed", why)
        return
    mine = Post.objects.filter(pk=found.pk, state="sending")
    mine.update(state="retry", due_at=now() + AGAIN_AFTER[found.tries - 1], said=why[:500])


def _end(found: Post, state: str, said: str) -> None:
    mine = Post.objects.filter(pk=found.pk).exclude(state__in=("sent", "failed", "unsure", "dropped"))
    mine.update(state=state, ended_at=now(), said=said[:500])
