"""How two tickets belong together."""

from django.db import models
from django.db.models import Q

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models.ticket import Ticket

LINKS = {
    "duplicate": ("a duplicate of", "the original of"),
    "child": ("a part of", "the whole that includes"),
    "incident": ("an incident of the problem", "the problem behind"),
    "report": ("a report of the bug", "the bug behind"),
    "follow_up": ("a follow-up to", "followed up by"),
    "split": ("split off from", "the origin of"),
}
"""Kind → what the ticket is to the other, and what the other is to it."""


class LinkQuerySet(models.QuerySet["Link"]):
    def around(self, ticket: Ticket, actor: Actor) -> "LinkQuerySet":
        """Both directions, and only to tickets that this actor may read."""
        seen = Ticket.objects.visible_to(actor).values("pk")
        to_others = Q(ticket=ticket, other__in=seen) | Q(other=ticket, ticket__in=seen)
        return self.filter(to_others).select_related("ticket", "other").order_by("kind", "id")


class Link(models.Model):
    """`ticket` is what `kind` says to `other`: a duplicate of it, a part of it, an incident of it …"""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=[(kind, words[0]) for kind, words in LINKS.items()])
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "kind"], name="one_link_of_a_kind"),
            models.CheckConstraint(condition=~Q(ticket=models.F("other")), name="linked_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} is {LINKS[self.kind][0]} {self.other_id}"
