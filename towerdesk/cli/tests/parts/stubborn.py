"""Ready, and deaf to a polite request to end."""

import signal
import time

from towerdesk.cli.supervised import follow_supervisor, say_ready

follow_supervisor()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
say_ready("worker")
while True:
    time.sleep(60)
