"""An inbox whose account is what is wrong, such as an expired token, says so until something leaves by it again."""

from towerdesk.channels.models import Inbox


def in_trouble(inbox: Inbox, sentence: str) -> None:
    Inbox.objects.filter(pk=inbox.pk).update(trouble=sentence)


def out_of_trouble(inbox: Inbox) -> None:
    """A mailbox's trouble is its watcher's to end: what leaves by the relay says nothing about it."""
    if inbox.trouble and "imap" not in inbox.settings:
        Inbox.objects.filter(pk=inbox.pk).update(trouble="")
