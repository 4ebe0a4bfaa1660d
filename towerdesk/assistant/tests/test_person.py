"""Whoever asks for a person gets one: by mail, in a chat, after an answer, in their language."""

import pytest

from towerdesk.assistant.consider import consider
from towerdesk.assistant.models import Licence
from towerdesk.assistant.propose.letter import CLOSING
from towerdesk.events.models import Event
from towerdesk.lib.clock import now
from towerdesk.testing import cast
from towerdesk.testing.chats import chatting
from towerdesk.testing.lessons import QUESTION
from towerdesk.testing.mails import arrives, mail


@pytest.fixture
def licensed(taught):
    intent = taught["return-how-to"]
    Licence.objects.create(
        intent=intent, threshold=0.01, alpha=0.05, n=80, k=0, bound=0.037, expires_at=now().replace(year=2099)
    )
    return intent


@pytest.mark.parametrize("said", ["Let me talk to a human.", "Ich will mit einem Menschen sprechen.", "Agent"])
def test_by_mail(licensed, desk, said):
    message = arrives(mail(f"{QUESTION}\n{said}", subject="Return"), desk.inbox).message

    run = consider(message)

    message.ticket.refresh_from_db()
    assert (run.outcome, run.why) == ("handed_over", "The customer asks for a person")
    assert message.ticket.step_kind == "answer"
    assert not message.ticket.messages.filter(direction="out").exists()


@pytest.mark.parametrize("said", ["Human please", "Quiero hablar con una persona", "un conseiller"])
def test_in_a_chat_where_the_visitor_sees_that_it_was_handed_over(licensed, desk, said):
    with chatting(desk) as chat:
        message = chat.arrives(f"{QUESTION}\n{said}").message
        run = consider(message)

    assert run.outcome == "handed_over"
    assert Event.objects.filter(kind="assistant.handed_over", ticket_id=message.ticket_id).exists()


def test_after_an_answer_of_the_assistant_which_says_how(licensed, desk, mara):
    ticket = cast.opened(desk, mara, "Return", QUESTION)
    answer = consider(ticket.messages.get()).sent
    assert CLOSING["en"] in answer.text

    run = consider(cast.says(ticket, "No bots, please"))

    assert run.outcome == "handed_over"
