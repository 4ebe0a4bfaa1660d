"""Who points to a row, whatever room they live in: asked before anything is taken away for good."""

from typing import Any

from django.db.models import Count, Model, Subquery


def pointing_to(row: Model) -> dict[str, int]:
    """How many rows of each kind point to it, by the kind's plural: `{"tickets": 12}`. One query; none is left out."""
    others = _others(row)
    counts = {f"n{number}": Subquery(_count(field, row)) for number, (_, field) in enumerate(others)}
    found = type(row)._default_manager.filter(pk=row.pk).annotate(**counts).values(*counts).first() or {}
    told: dict[str, int] = {}
    for number, (name, _) in enumerate(others):
        if found.get(f"n{number}"):
            told[name] = told.get(name, 0) + found[f"n{number}"]
    return told


def _others(row: Model) -> list[tuple[str, Any]]:
    """(plural, relation) of every relation that leads here; the table between two is counted by the relation itself.

    Rows of a model that says `goes_along`, such as what somebody was told, are no reason for anything to stay.
    """
    fields: list[Any] = [field for field in row._meta.get_fields(include_hidden=True) if field.auto_created]
    leading = [field for field in fields if not field.concrete and field.is_relation]
    return [
        (str(field.related_model._meta.verbose_name_plural), field)
        for field in leading
        if not field.related_model._meta.auto_created and not getattr(field.related_model, "goes_along", False)
    ]


def _count(field: Any, row: Model) -> Any:
    name = field.field.name
    those = field.related_model._default_manager.filter(**{name: row}).order_by()
    return those.values(name).annotate(n=Count("pk")).values("n")


def told(found: dict[str, int]) -> str:
    """`12 tickets, 1 inbox`."""
    return ", ".join(f"{count} {name if count != 1 else name.removesuffix('s')}" for name, count in found.items())
