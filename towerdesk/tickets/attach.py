"""Hang kept files on a message that is written."""

from collections.abc import Sequence

from towerdesk.lib.files import Kept
from towerdesk.tickets.models import Attachment, Message


def attach(files: Sequence[Kept], message: Message) -> None:
    if files:
        Attachment.objects.bulk_create(kept.attach_to(Attachment, message) for kept in files)
