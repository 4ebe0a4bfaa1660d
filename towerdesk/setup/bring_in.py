"""Bring a set-up in: all of it or nothing, in one transaction. Nothing is taken away unless it is asked for."""

from collections.abc import Callable

from django.db import IntegrityError, transaction

from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid, Trouble
from towerdesk.setup.compare import Diff, compare
from towerdesk.setup.registry import BY_NAME
from towerdesk.setup.say import lines
from towerdesk.setup.section import AnySection
from towerdesk.setup.tree import Told, Tree
from towerdesk.tickets.taxonomy import forget

MOST_TOLD = 500
"""Lines of a diff that its event keeps."""


def bring_in(tree: Tree, *, by: Actor, prune: bool = False, seen: str = "") -> Diff:
    """Returns what it did. `seen` is the digest of the diff that somebody agreed to: another one is a `Conflict`."""
    by.must("config.change")
    with transaction.atomic():
        diff = compare(tree, prune=prune)
        if seen and seen != diff.digest:
            raise Conflict("The desk has changed since you looked: look at the differences again.")
        if diff.differences:
            _apply(tree, diff, by)
        diff.lacking = _lacking(tree)
        if diff.differences:
            told = lines(diff, kept=False)[:MOST_TOLD]
            record("config.imported", by=by, changes=told, pruned=prune)
    return diff


def preview(tree: Tree, *, by: Actor, prune: bool = False) -> Diff:
    """What `bring_in` would do. It is done and taken back, so that what would be refused then is refused now."""
    by.must("config.change")
    with transaction.atomic():
        diff = bring_in(tree, by=by, prune=prune)
        transaction.set_rollback(True)
    forget()
    return diff


def _lacking(tree: Tree) -> dict[str, list[str]]:
    """Asked once all of it is in: no file brings a secret."""
    keys = [(BY_NAME[name], BY_NAME[name].key_of(one.entry)) for name, told in tree.items() for one in told]
    lacks = {f"{section.name} {key}": section.lacks(key) for section, key in keys}
    return {named: names for named, names in lacks.items() if names}


def _apply(tree: Tree, diff: Diff, by: Actor) -> None:
    for name, told in tree.items():
        _write(BY_NAME[name], told, diff, by)
    for name in reversed(tree):
        for one in diff.differences:
            if one.section == name and one.what in ("delete", "retire"):
                _one(f"{name} ({one.key})", lambda: BY_NAME[name].prune(one.key, by=by))  # noqa: B023 - called at once


def _write(section: AnySection, told: list[Told], diff: Diff, by: Actor) -> None:
    ours = [one for one in diff.differences if one.section == section.name]
    touched = {one.key for one in ours if one.what in ("new", "changed")}
    wanted = [one for one in told if section.key_of(one.entry) in touched]
    for one in wanted:
        _one(one.place, lambda: section.write(one.entry, by=by))  # noqa: B023 - called at once
    for one in wanted:
        _one(one.place, lambda: section.link(one.entry, by=by))  # noqa: B023 - called at once
    if section.ordered and any(one.what in ("new", "order") for one in ours):
        section.arrange([section.key_of(one.entry) for one in told])


def _one(place: str, do: Callable[[], None]) -> None:
    """Whatever refuses says where it stands."""
    try:
        with transaction.atomic():
            do()
    except Trouble as trouble:
        raise Invalid(f"{place}: {str(trouble).rstrip('.')}.") from None
    except IntegrityError:
        raise Invalid(f"{place}: something else has the same name or address: give it another one.") from None
