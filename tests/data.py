"""Where the real data for tests lies: `TOWERDESK_TEST_DATA`, else `shared/data` beside the checkout."""

import os
from pathlib import Path

DATA = Path(os.environ.get("TOWERDESK_TEST_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")


def data(name: str) -> Path:
    """A folder of test data; a missing one is an error that says what to do, never a silent pass."""
    folder = DATA / name
    if not folder.exists():
        raise FileNotFoundError(f"Test data {name} is missing: set TOWERDESK_TEST_DATA to the folder that holds it.")
    return folder
