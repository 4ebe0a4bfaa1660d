"""Whether the assistant is stopped: asked before it thinks, before it speaks, and once more before anything leaves.

It is a row and not a setting, so every process knows at once. It lies this low so that whoever carries out what the
assistant decided can ask, too.
"""

from django.db.models import QuerySet

from towerdesk.accounts.models import Halt
from towerdesk.lib.compiled import compiled

STOPPED = "The assistant is stopped for the whole desk"


def halted() -> Halt | None:
    """The stop that is in force, if any."""
    return next(iter(_in_force()), None)


@compiled
def _in_force() -> "QuerySet[Halt]":
    return Halt.objects.filter(lifted_at=None).order_by("-id")
