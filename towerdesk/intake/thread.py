"""Which ticket a message belongs to. What we signed counts alone; a hint counts only from somebody who takes part."""

from collections.abc import Iterable

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from towerdesk.channels.contract import Incoming
from towerdesk.lib.compiled import compiled
from towerdesk.lib.text import storable
from towerdesk.people.find import normal
from towerdesk.people.models import Identity
from towerdesk.tickets.merge import standing
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.models.ticket import WAITING

MOST_IDS = 20  # of those that a message says it answers, the nearest


def find_ticket(incoming: Incoming, inbox: int) -> Ticket | None:
    """The ticket that stands now: the one that a merged ticket ended up in. `inbox` is where it came in."""
    if incoming.conversation:
        found = _by_signed_address(incoming) or _by_conversation(incoming.conversation, inbox)
        found = found or (_where_they_wait(incoming, inbox) if incoming.resumes else None)
    else:
        found = _by_signed_address(incoming) or _by_ids(incoming) or _by_hints(incoming)
    return standing(found) if found else None


def takes_part(ticket: Ticket, address: str, kind: str = "email") -> bool:
    """Whether this address is the requester's, or was written from or to on this ticket.

    What a person only claims, beside identities that they have proven, does not make it theirs.
    """
    if not address:
        return False
    theirs = Identity.objects.filter(person_id=ticket.requester_id, kind=kind, value=normal(kind, address))
    proven = Identity.objects.filter(person=OuterRef("person"), verified=True)
    if theirs.filter(Q(verified=True) | ~Exists(proven)).exists():
        return True
    written = Q(sender=address) | Q(cc__contains=[address]) | Q(to__contains=[address])
    return ticket.messages.filter(written, public=True).exists()


def _by_signed_address(incoming: Incoming) -> Ticket | None:
    return _ticket(incoming.ticket) if incoming.ticket else None


def _by_conversation(conversation: str, inbox: int) -> Ticket | None:
    """The newest of its tickets that is not closed, else the newest; whose it is the provider has vouched for."""
    found: list[Ticket] = _in_conversation(key=storable(conversation)[:200], inbox=inbox)
    return found[0] if found else None


@compiled
def _in_conversation(*, key: str, inbox: int) -> "QuerySet[Ticket]":
    in_it = Message.objects.filter(thread_key=key, raw__inbox=inbox).order_by().values("ticket")
    return _whole().filter(pk__in=in_it).order_by(Case(When(status="closed", then=1), default=0), "-pk")[:1]


def _by_ids(incoming: Incoming) -> Ticket | None:
    """Messages that it says it answers: ours by their signature, the customer's own by their id, in one query."""
    ours, ids = list(incoming.ours)[:MOST_IDS], list(incoming.answers)[:MOST_IDS]
    if not ours and not ids:
        return None
    wanted = Q(message_id__in=ids) | Q(pk__in=ours) if ours else Q(message_id__in=ids)
    known = Message.objects.filter(wanted, public=True).values_list("pk", "message_id", "direction", "ticket_id")
    rows = {key: row for row in known for key in (row[0], row[1])}
    for key in (*ours, *ids):
        if key in rows:
            _, _, direction, ticket_id = rows[key]
            return _ticket(ticket_id) if direction == "out" else _unless_forged(_ticket(ticket_id), incoming)
    return None


def _unless_forged(ticket: Ticket | None, incoming: Incoming) -> Ticket | None:
    """A customer's own ids are no secret: a stranger whose mail fails its checks gets a ticket of their own."""
    if ticket and incoming.failing and not takes_part(ticket, incoming.sender):
        return None
    return None if _only_claims(incoming) else ticket


def _only_claims(incoming: Incoming) -> bool:
    """It names an address that its owner has proven before, and proves nothing: anybody can write a name on a letter."""
    if incoming.identity != "email" or incoming.trust.get("verified"):
        return False
    return Identity.objects.filter(kind="email", value=normal("email", incoming.sender), verified=True).exists()


def _by_hints(incoming: Incoming) -> Ticket | None:
    """A number in the subject or the provider's thread id: from a participant whose mail does not fail its checks."""
    if incoming.failing or not incoming.sender or not (incoming.number or incoming.thread_key):
        return None
    if _only_claims(incoming):
        return None
    return next((ticket for ticket in _hinted(incoming) if takes_part(ticket, incoming.sender)), None)


def _hinted(incoming: Incoming) -> Iterable[Ticket]:
    if incoming.number and (ticket := _ticket(incoming.number)):
        yield ticket
    if incoming.thread_key:
        newest = Message.objects.filter(thread_key=incoming.thread_key).order_by("-pk").only("ticket_id").first()
        if newest and (ticket := _ticket(newest.ticket_id)):
            yield ticket


def _where_they_wait(incoming: Incoming, inbox: int) -> Ticket | None:
    """The newest ticket that came by this inbox from this very sender, unless it is over."""
    if not incoming.sender or incoming.failing:
        return None
    found: list[Ticket] = _waiting_for(address=storable(incoming.sender)[:320], inbox=inbox)
    return found[0] if found else None


@compiled
def _waiting_for(*, address: str, inbox: int) -> "QuerySet[Ticket]":
    theirs = Message.objects.filter(sender=address, raw__inbox=inbox).order_by().values("ticket")
    return _whole().filter(status__in=WAITING, pk__in=theirs).order_by("-pk")[:1]


def _ticket(number: int) -> Ticket | None:
    if not 0 < number < 2**63:
        return None
    found: list[Ticket] = _numbered(number=number)
    return found[0] if found else None


@compiled
def _numbered(*, number: int) -> "QuerySet[Ticket]":
    return _whole().filter(pk=number)


def _whole() -> "QuerySet[Ticket]":
    return Ticket.objects.select_related("requester", "team", "assignee", "merged_into", "inbox")
