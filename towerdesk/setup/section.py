"""The contract of a section: one kind of thing that is set up, as entries that a file can hold."""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from towerdesk.lib.actor import Actor

DELETE, RETIRE = "delete", "retire"
type Fate = str
"""What pruning does with an entry: `delete`, `retire`, or a sentence that says why it stays."""


class Entry(BaseModel):
    """One thing of a section. An attribute that a file leaves out has its default here; export leaves defaults out."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Section[Shape: Entry]:
    """`name` is the key in the tree and the file's name; `key` the attribute that says which thing an entry is.

    Entries are plain: other things are named by their slugs, secrets are left out. `write` may raise any `Trouble`;
    whoever calls it says file and line. The import has asked for the right to do all of it and records the event.
    """

    name: ClassVar[str]
    key: ClassVar[str] = "slug"
    ordered: ClassVar[bool] = False  # the order of the list means something: `arrange` keeps it
    shape: type[Shape]

    def entries(self) -> list[Shape]:
        """What the desk has, in the order in which it is exported."""
        raise NotImplementedError

    def write(self, entry: Shape, *, by: Actor) -> None:
        """Make it, or bring what is there to this state. What it names of earlier sections is there already."""
        raise NotImplementedError

    def link(self, entry: Shape, *, by: Actor) -> None:
        """Point to other entries of this section, once all of them are there."""

    def lacks(self, key: str) -> list[str]:
        """Names of secrets without which this thing, as it is on the desk, can't do its work."""
        return []

    def arrange(self, keys: Sequence[str]) -> None:
        """Put the things in this order; those that are not named come after."""

    def fate(self, key: str) -> Fate:
        """What pruning would do with it, without doing it."""
        raise NotImplementedError

    def prune(self, key: str, *, by: Actor) -> None:
        """Delete it, or retire it when it is in use: as `fate` said."""
        raise NotImplementedError

    def key_of(self, entry: Entry) -> str:
        return str(getattr(entry, self.key))


type AnySection = Section[Any]
