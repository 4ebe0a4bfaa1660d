"""A request by chat is answered by mail, and back: one ticket, one history, and never to somebody else's address."""

import pytest

from towerdesk.channels import registry
from towerdesk.channels.email.address import reply_address
from towerdesk.channels.fake import FakeChannel
from towerdesk.chats.conversation import news_of
from towerdesk.events.models import Event
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.people.find import person_for
from towerdesk.testing.mails import arrives, mail
from towerdesk.testing.site_chat import Page, site_chat, works
from towerdesk.tickets.answer_by import ways_to_answer
from towerdesk.tickets.join import join
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply
from towerdesk.web.sentences import sentence

MARA = "mara@lindqvist.example"


@pytest.fixture
def mails():
    """Mails leave into a fake of the channel."""
    fake = FakeChannel()
    fake.identity = "email"
    registry.put("email", fake)
    yield fake
    registry.put("email", None)


@pytest.fixture
def mara(desk):
    return person_for(MARA, "Mara Lindqvist", verified=True, how="mail")


@pytest.fixture
def chat(desk) -> Page:
    chat = Page(site_chat(desk), name="Mara").begins()
    chat.says("It drips")
    return chat


def ticket_of(chat) -> Ticket:
    return Ticket.objects.select_related("inbox", "requester").get(pk=chat.visitor.ticket_id)


def offered(chat) -> list[tuple[str, str, bool]]:
    return [(way.inbox.channel, way.to, way.left) for way in ways_to_answer(ticket_of(chat))]


def test_a_chat_is_answered_by_mail_once_it_is_known_whose_it_is(desk, chat, mara, ana, mails):
    assert offered(chat) == [("chat", "", False)]
    join(ticket_of(chat).requester, mara, by=ana, why="She told me her address")
    assert offered(chat) == [("chat", "", False), ("email", MARA, False)]

    reply(ticket_of(chat), "See the picture.", way=f"{desk.inbox.pk}:{MARA}", by=ana)
    works()

    assert [sent.to for sent in mails.sent] == [[MARA]]
    assert ticket_of(chat).inbox == desk.inbox
    reply(ticket_of(chat), "One more thing.", by=ana)
    works()
    reply(ticket_of(chat), "From a page drawn before.", way=f"{desk.inbox.pk}:{MARA}", by=ana)
    works()
    assert [sent.to for sent in mails.sent] == [[MARA]] * 3
    told = Event.objects.get(kind="ticket.answered_by")
    assert sentence(told) == "From here on Ana Reyes answers by Support instead of Shop"
    assert [item.get("line") for item in news_of(chat.visitor).items if "line" in item] == ["by_mail"]


def test_what_she_writes_then_by_mail_or_in_the_chat_lands_on_the_same_ticket(desk, chat, mara, ana):
    join(ticket_of(chat).requester, mara, by=ana)
    ticket = ticket_of(chat)
    reply(ticket, "See the picture.", way=f"{desk.inbox.pk}:{MARA}", by=ana)

    raw = arrives(mail("Still drips", to=reply_address(desk.inbox.address, ticket.pk)), desk.inbox)
    assert (raw.ticket_id, raw.message.person, "newcomer" in raw.message.trust) == (ticket.pk, mara, False)
    chat.says("I am here again")

    assert ticket_of(chat).inbox == chat.inbox
    assert Message.objects.filter(ticket=ticket, direction="in").count() == 3


def test_it_goes_back_to_the_chat_by_choice_and_shows_there(desk, chat, mara, ana, mails):
    join(ticket_of(chat).requester, mara, by=ana)
    reply(ticket_of(chat), "By mail.", way=f"{desk.inbox.pk}:{MARA}", by=ana)
    works()
    assert offered(chat) == [("email", "", False), ("chat", "", False)]

    reply(ticket_of(chat), "And here.", way=f"{chat.inbox.pk}:", by=ana)
    works()

    assert len(mails.sent) == 1
    assert "And here." in [item.get("text") for item in news_of(chat.visitor).items]
    assert "By mail." not in [item.get("text") for item in news_of(chat.visitor).items]


def test_an_earlier_reply_that_still_waits_does_not_change_its_way(desk, chat, mara, ana):
    join(ticket_of(chat).requester, mara, by=ana)
    reply(ticket_of(chat), "In the chat.", by=ana)

    with pytest.raises(Conflict, match="has not left yet"):
        reply(ticket_of(chat), "By mail.", way=f"{desk.inbox.pk}:{MARA}", by=ana)


def test_where_they_asked_for_answers_themselves_is_offered_as_what_it_is(desk, ana, mails):
    chat = Page(site_chat(desk), name="Mara", mail=MARA).begins()
    chat.says("It drips")

    assert offered(chat) == [("chat", "", False), ("email", MARA, True)]
    reply(ticket_of(chat), "Turn it.", way=f"{desk.inbox.pk}:{MARA}", by=ana)
    works()
    assert mails.sent[0].to == [MARA]


def test_an_address_that_is_not_theirs_or_not_verified_is_refused_and_nothing_leaves(desk, chat, ana):
    join(person_for("claimed@lindqvist.example", "Mara"), ticket_of(chat).requester, by=ana)

    for way in (f"{desk.inbox.pk}:eve@elsewhere.example", f"{desk.inbox.pk}:claimed@lindqvist.example"):
        with pytest.raises(Invalid, match="No mail address is known to be Mara's"):
            reply(ticket_of(chat), "Secret", way=way, by=ana)
    with pytest.raises(Invalid, match="not there any more"):
        reply(ticket_of(chat), "Secret", way="nonsense", by=ana)
    assert not Message.objects.filter(direction="out").exists()
    assert ticket_of(chat).inbox == chat.inbox


def test_a_way_by_which_they_never_wrote_here_is_refused_in_a_sentence(desk, chat, mara, ana):
    ticket = arrives(mail("By mail"), desk.inbox).ticket

    with pytest.raises(Invalid, match="has not written by Shop on this ticket"):
        reply(ticket, "Hello", way=f"{chat.inbox.pk}:", by=ana)
    chat.inbox.paused = True
    chat.inbox.save(update_fields=["paused"])
    with pytest.raises(Invalid, match="Shop is paused"):
        reply(ticket, "Hello", way=f"{chat.inbox.pk}:", by=ana)


def test_the_page_lets_an_agent_choose_and_keeps_the_words_when_it_is_refused(desk, chat, mara, ana, ana_user, client):
    join(ticket_of(chat).requester, mara, by=ana)
    number = chat.visitor.ticket_id
    client.force_login(ana_user)
    shown = " ".join(client.get(f"/tickets/{number}?write=reply").content.decode().split())
    assert f'<option value="{desk.inbox.pk}:{MARA}">mail to {MARA}</option>' in shown

    refused = client.post(f"/tickets/{number}/reply", {"text": "Dear Eve", "way": f"{desk.inbox.pk}:eve@x.example"})
    assert refused.status_code == 422
    assert "Dear Eve" in refused.content.decode()

    client.post(f"/tickets/{number}/reply", {"text": "Dear Mara", "way": f"{desk.inbox.pk}:{MARA}"})
    assert Message.objects.get(direction="out").to == [MARA]
