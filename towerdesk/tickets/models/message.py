"""Message and Attachment."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.people.models import Person
from towerdesk.tickets.models.ticket import Ticket

DELIVERY = [
    ("", "Nothing to deliver"),
    ("queued", "Queued"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("read", "Read"),
    ("bounced", "Bounced"),
    ("failed", "Failed"),
    ("unsure", "Unsure"),
    ("withdrawn", "Withdrawn"),
]
ANSWERERS = ("agent", "assistant", "key")
"""Whose public words are an answer. A rule's are not: what is sent by itself is no response and keeps no promise."""
RECEIPT = "receipt"
"""Warrant of what the desk says by itself about what happens now (`tickets/give_receipt.py`): it answers nothing."""


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, actor: Actor) -> Self:
        mine = self.filter(ticket__in=Ticket.objects.visible_to(actor))
        return mine.filter(public=True) if actor.kind == "customer" else mine

    def but_receipts(self) -> Self:
        return self.exclude(warrant=RECEIPT)

    def of(self, ticket: Ticket) -> Self:
        return self.filter(ticket=ticket).order_by("created_at", "id")


class SearchText(Func):
    """What a message is found by: text, subject, and for what came in its sender. No stemming, no accents."""

    function = "towerdesk_message_search"
    output_field = SearchVectorField()


_Manager = models.Manager.from_queryset(MessageQuerySet)


class MessageManager(_Manager["Message"]):
    """Leaves the word index's column in the database: nobody reads it, and it is as big as the text."""

    def get_queryset(self) -> MessageQuerySet:
        return super().get_queryset().defer("search")  # type: ignore[return-value]


class SearchColumn(models.GeneratedField):
    """Made by the database and not sent back after a write."""

    db_returning = False  # type: ignore[assignment]

    def deconstruct(self) -> Any:
        name, _, values, named = super().deconstruct()
        return name, "django.db.models.GeneratedField", values, named


class Message(models.Model):
    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", db_index=False)
    direction = models.CharField(max_length=3, choices=[("in", "In"), ("out", "Out")])
    public = models.BooleanField(default=True)  # False: a note, inside only
    author_kind = models.CharField(max_length=12)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages")
    channel = models.CharField(max_length=20, default="email")
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)  # everything the person sent, as text
    visible = models.TextField(blank=True)  # what they wrote this time: without quotes and signature
    html = models.TextField(blank=True)  # safe HTML of the visible reply, empty when the text says it all
    auto = models.CharField(max_length=12, blank=True)  # channels.email.mail.AutoKind
    trust: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict, blank=True
    )  # spf, dkim, dmarc, verified, sentence
    sender = models.CharField(max_length=320, blank=True)  # the address it came from
    to: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)  # list of addresses
    cc: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    message_id = models.CharField(max_length=400, blank=True)  # the provider's id: a mail's Message-ID without < >
    thread_key = models.CharField(
        max_length=200, blank=True, default="", db_default=""
    )  # a mail provider's id of the thread: a hint; elsewhere the conversation within the inbox
    external_key = models.CharField(
        max_length=64, null=True, blank=True
    )  # digest of inbox, sender and id: same thing twice
    delivery = models.CharField(max_length=10, choices=DELIVERY, blank=True, default="")
    delivery_note = models.CharField(max_length=500, blank=True)
    warrant = models.CharField(max_length=60, blank=True)  # what lets the assistant speak: "licence:12", "approved:5"
    send_after = models.DateTimeField(null=True)  # a pause to undo
    created_at = models.DateTimeField(default=now)  # of a chat: when it was written, as its provider says
    edited_at = models.DateTimeField(null=True, blank=True)  # the words are those of then; older ones are in the log
    taken_back_at = models.DateTimeField(null=True, blank=True)  # its writer deleted it; people here still see it
    sent_at = models.DateTimeField(null=True)
    search = SearchColumn(
        expression=SearchText(
            models.F("direction"), models.F("author_name"), models.F("sender"), models.F("subject"), models.F("visible")
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects: ClassVar[MessageManager] = MessageManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["external_key"], name="same_external_id_is_one_message"),
            models.CheckConstraint(
                condition=~Q(author_kind="assistant", direction="out", public=True) | ~Q(warrant=""),
                name="assistant_speaks_only_with_a_warrant",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "created_at", "id"], name="message_of_ticket"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="message_by_message_id"),
            models.Index(fields=["thread_key"], condition=~Q(thread_key=""), name="message_by_thread_key"),
            models.Index(fields=["send_after"], condition=Q(delivery="queued"), name="message_to_send"),
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
            # new words wait in a list of 128 kB, which every search reads as well, and are sorted in together: one by one
            # each of the sixty words of a message would look for its own place
            GinIndex(fields=["search"], name="message_search", fastupdate=True, gin_pending_list_limit=128),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.pk} on {self.ticket_id}"

    @property
    def is_ours(self) -> bool:
        return self.direction == "out"


class Attachment(models.Model):
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=120)
    size = models.BigIntegerField()  # bytes
    digest = models.CharField(max_length=64)  # hex SHA-256 of the content
    path = models.CharField(max_length=300)  # in the attachment storage
    content_id = models.CharField(max_length=250, blank=True)
    inline = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
