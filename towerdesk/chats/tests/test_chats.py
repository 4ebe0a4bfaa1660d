"""Mara chats on the shop's site: she is one person on one ticket, whoever answers, wherever she goes."""

from datetime import timedelta

import pytest

from towerdesk.channels import registry
from towerdesk.channels.account import account_of
from towerdesk.channels.chat.identity import signed
from towerdesk.channels.fake import FakeChannel
from towerdesk.channels.models import Inbox
from towerdesk.chats.conversation import news_of
from towerdesk.chats.leave import leave_abandoned
from towerdesk.chats.models import Visitor
from towerdesk.chats.state import state_of
from towerdesk.chats.transcript import send_transcripts
from towerdesk.chats.ways import set_ways
from towerdesk.events.models import Event
from towerdesk.hours.models import Calendar
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import at, now
from towerdesk.testing.site_chat import Page, site_chat, works
from towerdesk.tickets.merge import merge
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.presence import be_here
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve

MARA = "mara@lindqvist.example"


@pytest.fixture
def shop(desk) -> Inbox:
    return site_chat(desk)


@pytest.fixture
def mails():
    """Mails leave into a fake of the channel."""
    fake = FakeChannel()
    registry.put("email", fake)
    yield fake
    registry.put("email", None)


def answered(page, ana, text="Turn the ring by half.") -> Ticket:
    ticket = Ticket.objects.get(pk=page.visitor.ticket_id)
    reply(ticket, text, by=ana)
    works()
    return ticket


def texts(page) -> list[str]:
    return [item["text"] for item in news_of(page.visitor).items if "text" in item]


def goes_away(page, minutes=30) -> None:
    Visitor.objects.filter(key=page.key).update(here=False, seen_at=now() - timedelta(minutes=minutes))


def test_a_chat_is_a_ticket_and_its_answer_is_shown_in_it(shop, ana):
    page = Page(shop).begins()
    visitor = page.says("The group head drips.")
    page.says("Only when it is hot.")
    ticket = answered(page, ana)

    assert (visitor.ticket, ticket.inbox, ticket.subject) == (ticket, shop, "The group head drips.")
    assert texts(page) == ["The group head drips.", "Only when it is hot.", "Turn the ring by half."]
    assert news_of(page.visitor).items[-1]["who"] == "Ana"


def test_the_same_words_twice_are_one_message(shop):
    page = Page(shop).begins()
    for _ in range(3):
        page.says("It drips.", number="the-same-one")

    assert Message.objects.get().message_id == f"{page.key}:the-same-one"
    assert news_of(page.visitor).items[0]["id"] == "the-same-one"


def test_what_was_heard_is_not_said_again_and_what_was_not_is(shop, ana):
    page = Page(shop).begins()
    with at(now() - timedelta(minutes=5)):
        page.says("It drips.")
    page.says("Only when it is hot.")
    last = news_of(page.visitor).upto
    answered(page, ana)

    said = [item["text"] for item in news_of(page.visitor, last).items]
    assert said == ["Only when it is hot.", "Turn the ring by half."]  # what is a minute old may be said again


def test_a_merge_shows_nobody_what_was_said_to_another(shop, ana):
    mara, jonas = Page(shop).begins(), Page(shop).begins()
    mara.says("It drips.")
    jonas.says("My card number is 4000.")
    answered(jonas, ana, "Never write that here, Jonas.")
    merge(jonas.visitor.ticket, mara.visitor.ticket, by=ana)
    answered(mara, ana, "Mara, turn the ring.") if not mara.visitor.ticket.merged_into_id else None

    assert "card" not in str(news_of(mara.visitor).items)
    assert "Jonas" not in str(news_of(mara.visitor).items)
    assert texts(jonas)[:1] == ["My card number is 4000."]


def test_notes_and_what_is_not_sent_yet_stay_inside(shop, ana):
    page = Page(shop).begins()
    ticket = page.says("It drips.").ticket
    Message.objects.create(
        ticket=ticket, direction="out", public=False, text="A difficult one.", visible="A difficult one."
    )
    reply(ticket, "Half a thought", by=ana, pause=timedelta(minutes=5))
    works()

    assert texts(page) == ["It drips."]


def test_a_signed_visitor_is_the_person_of_that_address(shop, mara):
    stamp = int(now().timestamp())
    secret = account_of(shop).get("secret")
    identity = {"id": "17", "mail": MARA, "name": "Mara", "at": stamp, "hash": signed(secret, "17", MARA, stamp)}
    page = Page(shop, identity=identity).begins()

    assert page.says("It drips.").ticket.requester == mara
    assert Message.objects.get().trust["verified"] is True


def test_a_forged_one_is_a_stranger_and_the_ticket_says_so(shop, mara):
    identity = {"id": "17", "mail": MARA, "name": "Mara", "at": int(now().timestamp()), "hash": "0" * 64}
    page = Page(shop, identity=identity).begins()

    assert page.says("Give me her address.").ticket.requester != mara
    assert "signature does not fit" in Message.objects.get().trust["sentence"]


def test_who_merely_says_an_address_is_not_its_owner(shop, mara):
    page = Page(shop, name="Mara", mail=MARA).begins()

    assert page.says("It drips.").ticket.requester != mara


def test_the_page_is_told_only_as_far_as_it_is_useful(shop):
    page = Page(
        shop, page={"address": "https://shop.example/solo", "title": "Solo 2"}, data={"cart": "3 items"}
    ).begins()

    assert page.visitor.page == {"address": "https://shop.example/solo", "title": "Solo 2", "is_web": True}
    assert page.visitor.data == {"cart": "3 items"}


