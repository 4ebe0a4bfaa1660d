"""Talk to a person: it always works, and from then on the assistant says nothing by itself on that ticket."""

from datetime import timedelta

import pytest

from towerdesk import flow
from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.assistant.consider import consider
from towerdesk.assistant.models import Licence, Run
from towerdesk.assistant.stop import stop
from towerdesk.channels import registry
from towerdesk.channels.fake import FakeChannel
from towerdesk.delivery.claim import why_silent
from towerdesk.delivery.compose import compose
from towerdesk.delivery.send import send_due
from towerdesk.events.models import Event
from towerdesk.lib import embedding
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict
from towerdesk.sla.models import Clock, Policy, Target
from towerdesk.testing import cast
from towerdesk.testing.lessons import QUESTION
from towerdesk.tickets.ask_for_person import ask_for_person
from towerdesk.tickets.merge import merge
from towerdesk.tickets.models import Message
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve

ASKS = "I would like to talk to a person."


@pytest.fixture
def licensed(taught):
    intent = taught["return-how-to"]
    Licence.objects.create(
        intent=intent, threshold=0.01, alpha=0.05, n=80, k=0, bound=0.037, expires_at=now().replace(year=2099)
    )
    return intent


@pytest.fixture
def mails():
    """Mails leave into a fake of the channel."""
    fake = FakeChannel()
    fake.identity = "email"
    registry.put("email", fake)
    yield fake
    registry.put("email", None)


def works(after: int = 0) -> int:
    """As the worker does: the steps that follow the newest events, each once."""
    while events := list(
        Event.objects.filter(pk__gt=after, kind__in=("message.received", "ticket.person_asked")).order_by("pk")
    ):
        for event in events:
            after = event.pk
            {"message.received": flow.decide, "ticket.person_asked": flow.to_a_person}[event.kind](event)
    return after


def said_to(ticket) -> list[Message]:
    return list(ticket.messages.filter(direction="out", public=True).exclude(delivery="withdrawn").order_by("pk"))


def test_nothing_is_answered_alone_from_then_on_whatever_is_licensed(licensed, desk, mara):
    ticket = cast.opened(desk, mara, "Return", f"{QUESTION}\n{ASKS}")
    done = works()
    cast.says(ticket, QUESTION)
    works(done)

    ticket.refresh_from_db()
    [receipt] = said_to(ticket)
    assert (receipt.author_kind, receipt.warrant) == ("rule", "receipt")
    assert receipt.text == "A person takes over from here and answers you as soon as one of us is free."
    assert [run.why for run in Run.objects.filter(ticket=ticket)] == ["The customer asks for a person"] * 2
    assert (ticket.step_kind, ticket.handler, ticket.first_reply_at) == ("answer", "person", None)
    assert ticket.intent == licensed  # whoever takes over finds it read


def test_a_control_without_these_words_is_answered_alone(licensed, desk, mara):
    ticket = cast.opened(desk, mara, "Return", QUESTION)
    works()

    [answer] = said_to(ticket)
    assert answer.author_kind == "assistant"


def test_what_it_had_queued_is_taken_back_and_a_later_answer_is_refused(licensed, desk, mara):
    licensed.level = "pause"
    licensed.save()
    ticket = cast.opened(desk, mara, "Return", QUESTION)
    queued = consider(ticket.messages.get()).sent

    ask_for_person(ticket, by=mara.actor())
    works()

    queued.refresh_from_db()
    assert queued.delivery == "withdrawn"
    assert why_silent(queued, ticket) == "A person has this ticket in hand"
    with pytest.raises(Conflict):
        reply(ticket, "Turn it.", by=THE_ASSISTANT, warrant="licence:1")


def test_with_the_assistant_stopped(licensed, desk, mara):
    stop("A test", by=CLOCK)
    ticket = cast.opened(desk, mara, "Return", "Mensch bitte")
    works()

    ticket.refresh_from_db()
    assert ticket.person_asked_at
    assert ticket.next_step == "Mara asks for a person. Someone in Repairs answers Mara"
    assert "sobald jemand von uns frei ist" in said_to(ticket)[0].text
    assert not Run.objects.exists()


def test_with_the_model_broken(licensed, desk, mara, monkeypatch):
    def broken(*given):
        raise OSError("No model is there.")

    monkeypatch.setattr(type(embedding.embedder()), "embed", broken)
    ticket = cast.opened(desk, mara, "Return", f"{QUESTION}\n{ASKS}")
    works()

    ticket.refresh_from_db()
    assert (ticket.step_kind, len(said_to(ticket))) == ("answer", 1)


def test_a_machine_that_says_so_is_answered_by_nobody(desk, mara):
    ticket = cast.opened(desk, mara)
    cast.says(ticket, ASKS, auto="auto_reply")
    works()

    ticket.refresh_from_db()
    assert ticket.person_asked_at is None
    assert said_to(ticket) == []


def test_the_receipt_leaves_as_automatic_mail_without_a_question_even_when_somebody_has_the_ticket(
    desk, mara, ana_user, mails
):
    ticket = cast.opened(desk, mara, "Return", ASKS)
    works()
    ticket.refresh_from_db()
    ticket.assignee = ana_user
    ticket.save()
    cast.says(ticket, "Are you there?")

    assert send_due() == 1
    [sent] = mails.sent
    assert (sent.automatic, sent.question, sent.person) == (True, None, None)


def test_only_letters_that_the_assistant_sent_alone_carry_the_link(licensed, desk, mara, ana):
    ticket = cast.opened(desk, mara, "Return", QUESTION)
    alone = consider(ticket.messages.get()).sent
    label, address = compose(alone).person
    assert label == "Talk to a person"
    assert f"/person/{ticket.pk}-" in address

    assert compose(reply(ticket, "Turn the ring.", by=ana)).person is None


def test_asked_again_it_is_one_receipt_until_a_person_has_answered_and_it_is_pressed_once_more(desk, mara, ana):
    ticket = cast.opened(desk, mara, "Return", "It drips.")
    assert ask_for_person(ticket, by=mara.actor())
    assert not ask_for_person(ticket, by=mara.actor())
    done = works()
    reply(ticket, "Turn the ring.", by=ana)
    resolve(ticket, by=ana)

    assert ask_for_person(ticket, by=mara.actor())
    works(done)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.step_kind) == ("open", "answer")
    assert [one.warrant for one in said_to(ticket)] == ["receipt", "", "receipt"]


def test_merged_into_another_the_wish_goes_along(desk, mara, ana):
    ticket, other = cast.opened(desk, mara), cast.opened(desk, mara, "More of it")
    ask_for_person(ticket, by=mara.actor())

    merge(ticket, other, by=ana)

    assert other.person_asked_at == ticket.person_asked_at


def test_the_clock_of_the_promise_runs_from_the_press(desk, mara, ana):
    policy = Policy.objects.create(name="All")
    for kind in ("first_response", "next_response"):
        Target.objects.create(policy=policy, kind=kind, critical=60, high=60, normal=60, low=60)
    ticket = cast.opened(desk, mara)
    reply(ticket, "Turn the ring.", by=ana)

    ask_for_person(ticket, by=mara.actor())

    ticket.refresh_from_db()
    clock = Clock.objects.get(ticket=ticket, state="running", kind="next_response")
    assert ticket.due_at == clock.due_at
    assert timedelta(minutes=59) < clock.due_at - now() <= timedelta(minutes=60)
