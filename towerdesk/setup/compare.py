"""What differs between a set-up in files and the desk: what an import would make, change, put in order, or take away."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from towerdesk.setup.registry import BY_NAME
from towerdesk.setup.section import DELETE, RETIRE, AnySection
from towerdesk.setup.tree import Told, Tree

type What = Literal["new", "changed", "order", "delete", "retire"]


@dataclass(frozen=True, slots=True)
class Difference:
    """`changes` maps an attribute to [what the desk has, what the file says]; `key` is empty for the order of a section."""

    section: str
    key: str
    what: What
    changes: dict[str, list[Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Kept:
    """On the desk, not in the file, and staying; `why` is empty when only nobody asked to prune."""

    section: str
    key: str
    why: str = ""


@dataclass(slots=True)
class Diff:
    differences: list[Difference] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    lacking: dict[str, list[str]] = field(default_factory=dict)
    """“section key” → names of secrets that somebody has to give on the desk once this is in."""

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the differences: two diffs with the same one would do the same."""
        said = json.dumps([one.as_json() for one in self.differences], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return {
            "differences": [one.as_json() for one in self.differences],
            "kept": [asdict(one) for one in self.kept],
            "lacking": self.lacking,
        }


def compare(tree: Tree, *, prune: bool = False) -> Diff:
    """Only sections that the tree holds are looked at."""
    diff = Diff()
    for name, told in tree.items():
        _compare(BY_NAME[name], told, prune, diff)
    return diff


def _compare(section: AnySection, told: list[Told], prune: bool, diff: Diff) -> None:
    here = {section.key_of(entry): entry.model_dump(mode="json") for entry in section.entries()}
    there = {section.key_of(one.entry): one.entry.model_dump(mode="json") for one in told}
    for key, wanted in there.items():
        if key not in here:
            diff.differences.append(Difference(section.name, key, "new", _said(section, key, wanted)))
        elif here[key] != wanted:
            changes = {name: [here[key][name], wanted[name]] for name in wanted if here[key][name] != wanted[name]}
            diff.differences.append(Difference(section.name, key, "changed", changes))
    _compare_order(section, list(here), list(there), diff)
    for key in [key for key in here if key not in there]:
        _missing(section, key, prune, diff)


def _said(section: AnySection, key: str, wanted: dict[str, Any]) -> dict[str, list[Any]]:
    """Of what is new, whatever the file says beyond the defaults."""
    defaults = {name: field.get_default() for name, field in section.shape.model_fields.items()}
    return {name: [None, value] for name, value in wanted.items() if name != section.key and value != defaults[name]}


def _compare_order(section: AnySection, here: list[str], there: list[str], diff: Diff) -> None:
    if not section.ordered:
        return
    was, wanted = [key for key in here if key in there], [key for key in there if key in here]
    if was != wanted:
        diff.differences.append(Difference(section.name, "", "order", {"order": [was, wanted]}))


def _missing(section: AnySection, key: str, prune: bool, diff: Diff) -> None:
    fate = section.fate(key) if prune else ""
    if fate == DELETE:
        diff.differences.append(Difference(section.name, key, "delete"))
    elif fate == RETIRE:
        diff.differences.append(Difference(section.name, key, "retire"))
    else:
        diff.kept.append(Kept(section.name, key, fate))
