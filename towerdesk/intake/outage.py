"""Tell "the database or the storage is away" (try again later) from "this content does not fit" (show it as failed)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import InterfaceError, OperationalError

from towerdesk.lib.files import Kept, keep_parts

PASSES = ("08", "25", "40", "53", "55", "57", "58")
"""SQLSTATE classes that say nothing against the content: connection, transaction state, deadlock, resources, locks,
operator intervention, system errors (PostgreSQL's Appendix A)."""


class StorageIsAway(OSError):
    """The attachments can't be kept now."""


def is_outage(error: BaseException) -> bool:
    if isinstance(error, (StorageIsAway, InterfaceError)):
        return True
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state[:2] in PASSES


def keep_files(files: Sequence[Any] | Iterable[Any]) -> list[Kept]:
    try:
        return keep_parts(files)
    except Exception as error:  # a storage raises whatever its library does
        raise StorageIsAway(f"The attachments can't be kept now: {error}") from error
