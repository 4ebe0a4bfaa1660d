"""Turn the desk's rows into what the API shows."""

from towerdesk.api.v1.shapes import (
    AskOut,
    AttachmentOut,
    EventOut,
    FormOut,
    HitOut,
    MessageOut,
    Named,
    NextStep,
    TicketOut,
    WhenOut,
)
from towerdesk.events.models import Event
from towerdesk.tickets.asks import asks_of
from towerdesk.tickets.models import Form, Message, Ticket
from towerdesk.tickets.search import Hit


def ticket_out(ticket: Ticket) -> TicketOut:
    """Reads related rows: fetch with `for_strips()`."""
    return TicketOut(
        number=ticket.number,
        subject=ticket.subject,
        status=ticket.status,
        priority=ticket.priority,
        type=ticket.type,
        intent=ticket.intent.slug if ticket.intent else None,
        product_area=ticket.product_area,
        impact=ticket.impact,
        urgency=ticket.urgency,
        form=ticket.form,
        fields=ticket.fields,
        team=ticket.team.slug if ticket.team else None,
        assignee=ticket.assignee.email if ticket.assignee else None,
        handler=ticket.handler,
        requester=Named(id=ticket.requester_id, name=str(ticket.requester)),
        organisation=Named(id=ticket.organisation.pk, name=ticket.organisation.name) if ticket.organisation else None,
        inbox=ticket.inbox.address,
        channel=ticket.inbox.channel,
        language=ticket.language,
        mood=ticket.mood,
        tags=ticket.tags,
        next_step=_next_step(ticket),
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        first_reply_at=ticket.first_reply_at,
        resolved_at=ticket.resolved_at,
        resolution=ticket.resolution,
        known_by=ticket.known_by,
        rating=ticket.rating,
        merged_into=ticket.merged_into_id,
    )


def _next_step(ticket: Ticket) -> NextStep:
    """Where nothing is left to do, nothing is due."""
    due = None if ticket.step_kind == "none" else ticket.due_at
    return NextStep(kind=ticket.step_kind, sentence=ticket.next_step, due=due)


def message_out(message: Message, *, has_files: bool = True) -> MessageOut:
    """Reads the attachments: fetch with `prefetch_related("attachments")`, or say that there are none."""
    return MessageOut(
        id=message.pk,
        ticket=message.ticket_id,
        direction="out" if message.is_ours else "in",
        public=message.public,
        author_kind=message.author_kind,
        author=message.author_name,
        channel=message.channel,
        subject=message.subject,
        text=message.visible,
        full_text=message.text,
        auto=message.auto,
        delivery=message.delivery,
        created_at=message.created_at,
        sent_at=message.sent_at,
        attachments=[
            AttachmentOut(id=one.pk, name=one.name, type=one.type, size=one.size, inline=one.inline)
            for one in (message.attachments.all() if has_files else ())
        ],
    )


def event_out(event: Event) -> EventOut:
    return EventOut(
        id=event.pk,
        at=event.at,
        kind=event.kind,
        actor_kind=event.actor_kind,
        actor=event.actor_name,
        message=event.subject_id if event.kind.startswith("message.") else None,
        cause=event.cause_id,
        data=event.data,
    )


def hit_out(hit: Hit) -> HitOut:
    return HitOut(
        ticket=ticket_out(hit.ticket),
        at=hit.at,
        message=hit.message_id,
        snippet=hit.snippet.text,
        marks=list(hit.snippet.marks),
    )


def form_out(form: Form) -> FormOut:
    asks = [
        AskOut(
            ask=one.key,
            name=one.name,
            kind=one.kind,
            required=one.required,
            help=one.help,
            choices=[key for key, _ in one.choices],
            when=[WhenOut(ask=when.ask, says=when.says, values=list(when.values)) for when in one.when],
        )
        for one in asks_of(form)
    ]
    return FormOut(key=form.key, name=form.name, help=form.help, asks=asks)
