"""Is a sentence one of two that can't both be true? They are found by `disagree`."""

from collections.abc import Sequence

from django.db.models import QuerySet

from towerdesk.assistant.models import Contradiction
from towerdesk.lib.compiled import compiled


def contradicted(spans: Sequence[tuple[int, int]]) -> Contradiction | None:
    """An open contradiction that one of these (version, start of a sentence) is part of. One cheap query when there is none."""
    wanted = set(spans)

    def has(found: Contradiction) -> bool:
        return bool({(found.one_id, found.one_start), (found.other_id, found.other_start)} & wanted)

    return next(filter(has, _open()), None)


@compiled
def _open() -> "QuerySet[Contradiction]":
    return Contradiction.objects.filter(settled_at=None).order_by("id")[:500]
