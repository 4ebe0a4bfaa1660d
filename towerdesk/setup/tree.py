"""A set-up as it lies in files: one file, or a folder with one file for each section."""

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.setup import dialect
from towerdesk.setup.registry import BY_NAME, SECTIONS
from towerdesk.setup.section import AnySection, Entry
from towerdesk.setup.trouble import sentence

ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, and where it stands: `teams.yaml, line 4 (billing)`."""

    entry: Entry
    place: str


type Tree = dict[str, list[Told]]
"""The entries of each section that was given. A section that is not given is left alone."""


def read_tree(place: Path) -> Tree:
    """From a file or a folder. Raises `Invalid` or `NotFound` with a sentence that names file, line and what to change."""
    if place.is_dir():
        return _read_folder(place)
    if not place.is_file():
        raise NotFound(f"There is no file or folder {place}: name what “towerdesk config export” wrote.")
    return read_text(_text_of(place), place.name)


def read_text(text: str, file: str = "the file") -> Tree:
    """A whole set-up in one text."""
    value, lines = dialect.read(text, file)
    if not isinstance(value, dict):
        raise Invalid(f"{file} is not a set-up: it begins with the name of a section, for example “teams:”.")
    for name in value:
        if name not in BY_NAME:
            raise Invalid(f"{file}, line {lines.of((name,))}: there is no section “{name}”. {_nearest(str(name))}")
    return {
        name: _entries(BY_NAME[name], rows, file, lines, (name,))
        for name, rows in sorted(value.items(), key=lambda pair: _order(pair[0]))
    }


def _read_folder(folder: Path) -> Tree:
    files = sorted(path for path in folder.iterdir() if path.suffix in ENDINGS)
    if not files:
        raise NotFound(f"There is no .yaml file in {folder}: “towerdesk config export {folder}” writes them.")
    tree: Tree = {}
    for file in files:
        if file.stem not in BY_NAME:
            raise Invalid(f"{file.name}: there is no section “{file.stem}”. {_nearest(file.stem)}")
        if file.stem in tree:
            raise Invalid(f"{file.name}: the section {file.stem} stands in two files: keep one of them.")
        value, lines = dialect.read(_text_of(file), file.name)
        tree[file.stem] = _entries(BY_NAME[file.stem], value, file.name, lines, ())
    return dict(sorted(tree.items(), key=lambda pair: _order(pair[0])))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Invalid(f"{file} can't be read as UTF-8 text: save it as UTF-8.") from None


def _entries(section: AnySection, rows: Any, file: str, lines: dialect.Lines, above: tuple[Any, ...]) -> list[Told]:
    if not isinstance(rows, list):
        raise Invalid(f"{file}, line {lines.of(above)}: {section.name} is a list; each entry begins with “- ”.")
    told = [_entry(section, row, file, lines, (*above, number)) for number, row in enumerate(rows)]
    seen: dict[str, str] = {}
    for one in told:
        key = section.key_of(one.entry)
        if key in seen:
            raise Invalid(f"{one.place}: “{key}” stands in {seen[key]} already: keep one of the two.")
        seen[key] = one.place
    return told


def _entry(section: AnySection, row: Any, file: str, lines: dialect.Lines, path: tuple[Any, ...]) -> Told:
    name = row.get(section.key) if isinstance(row, dict) else None
    called = f" ({name})" if isinstance(name, str) else ""
    try:
        entry = section.shape.model_validate(row)
    except ValidationError as error:
        where, why = sentence(section.shape, error)
        raise Invalid(f"{file}, line {lines.of((*path, *where))}{called}: {why}.") from None
    return Told(entry, f"{file}, line {lines.of(path)}{called}")


def _order(name: str) -> int:
    return [section.name for section in SECTIONS].index(name)


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, BY_NAME, 1)
    return f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(BY_NAME)}."
