"""A small file of JSON that is whole or not there, whoever dies while it is written."""

import json
import time
from pathlib import Path
from typing import Any


def write(file: Path, value: dict[str, Any]) -> None:
    new = file.with_suffix(".new")
    with new.open("w", encoding="utf-8") as out:
        json.dump(value, out)
    new.replace(file)


def read(file: Path, *, younger_than: float | None = None) -> dict[str, Any] | None:
    """None when it is not there, older than so many seconds, or no JSON object, as a disk that was full may leave one."""
    try:
        if younger_than is not None and time.time() - file.stat().st_mtime > younger_than:
            return None
        value = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return value if isinstance(value, dict) else None
