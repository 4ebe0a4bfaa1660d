"""What is in the house: its rooms, files, templates and pages."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "towerdesk"


@cache
def ours() -> list[Path]:
    """Every file that git knows or would take in."""
    said = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [path for name in said.split("\0") if name and (path := ROOT / name).is_file()]


def named(*endings: str, under: Path = ROOT) -> list[Path]:
    return [path for path in ours() if path.name.endswith(endings) and path.is_relative_to(under)]


def code() -> list[Path]:
    """The Python of the house without its tests and migrations."""
    return [path for path in named(".py", under=HOUSE) if not {"tests", "migrations"} & set(path.parts)]


def rooms() -> list[Path]:
    return sorted(path.parent for path in named("__init__.py", under=HOUSE) if path.parent.parent == HOUSE)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
