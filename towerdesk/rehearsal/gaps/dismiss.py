"""Set a gap aside, or take it up again. It is not found anew while most of its tickets are the ones that were dismissed."""

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.rehearsal.models import Gap


def dismiss(gap: Gap, *, by: Actor) -> None:
    _must_write(by)
    Gap.objects.filter(pk=gap.pk, dismissed_at=None).update(dismissed_at=now())
    gap.refresh_from_db()


def take_up(gap: Gap, *, by: Actor) -> None:
    _must_write(by)
    Gap.objects.filter(pk=gap.pk).update(dismissed_at=None)
    gap.refresh_from_db()


def _must_write(by: Actor) -> None:
    """Whoever could close it decides that it need not be closed."""
    if not by.can("procedure.change"):
        by.must("article.write")
