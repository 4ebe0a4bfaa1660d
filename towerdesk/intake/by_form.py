"""What a filled-in form becomes: a ticket with the form's answers and presets, or it is set aside for its reason."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from towerdesk.channels.contract import Incoming
from towerdesk.channels.webform.said import Said, trust
from towerdesk.events.record import record, together
from towerdesk.intake.confirmable import may_confirm
from towerdesk.intake.finish import finish
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.people.find import person_for
from towerdesk.people.models import Person
from towerdesk.tickets.asks import Ask, asks_of
from towerdesk.tickets.models import Confirmation, Form, Message, Ticket
from towerdesk.tickets.receive import Received
from towerdesk.tickets.shown import shown
from towerdesk.tickets.submit import COLUMNS, submit
from towerdesk.tickets.taxonomy.check_fields import checked


def become(raw: Raw, incoming: Incoming, *, despite_all: bool, by: Actor) -> None:
    said = Said.model_validate_json(bytes(raw.content))
    against = _sent_before(raw) or ("" if despite_all else str(raw.envelope.get("suspect", "")))
    if against:
        _set_aside(raw, incoming, against)
        return
    try:
        with transaction.atomic(), together():
            ticket = _open(raw, said)
            message = Message.objects.get(ticket=ticket)
            finish(raw, "ticket", incoming=incoming, message=message, by=by)
    except IntegrityError:
        there = _sent_before(raw)
        if not there:
            raise
        _set_aside(raw, incoming, there)


def ticket_with(raw: Raw) -> int | None:
    """The ticket that the same page led to before."""
    found = Message.objects.filter(external_key=_key(raw)).values_list("ticket_id", flat=True)
    return found.first()


def _sent_before(raw: Raw) -> str:
    ticket = ticket_with(raw)
    return f"The same page was sent before: it is on ticket {ticket}." if ticket else ""


def _key(raw: Raw) -> str:
    return hashlib.sha256(f"webform\0{Said.model_validate_json(bytes(raw.content)).key}".encode()).hexdigest()


def _set_aside(raw: Raw, incoming: Incoming, reason: str) -> None:
    with transaction.atomic():
        finish(raw, "set_aside", reason, incoming=incoming)


def _open(raw: Raw, said: Said) -> Ticket:
    """When the form has changed so that its answers fit no longer, they stand in the text: nobody has to write again."""
    person = person_for(said.email, said.name)
    form = Form.objects.select_related("intent", "team").filter(key=said.form).first()
    try:
        with transaction.atomic():
            values, beside = _values(form, said)
            ticket = _submit(raw, said, person, form, values, beside)
    except Invalid:
        told = [
            f"{key}: {', '.join(value) if isinstance(value, list) else value}" for key, value in said.answers.items()
        ]
        ticket = _submit(raw, said, person, None, {}, told)
    _confirm(ticket, said)
    return ticket


def _submit(
    raw: Raw, said: Said, person: Person, form: Form | None, values: dict[str, Any], beside: Sequence[str]
) -> Ticket:
    received = Received(
        text="\n\n".join([said.text, *(["\n".join(beside)] if beside else [])]),
        subject=said.subject,
        sender=said.email,
        person=person,
        channel="webform",
        external_key=_key(raw),
        trust=trust(said),
        files=[file.as_kept() for file in said.files],
    )
    return submit(said.subject, received, requester=person, inbox=raw.inbox, form=form, by=person.actor(), **values)


def _values(form: Form | None, said: Said) -> tuple[dict[str, Any], list[str]]:
    """Columns and fields as the verbs take them, and beside them what can't be a field's value. Only what was asked."""
    values: dict[str, Any] = {"fields": {}}
    beside = []
    for ask in shown(asks_of(form), said.answers) if form else []:
        answer = said.answers.get(ask.key)
        if not answer:
            continue
        if ask.is_built_in:
            values[COLUMNS.get(ask.key, ask.key)] = answer
        elif ask.kind == "person" and not _is_known(ask, answer):
            beside.append(f"{ask.name}: {answer}")
        else:
            values["fields"][ask.key] = answer
    return values, beside


def _is_known(ask: Ask, answer: Any) -> bool:
    """Nobody is told on the web whom we know: an address of a stranger stands in the text instead of the field."""
    try:
        return bool(checked({ask.key: answer}, {}))
    except Invalid:
        return False


def _confirm(ticket: Ticket, said: Said) -> None:
    """It leaves by `delivery`; where none may leave, the ticket says why."""
    why = may_confirm(said.email)
    values = {"address": said.email, "language": said.language, "created_at": now(), "why": why}
    Confirmation.objects.create(ticket=ticket, outcome="unsent" if why else "", **values)
    if why:
        record("form.unconfirmed", by=CLOCK, ticket=ticket.pk, to=said.email, why=why)