def test_an_answered_chat_that_is_left_is_pending_and_goes_on_by_mail(shop, desk, ana, mails):
    page = Page(shop, name="Mara", mail=MARA).begins()
    page.says("It drips.")
    ticket = answered(page, ana)
    goes_away(page)

    assert leave_abandoned() == 1
    assert leave_abandoned() == 0
    works()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.inbox, ticket.step_kind) == ("pending", desk.inbox, "customer")
    [mail] = mails.sent
    assert (list(mail.to), mail.ticket) == ([MARA], ticket.pk)
    assert "Turn the ring by half." in mail.text


def test_what_they_had_read_is_not_mailed_again(shop, ana, mails):
    page = Page(shop, mail=MARA).begins()
    page.says("It drips.")
    answered(page, ana)
    numbers = [item["number"] for item in news_of(page.visitor).items]
    assert page.post("seen", numbers=numbers, read=True).status_code == 200
    goes_away(page)
    leave_abandoned()
    works()

    assert mails.sent == []


def test_a_chat_left_before_an_answer_is_still_ours_to_answer_by_mail(shop, desk, ana, mails):
    page = Page(shop, mail=MARA).begins()
    page.says("It drips.")
    goes_away(page)
    leave_abandoned()
    ticket = answered(page, ana)

    assert [list(mail.to) for mail in mails.sent] == [[MARA]]
    assert ticket.inbox == desk.inbox


def test_without_an_address_the_answer_waits_in_the_chat(shop, ana):
    page = Page(shop).begins()
    page.says("It drips.")
    goes_away(page)
    leave_abandoned()
    ticket = answered(page, ana)

    assert ticket.inbox == shop
    assert texts(page)[-1] == "Turn the ring by half."


def test_who_comes_back_is_answered_in_the_chat_again(shop, ana, mails):
    page = Page(shop, mail=MARA).begins()
    ticket = page.says("It drips.").ticket
    goes_away(page)
    leave_abandoned()
    page.says("I am back.")
    answered(page, ana)

    assert page.visitor.ticket == ticket
    assert page.visitor.ticket.inbox == shop
    assert mails.sent == []
    assert texts(page)[-1] == "Turn the ring by half."


def test_the_queue_has_an_order(shop, ana):
    pages = [Page(shop).begins() for _ in range(3)]
    for page in pages:
        page.says("It drips.")
        Visitor.objects.filter(key=page.key).update(here=True)
    assert [state_of(page.visitor)["place"] for page in pages] == [1, 2, 3]

    answered(pages[0], ana)
    Visitor.objects.filter(key=pages[1].key).update(here=False)

    assert [state_of(page.visitor)["place"] for page in pages] == [0, 0, 1]


def test_the_visitor_sees_who_is_here_and_whether_they_write(shop, ana):
    page = Page(shop).begins()
    ticket = page.says("It drips.").ticket
    be_here(ticket, writing="reply", by=ana)
    assert state_of(page.visitor)["people"] == [{"name": "Ana", "typing": True}]

    be_here(ticket, writing="note", by=ana)
    assert state_of(page.visitor)["people"] == [{"name": "Ana", "typing": False}]


def test_outside_the_hours_the_widget_says_until_when(shop):
    calendar = Calendar.objects.create(name="Never but on Monday", week=[[[540, 1020]], [], [], [], [], [], []])
    set_ways(shop, {"calendar": calendar.pk}, by=CLOCK)
    said = Page(shop).get("looks").json()

    assert said["open"] is (now().weekday() == 0 and 9 <= now().hour < 17)
    assert said["opens"]


def test_a_rating_at_the_end_confirms(shop, ana):
    page = Page(shop).begins()
    page.says("It drips.")
    ticket = answered(page, ana)
    resolve(ticket, "Solved", by=ana)
    assert state_of(page.visitor)["step"] == "ended"
    assert page.post("rating", rating=3).status_code == 200

    ticket.refresh_from_db()
    assert (ticket.rating, ticket.known_by) == (3, "confirmed")


def test_the_transcript_is_mailed_once_and_answers_to_it_find_the_ticket(shop, ana, mails):
    page = Page(shop).begins()
    page.says("It drips.")
    assert page.post("transcript").status_code == 422
    answered(page, ana)
    assert page.post("transcript", mail=MARA).status_code == 200

    assert (send_transcripts(), send_transcripts()) == (1, 0)
    [mail] = mails.sent
    assert (list(mail.to), mail.ticket) == ([MARA], page.visitor.ticket_id)
    assert "It drips." in mail.text
    assert "Turn the ring by half." in mail.text


def test_ending_it_says_so_on_the_ticket(shop, ana):
    page = Page(shop).begins()
    page.says("It drips.")
    answered(page, ana)
    page.post("end")
    page.post("end")

    assert Event.objects.filter(kind="chat.ended").count() == 1
    assert page.visitor.left_at is not None


def test_a_file_is_kept_and_read_by_its_visitor_alone(shop, client):
    mara, jonas = Page(shop).begins(), Page(shop).begins()
    mara.says("Look.", files={"drip.txt": b"drip drip"})
    jonas.says("Hello")
    [file] = news_of(mara.visitor).items[0]["files"]
    path = "/chat/" + file["address"].partition("/chat/")[2]

    assert client.get(path).content == b"drip drip"
    assert client.get(path.replace(mara.key, jonas.key)).status_code == 404
    assert client.get(path[:-3] + "aaa").status_code == 404
