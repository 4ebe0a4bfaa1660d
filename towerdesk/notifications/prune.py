"""Forget old news. The event log is what is kept."""

from datetime import timedelta

from towerdesk.lib.clock import now
from towerdesk.notifications.models import OPEN, Notification, Post

KEEP_READ = timedelta(days=30)
KEEP_UNREAD = timedelta(days=90)
KEEP_POSTS = timedelta(days=30)
BATCH = 5_000


def prune() -> int:
    """Run by the clock, a batch at a time: read ones after 30 days, all others after 90, posts 30 days after they ended."""
    Post.objects.filter(state__in=OPEN, due_at__lt=now() - KEEP_POSTS).update(state="dropped", ended_at=now())
    old = Notification.objects.filter(last_at__lt=now() - KEEP_READ).exclude(posts__state__in=(*OPEN, "sending"))
    read = (
        old.filter(read_at__lt=now() - KEEP_READ)
        | old.filter(last_at__lt=now() - KEEP_UNREAD)
        | old.filter(at_desk=False)
    )
    gone = list(read.values_list("pk", flat=True).distinct()[:BATCH])
    Notification.objects.filter(pk__in=gone).delete()
    Post.objects.filter(ended_at__lt=now() - KEEP_POSTS).delete()
    return len(gone)
