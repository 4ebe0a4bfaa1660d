"""What is published, and the graph of each version: its text never changes, so it is compiled once in each process."""

import contextlib
from functools import lru_cache

from towerdesk.assistant.models import Procedure, ProcedureVersion
from towerdesk.assistant.procedures.compile import read_procedure
from towerdesk.assistant.procedures.faults import Faulty
from towerdesk.assistant.procedures.model import Procedure as Graph
from towerdesk.lib.stamps import Stamp, of_rows

PUBLISHED = Stamp(of_rows("assistant_procedure", "status = 'published'"))

_read: tuple[str, list[Procedure]] | None = None


def graph_of(version: ProcedureVersion) -> Graph:
    """Raises `Faulty`. What it calls was checked when it was published."""
    return _graph(version.pk, version.text)


@lru_cache(maxsize=128)
def _graph(pk: int, text: str) -> Graph:
    return read_procedure(text)


def published_for(intent: str) -> ProcedureVersion | None:
    """What runs for this intent."""
    for procedure in _published():
        if intent in procedure.intents:
            return procedure.current
    return None


def published_graphs() -> list[Graph]:
    """Of all that may run; one that no longer compiles is left out."""
    found = []
    for procedure in _published():
        with contextlib.suppress(Faulty):
            if procedure.current:
                found.append(graph_of(procedure.current))
    return found


def _published() -> list[Procedure]:
    """Read again only when one was published, changed or retired."""
    global _read
    stamp, known = PUBLISHED.now(), _read
    if known is None or known[0] != stamp:
        found = Procedure.objects.published().exclude(current=None).select_related("current__procedure")
        known = _read = stamp, list(found)
    return known[1]
