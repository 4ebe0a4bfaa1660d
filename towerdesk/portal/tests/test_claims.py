"""Whoever types Mara's address into a form opens a ticket, and gets into none."""

from towerdesk.people.find import person_for
from towerdesk.people.models import Identity
from towerdesk.testing import cast
from towerdesk.tickets.models import Message, Ticket


def test_an_address_that_is_typed_opens_a_ticket_that_says_so_and_touches_no_other(desk, fill):
    mara = person_for("mara@lindqvist.example", "Mara Lindqvist", verified=True, how="mail")
    hers = cast.opened(desk, mara)
    fill(subject=f"Re: [#{hers.number}]")

    theirs = Ticket.objects.exclude(pk=hers.pk).get()
    assert Message.objects.filter(ticket=hers).count() == 1
    assert not Message.objects.get(ticket=theirs).trust["verified"]
    assert Identity.objects.get(value="mara@lindqvist.example").how == "mail"
