"""While a surge lasts the assistant's own answers to such requests wait: what its articles say may not hold just now."""

from collections.abc import Callable

from django.db.models import QuerySet

from towerdesk.lib.compiled import compiled
from towerdesk.lib.embedding import Vectors
from towerdesk.problems.models import Surge
from towerdesk.problems.surges.join import nearness


def why_held(intent: int | None, vector: Callable[[], Vectors], model: str) -> str:
    """A sentence, or nothing. `vector` (float32[384], by `model`, a fingerprint) is asked for only while a surge lasts."""
    ongoing = [one for one in _ongoing() if one.model == model]
    if not ongoing:
        return ""
    asked = vector()
    surge = next((one for one in ongoing if nearness(one, asked, intent)), None)
    return f"Many report this just now: it belongs to problem {surge.problem_id}" if surge else ""


@compiled
def _ongoing() -> "QuerySet[Surge]":
    return Surge.objects.filter(state="ongoing", holds=True).order_by("id")
