import pytest

from towerdesk.events.models import Event
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib.actor import CLOCK
from towerdesk.tickets.rating_link import rating_token, ticket_of
from towerdesk.tickets.resolve import resolve


def published(title: str, text: str, **values):
    article = write(None, title, text, by=CLOCK, **values)
    publish(article, by=CLOCK)
    return article


@pytest.fixture
def shelf(db):
    published("Leaks after descaling", "Turn **the ring** by half.\n\n<script>alert(1)</script>")
    published("Where is my order?", "Look at the tracking page.")
    published("Refund limits", "Only we read this about leaks.", audience="internal")
    return write(None, "A draft about leaks", "Not yet.", by=CLOCK)


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_help_centre_shows_what_is_published_for_everybody(client, shelf):
    page = text_of(client.get("/help/"))

    assert "Leaks after descaling" in page
    assert "Where is my order?" in page
    assert "Refund limits" not in page
    assert "A draft" not in page


def test_words_find_articles_and_inner_ones_stay_inside(client, shelf):
    page = text_of(client.get("/help/?q=ring leaks"))

    assert "Leaks after descaling" in page
    assert "Where is my order?" not in page
    assert "Refund limits" not in page
    assert "No article holds these words" in text_of(client.get("/help/?q=helicopter"))
    assert client.get("/help/refund-limits").status_code == 404


def test_an_article_is_read_counted_once_a_visitor_and_judged(client, shelf):
    page = text_of(client.get("/help/leaks-after-descaling"))
    assert "<strong>the ring</strong>" in page
    assert "<script>alert" not in page

    client.post("/help/leaks-after-descaling/judge", {"helped": "yes"})

    viewed, judged = Event.objects.get(kind="article.viewed"), Event.objects.get(kind="article.judged")
    assert viewed.data["visitor"] == judged.data["visitor"] != ""
    assert judged.data["helped"] is True
    assert client.post("/help/leaks-after-descaling/judge", {"helped": "perhaps"}).status_code == 422


def test_opening_the_rating_link_records_nothing_for_mail_scanners_open_it_too(client, ana, ticket):
    resolve(ticket, by=ana)
    link = f"/rate/{rating_token(ticket)}/3"

    assert "Did our answer solve it?" in text_of(client.get(link))
    client.head(link)
    ticket.refresh_from_db()
    assert ticket.rating is None

    assert "Thank you" in text_of(client.post(link, {"rating": "3", "comment": "Great"}))
    ticket.refresh_from_db()
    assert (ticket.rating, ticket.known_by) == (3, "confirmed")


def test_the_rating_page_speaks_the_language_of_the_mail_it_came_with(client, ana, ticket):
    resolve(ticket, by=ana)
    ticket.language = "de"
    ticket.save()
    link = f"/rate/{rating_token(ticket)}/1"

    page, thanks = text_of(client.get(link)), text_of(client.post(link))

    assert "Hat unsere Antwort geholfen?" in page
    assert '<html lang="de"' in page
    assert "Mit einem Menschen sprechen" in page
    assert "Ein Mensch sieht es sich an" in thanks


def test_a_no_puts_the_ticket_before_a_person_again(client, ana, ticket):
    resolve(ticket, by=ana)

    client.post(f"/rate/{rating_token(ticket)}/3", {"rating": "1"})

    ticket.refresh_from_db()
    assert (ticket.rating, ticket.status, ticket.known_by) == (1, "open", "disputed")


def test_nobody_rates_with_a_token_that_we_did_not_write(client, desk, ticket):
    token = rating_token(ticket)
    assert ticket_of(token) == ticket

    for wrong in (f"{ticket.pk + 1}-{token.partition('-')[2]}", token[:-1], f"{ticket.pk}-", "x", "9" * 40 + "-a"):
        assert ticket_of(wrong) is None
        assert client.post(f"/rate/{wrong}/3").status_code == 404
    assert client.get(f"/rate/{token}/4").status_code == 404
