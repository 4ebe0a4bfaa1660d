"""What is set for a whole list: whether it takes any word, and the matrix of priorities."""

from typing import Literal

from towerdesk.lib.actor import Actor
from towerdesk.setup.section import Entry, Fate, Section
from towerdesk.tickets.models import Vocabulary
from towerdesk.tickets.taxonomy import forget, taxonomy
from towerdesk.tickets.taxonomy.edit import set_free, set_matrix

type Priority = Literal["critical", "high", "normal", "low"]


class ListEntry(Entry):
    """`free`: for tags and product areas. `matrix`, for priorities: impact → urgency → priority."""

    list: Literal["tag", "area", "priority"]
    free: bool = True
    matrix: dict[str, dict[str, Priority]] = {}


class Lists(Section[ListEntry]):
    name = "lists"
    key = "list"
    shape = ListEntry

    def entries(self) -> list[ListEntry]:
        """Only what was ever set."""
        return [self._entry(row) for row in Vocabulary.objects.order_by("kind")]

    def _entry(self, row: Vocabulary) -> ListEntry:
        return ListEntry(list=row.kind, free=row.free, matrix=_in_order(row.matrix))

    def write(self, entry: ListEntry, *, by: Actor) -> None:
        Vocabulary.objects.get_or_create(kind=entry.list)
        if entry.list == "priority":
            set_matrix({impact: dict(row) for impact, row in entry.matrix.items()}, by=by)
        else:
            set_free(entry.list, entry.free, by=by)

    def fate(self, key: str) -> Fate:
        return "delete"

    def prune(self, key: str, *, by: Actor) -> None:
        Vocabulary.objects.filter(kind=key).delete()
        forget()


def _in_order(matrix: dict[str, dict[str, Priority]]) -> dict[str, dict[str, Priority]]:
    """In the order of the lists; the database keeps none."""
    known = taxonomy()
    impacts, urgencies = ([one.key for one in known.all(kind)] for kind in ("impact", "urgency"))
    return {
        impact: {urgency: matrix[impact][urgency] for urgency in urgencies if urgency in matrix[impact]}
        for impact in impacts
        if impact in matrix
    }
