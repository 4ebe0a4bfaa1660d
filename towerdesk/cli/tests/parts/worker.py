"""Says that it is ready, then waits."""

import signal

from towerdesk.cli.supervised import follow_supervisor, say_ready

follow_supervisor()
say_ready("worker")
signal.pause()
