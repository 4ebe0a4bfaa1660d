"""Keep a closed ticket as something to learn from: its question, how it was answered, and the question's vector."""

from towerdesk.assistant.models import Solved
from towerdesk.assistant.understand.gist import gist
from towerdesk.knowledge.index import pack
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import embedder
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.taxonomy import taxonomy

MOST_CHARACTERS = 1500


def learn(ticket_id: int) -> Solved | None:
    """None when the ticket teaches nothing: no intent, not solved, or the answer did not hold."""
    ticket = Ticket.objects.select_related("intent").filter(pk=ticket_id).first()
    if ticket is None or not teaches(ticket):
        return None
    asked = ticket.messages.filter(direction="in", public=True).order_by("id").first()
    answered = ticket.messages.but_receipts().filter(direction="out", public=True, call=None).order_by("-id").first()
    if asked is None:
        return None
    question = question_of(asked)
    vector = embedder().embed([gist(question)])
    solved, _ = Solved.objects.update_or_create(
        ticket=ticket,
        defaults={
            "question": question,
            "answer": answered.visible[:MOST_CHARACTERS] if answered else "",
            "vector": pack(vector),
            "model": embedder().fingerprint,
            "at": now(),
        },
    )
    return solved


def teaches(ticket: Ticket) -> bool:
    return (
        ticket.intent_id is not None
        and taxonomy().standing("resolution", ticket.resolution) in _good_ends()
        and ticket.known_by in ("confirmed", "assumed")
    )


def _good_ends() -> set[str]:
    return {taxonomy().standing("resolution", key) for key in ("solved", "information")}


def question_of(message: Message) -> str:
    """What a person asked: the subject, then what they wrote this time. The models read the `gist` of it."""
    subject = message.subject.strip()
    text = message.visible.strip()
    return (text if not subject or subject.lower() in text.lower() else f"{subject}\n{text}")[:MOST_CHARACTERS]
