"""Tell whoever filled in a form that it came in: once, by mail, with nothing in it that they typed (decision 0032)."""

from datetime import timedelta

import structlog
from django.db import transaction

from towerdesk.channels.account import account_of, not_ready
from towerdesk.channels.contract import FateUnknown, NotSent, Outgoing
from towerdesk.channels.registry import channel
from towerdesk.channels.webform.words import Words
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Confirmation

BEYOND = 3 * 10**17
"""Message numbers of these mails lie beyond those of the tickets' messages: an answer finds its ticket by the address."""
MOST = 100
SILENT_FOR = timedelta(minutes=5)
OF_USE = timedelta(days=1)

log = structlog.get_logger()


def came_by_form(event: Event) -> bool:
    """Whether this event is of a message that may wait for a confirmation."""
    return bool(event.data.get("channel") == "webform")


def confirm_due() -> int:
    """Run by the clock and when a form came in. How many mails went out."""
    _give_up()
    waiting = Confirmation.objects.filter(outcome="", claimed_at=None).order_by("id")
    return sum(_confirm(pk) for pk in waiting.values_list("pk", flat=True)[:MOST])


def _give_up() -> None:
    """One whose process died in the middle is not sent again; one that nobody needs any more is not sent at all."""
    open_ones = Confirmation.objects.filter(outcome="").select_related("ticket")
    for held in open_ones.filter(claimed_at__lt=now() - SILENT_FOR)[:MOST]:
        _ended(held, "unsure", "The desk stopped while it was being sent.")
    for held in open_ones.filter(claimed_at=None, created_at__lt=now() - OF_USE)[:MOST]:
        _ended(held, "unsent", "It could not leave within a day.")


def _confirm(pk: int) -> bool:
    """Claim, then send; what surely did not leave for now is tried again by the clock."""
    held = _claim(pk)
    if held is None:
        return False
    try:
        channel(held.ticket.inbox.channel).send(_mail(held))
    except NotSent as error:
        log.warning("a form could not be confirmed by mail", confirmation=pk, why=str(error))
        if error.later:
            Confirmation.objects.filter(pk=pk).update(claimed_at=None)
        else:
            _ended(held, "unsent", str(error))
        return False
    except FateUnknown as error:
        _ended(held, "unsure", str(error))
        return False
    _ended(held, "sent")
    return True


def _claim(pk: int) -> Confirmation | None:
    with transaction.atomic():
        free = Confirmation.objects.select_for_update(skip_locked=True, of=("self",))
        held = free.select_related("ticket__inbox").filter(pk=pk, outcome="", claimed_at=None).first()
        if held is None or not_ready(held.ticket.inbox):
            return None
        held.claimed_at = now()
        held.save(update_fields=["claimed_at"])
    return held


def _ended(held: Confirmation, outcome: str, why: str = "") -> None:
    with transaction.atomic():
        Confirmation.objects.filter(pk=held.pk).update(outcome=outcome, why=why[:300])
        if outcome == "sent":
            record("form.confirmed", by=CLOCK, ticket=held.ticket_id, to=held.address)
        else:
            record("form.unconfirmed", by=CLOCK, ticket=held.ticket_id, to=held.address, why=why)


def _mail(held: Confirmation) -> Outgoing:
    words, ticket = Words(held.language), held.ticket
    return Outgoing(
        message=BEYOND + held.pk,
        ticket=ticket.pk,
        inbox=ticket.inbox.address,
        sender_name=ticket.inbox.sender_name or ticket.inbox.name,
        to=[held.address],
        cc=[],
        subject=words["mail_subject"],
        text=words.say("mail", number=ticket.number),
        html="",
        written_at=now(),
        automatic=True,
        account=account_of(ticket.inbox),
    )
