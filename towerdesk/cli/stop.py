"""Stop the desk of this data folder, from anywhere."""

import contextlib
import os
import signal
import time

from config import env
from towerdesk.cli.claim import running
from towerdesk.lib.errors import Unavailable

PATIENCE = 40.0  # seconds


def command() -> None:
    """Stop the desk of this data folder and wait until it is down."""
    data = env.data_dir()
    pid = running(data)
    if not pid:
        print(f"No desk is running on {data}.")
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while running(data):
        if time.monotonic() > end:
            raise Unavailable(f"The desk (process {pid}) does not stop: see {data / 'logs'}.")
        time.sleep(0.05)
    print("Stopped.")
