"""Imports go down the floors, never up, never sideways."""

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import HOUSE, ROOT, rooms


def lint(config: Path) -> "subprocess.CompletedProcess[str]":
    run = "import sys; from importlinter.cli import lint_imports as lint; "
    run += "sys.exit(lint(config_filename=sys.argv[1], no_cache=True))"
    return subprocess.run(
        [sys.executable, "-c", run, str(config)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_imports_go_down_the_floors():
    told = lint(ROOT / ".importlinter")

    assert told.returncode == 0, told.stdout


def test_a_breach_would_be_seen(tmp_path):
    turned = tmp_path / "turned"
    turned.write_text(
        (ROOT / ".importlinter")
        .read_text()
        .replace("    actions | problems\n", "    problems\n", 1)
        .replace("    lib\n", "    lib\n    actions\n")
    )

    told = lint(turned)

    assert told.returncode == 1
    assert "towerdesk.actions is not allowed to import towerdesk" in told.stdout


def test_every_room_has_its_floor():
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    floors = config["importlinter:contract:floors"]["layers"].replace("|", " ").split()

    assert {room.name for room in rooms()} <= set(floors)
    assert len(floors) == len(set(floors))


@pytest.mark.parametrize("floor", ["lib", "events"])
def test_the_ground_knows_nothing_of_what_stands_on_it(floor):
    """Said once more in plain words, since everything rests on it."""
    allowed = {"lib"} if floor == "lib" else {"lib", "events"}
    for path in (HOUSE / floor).rglob("*.py"):
        if "tests" in path.parts:
            continue
        for line in path.read_text().splitlines():
            if line.strip().startswith(("from towerdesk.", "import towerdesk.")):
                assert line.split(".")[1].split()[0] in allowed, f"{path}: {line}"
