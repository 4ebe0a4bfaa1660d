"""Submit a request: open a ticket with its first message, by a form or without one. The desk, the API and the portal do."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from towerdesk.accounts.models import Team
from towerdesk.channels.models import Inbox
from towerdesk.events.record import together
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.people.models import Person
from towerdesk.tickets.asks import asks_of
from towerdesk.tickets.models import Form, Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.receive import Received, receive
from towerdesk.tickets.shown import shown
from towerdesk.tickets.tag import cleaned
from towerdesk.tickets.taxonomy.choose import can_choose
from towerdesk.tickets.taxonomy.say_field import field_name
from towerdesk.tickets.taxonomy.shape_fields import BUILT_IN

COLUMNS = {"area": "product_area"}


def submit(
    subject: str,
    received: Received,
    *,
    requester: Person,
    inbox: Inbox,
    by: Actor,
    form: Form | None = None,
    team: Team | None = None,
    tags: Sequence[str] = (),
    **values: Any,
) -> Ticket:
    """All or nothing. `values` are columns (`type`, `fields`, `impact` …); what the form presets they may overrule."""
    by.must("ticket.open")
    by.must("ticket.receive")
    values = {name: value for name, value in values.items() if value not in (None, "", {})}
    if form is not None:
        must_answer(form, values)
        values, team = _preset(form, values), team or form.team
    with transaction.atomic(savepoint=False), together():
        ticket = open_ticket(subject, requester=requester, inbox=inbox, team=team, tags=cleaned(tags), by=by, **values)
        receive(ticket, received, by=requester.actor(), opening=True)
    return ticket


def must_answer(form: Form, values: Mapping[str, Any]) -> None:
    """Raises `Invalid` with one sentence that names everything the form demands and did not get. What a condition of the
    form leaves out is not demanded."""
    if form.retired_at is not None:
        raise Invalid(f"The form “{form}” is retired: choose another one.", {"form": "Choose another form."})
    answers = {ask["ask"]: _answer(values, ask["ask"]) for ask in form.asks}
    missing = [ask.key for ask in shown(asks_of(form), answers) if ask.required and answers[ask.key] in (None, "", [])]
    if missing:
        names = " and ".join(f"“{name_of(key)}”" for key in missing)
        raise Invalid(
            f"“{form}” needs {names}: fill it in." if len(missing) == 1 else f"“{form}” needs {names}: fill them in.",
            {_place(key): "Fill this in." for key in missing},
        )


def name_of(key: str) -> str:
    return BUILT_IN.get(key) or field_name(key)


def _answer(values: Mapping[str, Any], key: str) -> Any:
    return values.get(COLUMNS.get(key, key)) if key in BUILT_IN else values.get("fields", {}).get(key)


def _place(key: str) -> str:
    return key if key in BUILT_IN else f"fields.{key}"


def _preset(form: Form, values: dict[str, Any]) -> dict[str, Any]:
    """A preset that was retired since is left out: nobody who fills in the form can help it."""
    said: dict[str, Any] = {"type": can_choose("type", form.type), "product_area": can_choose("area", form.area)}
    said |= {"intent": form.intent} if form.intent and form.intent.active else {}
    return {name: value for name, value in said.items() if value} | values | {"form": form.key}
