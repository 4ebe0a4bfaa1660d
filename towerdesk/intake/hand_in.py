"""A filled-in form is handed in: kept as bytes first, then taken in at once, so that its writer hears its number."""

from dataclasses import dataclass

from towerdesk.channels.models import Inbox
from towerdesk.channels.webform.said import Said
from towerdesk.intake.accept import take_in
from towerdesk.intake.by_form import ticket_with
from towerdesk.intake.models import Raw
from towerdesk.intake.store import store
from towerdesk.intake.webform_rates import DOOR
from towerdesk.lib.actor import CLOCK, Actor


@dataclass(frozen=True, slots=True)
class HandedIn:
    """`ticket` is None while it is set aside, or could not be taken in yet."""

    raw: Raw
    ticket: int | None


def hand_in(
    said: Said, inbox: Inbox, *, network: str = "", suspect: str = "", proven: bool = True, by: Actor = CLOCK
) -> HandedIn:
    """`suspect`: one sentence why it is set aside instead of becoming a ticket. The same page sent twice is one request."""
    envelope = {"from": said.email, "to": [inbox.address], "network": network, "suspect": suspect, "proven": proven}
    stored = store(said.as_bytes(), inbox, door=DOOR, envelope=envelope, by=by)
    raw = Raw.objects.to_read().get(pk=stored.pk)
    if raw.state == "stored":
        take_in(raw)
    return HandedIn(raw, raw.ticket_id or ticket_with(raw))
