"""Give freed memory back to the system; glibc keeps tens of megabytes after a model was loaded or a batch embedded."""

import ctypes
import sys


def trim() -> None:
    """Does nothing where the C library has no `malloc_trim`."""
    if sys.platform != "linux":
        return
    release = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if release is not None:
        release(0)
