"""Write the whole set-up down. The same desk gives the same bytes."""

from pathlib import Path
from typing import Any

from towerdesk.lib.actor import Actor
from towerdesk.setup import dialect
from towerdesk.setup.registry import SECTIONS
from towerdesk.setup.section import AnySection


def export_text(*, by: Actor) -> str:
    """All sections in one text."""
    by.must("config.read")
    return dialect.write({section.name: _rows(section) for section in SECTIONS})


def export_folder(folder: Path, *, by: Actor) -> list[str]:
    """One file for each section; returns their names. Other files in the folder stay."""
    by.must("config.read")
    folder.mkdir(parents=True, exist_ok=True)
    for section in SECTIONS:
        (folder / f"{section.name}.yaml").write_text(dialect.write(_rows(section)), encoding="utf-8")
    return [f"{section.name}.yaml" for section in SECTIONS]


def _rows(section: AnySection) -> list[dict[str, Any]]:
    """What is as it would be anyway is left out."""
    return [entry.model_dump(mode="json", exclude_defaults=True) for entry in section.entries()]
