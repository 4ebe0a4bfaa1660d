"""What the desk's processes write: one file each in `<data>/logs`, kept small; trouble also on standard error."""

import json
import sys
import time
from pathlib import Path
from typing import BinaryIO

LARGEST = 20 * 2**20  # bytes; then the older part moves to `<name>.log.1`
LOOK_EVERY = 60.0  # seconds

_looked_at = 0.0


def opened(data: Path, name: str) -> BinaryIO:
    file = _file(data, name)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    return file.open("ab")


def tell(sentence: str) -> None:
    print(f"towerdesk: {sentence}", file=sys.stderr, flush=True)


def keep_small(data: Path) -> None:
    """Copy a large file aside and empty it: its writers append, and need not know."""
    global _looked_at
    if time.monotonic() - _looked_at < LOOK_EVERY:
        return
    _looked_at = time.monotonic()
    for file in (data / "logs").glob("*.log"):
        if file.stat().st_size > LARGEST:
            file.with_suffix(".log.1").write_bytes(file.read_bytes())
            file.open("wb").close()


def last_words(data: Path, name: str) -> str:
    """The last thing a process said, and where the rest is."""
    file = _file(data, name)
    lines = file.read_text(errors="replace").splitlines() if file.exists() else []
    said = next((line.strip() for line in reversed(lines) if line.strip()), "")
    if said.startswith("{"):
        said = _event(said)
    return f"It said: {said[:300]} (more in {file})." if said else f"See {data / 'logs'}."


def _event(line: str) -> str:
    try:
        entry = json.loads(line)
    except ValueError:
        return line
    return str(entry.get("event", line)) if isinstance(entry, dict) else line


def _file(data: Path, name: str) -> Path:
    return data / "logs" / f"{name}.log"
