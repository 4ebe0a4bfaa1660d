"""What the published articles call by name, read once for as long as they stay as they are."""

from threading import Lock

from towerdesk.assistant.propose.names import known_names
from towerdesk.knowledge.search import read_through

_known: tuple[str, frozenset[str]] | None = None
_lock = Lock()


def names(model: str) -> frozenset[str]:
    global _known
    state, texts = read_through(model)
    with _lock:
        if _known is None or _known[0] != state:
            _known = state, known_names(texts)
        return _known[1]
