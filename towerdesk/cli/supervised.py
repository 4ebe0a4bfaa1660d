"""The child's side of supervision: say when ready, and end when the supervisor is gone by whatever means."""

import contextlib
import os
import signal
import threading
import time

GRACE = 10.0  # seconds to end in order after the supervisor vanished

_NAME = "TOWERDESK_SUPERVISED"  # the file descriptor to report on; set by the supervisor only


def follow_supervisor() -> None:
    """Our standard input is a pipe that the supervisor holds: its end means that nobody looks after us any more."""
    if _NAME in os.environ:
        threading.Thread(target=_end_with_it, name="supervisor", daemon=True).start()


def say_ready(name: str) -> None:
    if _NAME in os.environ:
        with contextlib.suppress(OSError):
            os.write(int(os.environ[_NAME]), f"{name}\n".encode())


def _end_with_it() -> None:
    while os.read(0, 100):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)
