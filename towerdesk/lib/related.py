"""Who points to a row, whatever room they live in: asked before anything is taken away for good."""

from typing import Any

from django.db.models import Model


def pointing_to(row: Model) -> dict[str, int]:
    """How many rows of each kind point to it, by the kind's plural: `{"tickets": 12, "inboxes": 1}`; none is left out."""
    found: dict[str, int] = {}
    for field in row._meta.get_fields(include_hidden=True):
        if not (
            field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one or field.many_to_many)
        ):
            continue
        other: Any = field
        if other.related_model._meta.auto_created:
            continue  # the table between two: the relation itself is counted
        count = other.related_model._default_manager.filter(**{other.field.name: row}).count()
        if count:
            name = str(other.related_model._meta.verbose_name_plural)
            found[name] = found.get(name, 0) + count
    return found


def told(found: dict[str, int]) -> str:
    """`12 tickets, 1 inbox`."""
    return ", ".join(f"{count} {name if count != 1 else name.removesuffix('s')}" for name, count in found.items())
