"""What was spoken: a telephone call or a recording, beside the message that it is on the ticket."""

from typing import get_args

from django.db import models

from towerdesk.channels.models import Inbox
from towerdesk.channels.talk import Outcome
from towerdesk.tickets.models.message import Message

OUTCOMES: tuple[str, ...] = get_args(Outcome.__value__)
"""In the order of how much they say."""


class Call(models.Model):
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="call")
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="calls")  # by whose number
    outcome = models.CharField(max_length=10, choices=[(one, one) for one in OUTCOMES], blank=True)
    number = models.CharField(max_length=40, blank=True)  # of the customer, in E.164; empty when it is withheld
    agent = models.CharField(max_length=40, blank=True)  # of ours, that is rung first
    seconds = models.PositiveIntegerField(default=0)  # how long they spoke, or the message on the tape is
    turns: "models.JSONField[list[dict[str, object]], list[dict[str, object]]]" = models.JSONField(default=list)
    # as `channels.contract.Turn`
    summary = models.TextField(blank=True)
    trouble = models.CharField(max_length=300, blank=True)  # one sentence: why there is no recording, or no transcript

    def __str__(self) -> str:
        return f"Call {self.pk} of message {self.message_id}: {self.outcome}"

    @property
    def is_owed(self) -> bool:
        """Nobody of us has spoken with them in it."""
        return self.outcome not in ("answered", "recorded")
