"""What goes on behind the demo desk: first its past is told, then customers keep writing and answering."""

import os
import sys

from towerdesk.cli.demo import past, present, procedures
from towerdesk.cli.demo.prepare import understand
from towerdesk.lib.actor import CLOCK


def live() -> None:
    """Does not return until the process is ended."""
    if not past.is_told():
        understand()
        past.tell()
        _begin_anew()
    procedures.publish_all(by=CLOCK)  # the others: two had been there in the past
    present.go_on()


def _begin_anew() -> None:
    """Without the model in memory: the present needs none."""
    os.execv(sys.executable, [sys.executable, "-m", "towerdesk.cli.life"])  # noqa: S606
