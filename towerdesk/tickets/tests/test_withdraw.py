"""Taking back what the assistant has not sent yet."""

from datetime import timedelta

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.testing import cast
from towerdesk.tickets.models import Message
from towerdesk.tickets.note import note
from towerdesk.tickets.reply import reply
from towerdesk.tickets.withdraw import withdraw_pending


def said_by_assistant(ticket):
    return reply(ticket, "Turn it", by=THE_ASSISTANT, warrant="licence:1", pause=timedelta(minutes=2), then="keep")


def test_only_this_tickets_unsent_words_of_the_assistant_are_taken_back(desk, ticket, mara, ana):
    other = cast.opened(desk, mara, "Another")
    elsewhere, sent, waiting = said_by_assistant(other), said_by_assistant(ticket), said_by_assistant(ticket)
    Message.objects.filter(pk=sent.pk).update(delivery="sent")
    ours = note(ticket, "Watch this one", by=ana)

    assert withdraw_pending(ticket, "Ana took this", by=ana) == 1

    states = dict(Message.objects.values_list("pk", "delivery"))
    assert (states[waiting.pk], states[sent.pk], states[elsewhere.pk]) == ("withdrawn", "sent", "queued")
    assert states[ours.pk] == ""


def test_looking_for_them_does_not_read_the_desks_queue(ticket, ana, django_assert_num_queries):
    """A condition on the queue would let the database walk all that waits to leave, on every reply."""
    with django_assert_num_queries(1) as asked:
        withdraw_pending(ticket, "Ana took this", by=ana)

    where = asked.captured_queries[0]["sql"].split("WHERE")[1]
    assert "ticket_id" in where
    assert "delivery" not in where
