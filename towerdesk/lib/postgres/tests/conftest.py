"""A data folder of one's own for each test, gone with its PostgreSQL afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from towerdesk.lib import postgres


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)
