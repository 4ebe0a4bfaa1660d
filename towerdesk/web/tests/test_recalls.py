"""Ana stops the assistant, follows a wrong article to its readers, and settles what two articles say."""

import pytest

from towerdesk.accounts.halt import halted
from towerdesk.assistant.budget import budget
from towerdesk.assistant.claims import keep_claims
from towerdesk.assistant.models import Contradiction, Recall
from towerdesk.knowledge.models import Version
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib.actor import CLOCK
from towerdesk.testing import cast
from towerdesk.tickets.models import Message
from towerdesk.web.tests.conftest import SENTENCE


def told(desk, suggested, person):
    """This person was sent the article's sentence."""
    ticket = cast.opened(desk, person)
    run = suggested(ticket)
    run.evidence[0]["version"] = Version.objects.get().pk
    run.grounded = [{"text": SENTENCE, "source": 0, "start": 0, "end": len(SENTENCE), "support": 1.0}]
    run.save()
    message = Message.objects.create(
        ticket=ticket, direction="out", author_kind="agent", author_name="Ben", text=SENTENCE, visible=SENTENCE,
        delivery="sent", channel="email",
    )  # fmt: skip
    keep_claims(run, message)
    return ticket


@pytest.fixture
def mara_and_jonas(desk, suggested, mara, jonas):
    return told(desk, suggested, mara), told(desk, suggested, jonas)


def test_ana_sees_how_many_were_told_and_corrects_them_all(web, mara_and_jonas, article):
    assert "2 people were told what it says" in web.get(f"/articles/{article.pk}").content.decode()
    page = web.get(f"/articles/{article.pk}/told").content.decode()
    assert SENTENCE in page

    chosen = {"version": article.current_id, "s": 0}
    page = web.get(f"/articles/{article.pk}/told", chosen).content.decode()
    assert "2 people are still to be told" in page
    text = "Hello {{requester.first_name}}, a flat gasket still seals."
    page = web.post(f"/articles/{article.pk}/told", chosen | {"text": text}).content.decode()
    assert "Hello Jonas, a flat gasket still seals." in page
    assert not Recall.objects.exists()

    answer = web.post(f"/articles/{article.pk}/told", chosen | {"text": text, "do": "1"})
    made = Recall.objects.get()
    assert answer.headers["Location"] == f"/bulk/{made.bulk_id}"
    page = web.get(f"/articles/{article.pk}/told", chosen).content.decode()
    assert "Nobody is left to be told" in page


def test_a_letter_with_a_gap_is_not_shown_as_ready(web, mara_and_jonas, article):
    answer = web.post(f"/articles/{article.pk}/told", {"version": article.current_id, "text": "Right is: …"})
    assert (answer.status_code, "Write what is right" in answer.content.decode()) == (422, True)


def test_ben_sees_it_and_sends_nothing(bens_web, mara_and_jonas, article):
    page = bens_web.get(f"/articles/{article.pk}/told", {"version": article.current_id}).content.decode()
    assert "A lead sends corrections." in page
    said = {"version": article.current_id, "text": "Sorry.", "do": "1"}
    assert bens_web.post(f"/articles/{article.pk}/told", said).status_code == 403
    assert not Recall.objects.exists()


def test_nothing_told_is_said_so(web, article):
    assert "No sentence of this article has reached" in web.get(f"/articles/{article.pk}/told").content.decode()


def test_the_brake_is_on_every_page_and_a_lead_lets_go(web, bens_web, ticket):
    bens_web.post("/settings/assistant/stop", {"why": "It quotes old prices"})
    assert halted()

    for path in ("/", "/tickets", "/settings/assistant"):
        assert "It quotes old prices" in web.get(path).content.decode()
    assert bens_web.post("/settings/assistant/start").status_code == 403
    web.post("/settings/assistant/start")
    assert halted() is None
    assert "The assistant is stopped" not in web.get("/").content.decode()


def test_caps_are_set_on_the_page(web):
    web.post("/settings/assistant/budget", {"day_cost": "2,50", "day_calls": "100", "ticket_calls": ""})
    caps = budget()
    assert (str(caps.day_cost), caps.day_calls, caps.ticket_calls, caps.month_cost) == ("2.50", 100, None, None)

    answer = web.post("/settings/assistant/budget", {"day_calls": "many"})
    assert (answer.status_code, "a number from 0 on" in answer.content.decode()) == (422, True)


def test_what_two_articles_say_is_settled_with_a_reason(web, article):
    other = write(None, "Old gaskets", "A gasket that is flat on one side still seals the rim.", by=CLOCK)
    publish(other, by=CLOCK)
    other.refresh_from_db()
    pair = Contradiction.objects.create(
        one=article.current,
        one_start=0,
        one_end=len(SENTENCE),
        other=other.current,
        other_start=0,
        other_end=40,
        why="One denies",
    )
    page = web.get("/articles").content.decode()
    assert SENTENCE in page
    assert "Two sentences disagree" in page

    assert web.post(f"/articles/disagree/{pair.pk}", {"why": " "}).status_code == 422
    web.post(f"/articles/disagree/{pair.pk}", {"why": "The old ones are thicker"})
    assert "disagree" not in web.get("/articles").content.decode()
