"""A data folder of one's own for each test, gone with its PostgreSQL afterwards: an empty one, and one used before."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from towerdesk.lib import postgres


@pytest.fixture(scope="session")
def made_once() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    postgres.ensure(folder)
    postgres.stop(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def empty() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)


@pytest.fixture
def data(empty: Path, made_once: Path) -> Path:
    subprocess.run(["cp", "-a", f"{made_once}/.", empty], check=True)
    return empty
