"""The link under a letter that the assistant sent alone: a scanner's look does nothing, one press gets a person."""

from towerdesk.portal.tests.test_portal import text_of
from towerdesk.tickets.person_link import person_token, ticket_of
from towerdesk.tickets.rating_link import rating_token
from towerdesk.tickets.resolve import resolve


def test_opening_it_does_nothing_one_press_hands_over(client, ticket):
    link = f"/person/{person_token(ticket)}"

    assert "Talk to a person" in text_of(client.get(link))
    client.head(link)
    ticket.refresh_from_db()
    assert ticket.person_asked_at is None

    assert "A person takes over from here and answers you" in text_of(client.post(link))
    ticket.refresh_from_db()
    assert (ticket.step_kind, ticket.next_step.partition(".")[0]) == ("answer", "Mara asks for a person")


def test_it_speaks_the_tickets_language_and_takes_up_what_was_resolved(client, ana, ticket):
    resolve(ticket, by=ana)
    ticket.language = "de"
    ticket.save()

    page = text_of(client.post(f"/person/{person_token(ticket)}"))

    assert "Ab hier übernimmt ein Mensch" in page
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_another_links_token_is_none_of_it(client, ticket):
    assert ticket_of(rating_token(ticket)) is None
    assert client.post(f"/person/{rating_token(ticket)}").status_code == 404
    assert client.post(f"/person/{ticket.pk}-").status_code == 404


def test_the_rating_page_offers_it(client, ticket):
    assert f"/person/{person_token(ticket)}" in text_of(client.get(f"/rate/{rating_token(ticket)}/1"))
