"""Somebody says that they are Mara. What they say gets them a ticket of their own, and never into hers."""

import pytest

from towerdesk.channels.account import account_of
from towerdesk.channels.chat.identity import signed
from towerdesk.chats.conversation import news_of
from towerdesk.lib.clock import now
from towerdesk.people.find import find_person, person_for
from towerdesk.people.models import Identity
from towerdesk.testing.mails import arrives, mail
from towerdesk.testing.site_chat import Page, site_chat
from towerdesk.tickets.join import join
from towerdesk.tickets.models import Message

MARA = "mara@lindqvist.example"
SIGNED = "mx.brasswell.example; dkim=pass header.d=lindqvist.example; dmarc=pass header.from=lindqvist.example"
INDEX = "AdTcyJZuwcB8sxR0Q8eJ3yUlHl1QyQ=="


@pytest.fixture
def asked(desk, settings):
    """Mara's mail, signed by her domain."""
    settings.TRUSTED_MAIL_HOSTS = ["mx.brasswell.example"]
    raw = arrives(mail(id="asked@x.example", authentication_results=SIGNED, thread_index=INDEX), desk.inbox)
    assert find_person(MARA).identities.get().how == "mail"
    return raw


def test_her_own_signed_mail_gets_in_by_a_hint(desk, asked):
    hint = f"Re: [#{asked.ticket_id}]"

    assert arrives(mail("And?", subject=hint, authentication_results=SIGNED), desk.inbox).ticket_id == asked.ticket_id


@pytest.mark.parametrize(
    "hints",
    [{"subject": "Re: [#{number}]"}, {"in_reply_to": "<asked@x.example>"}, {"thread_index": f"{INDEX[:-2]}AAAAAQ"}],
    ids=["number", "her message's id", "Outlook's thread"],
)
def test_her_name_on_a_mail_that_nobody_signed_does_not_get_in(desk, asked, hints):
    told = {name: value.format(number=asked.ticket_id) for name, value in hints.items()}
    raw = arrives(mail("Send it to me", **told), desk.inbox)

    assert (raw.state, raw.ticket_id == asked.ticket_id) == ("ticket", False)
    assert not raw.message.trust["verified"]


def test_an_address_that_somebody_joined_with_her_but_nobody_proved_does_not_get_in(desk, asked, ana):
    claim = person_for("mara.l@elsewhere.example", "Mara L.")
    join(claim, asked.ticket.requester, by=ana)

    raw = arrives(
        mail("Hi", sender="mara.l@elsewhere.example", subject=f"Re: [#{asked.ticket_id}]", id="2@x.example"), desk.inbox
    )

    assert raw.ticket_id != asked.ticket_id
    assert raw.ticket.requester == asked.ticket.requester  # as it was decided, until its owner proves it


def test_a_visitor_of_the_chat_who_says_to_be_her_reads_and_writes_nothing_of_hers(desk, asked):
    eve = Page(site_chat(desk), name="Mara Lindqvist", mail=MARA).begins()
    visitor = eve.says(f"What about [#{asked.ticket_id}]?")

    assert visitor.ticket_id != asked.ticket_id
    assert visitor.ticket.requester != find_person(MARA)
    assert [item["text"] for item in news_of(visitor).items if "text" in item] == [f"What about [#{asked.ticket_id}]?"]
    assert Message.objects.filter(ticket=asked.ticket).count() == 1


def test_a_visitor_whom_the_site_vouches_for_is_her_and_still_reads_only_their_chat(desk, asked):
    shop = site_chat(desk)
    stamp = int(now().timestamp())
    mark = signed(account_of(shop).get("secret"), "17", MARA, stamp)
    page = Page(shop, identity={"id": "17", "mail": MARA, "at": stamp, "hash": mark}).begins()
    visitor = page.says("It drips again")

    assert visitor.ticket.requester == find_person(MARA)
    assert visitor.ticket_id != asked.ticket_id
    assert [item["text"] for item in news_of(visitor).items if "text" in item] == ["It drips again"]


def test_a_signed_visitor_does_not_inherit_from_who_claimed_the_address(desk, ana):
    eve = person_for("+491701234567", "Eve", kind="phone", verified=True)
    join(person_for(MARA, "typed in a form"), eve, by=ana)
    shop = site_chat(desk)
    stamp = int(now().timestamp())
    mark = signed(account_of(shop).get("secret"), "17", MARA, stamp)
    visitor = Page(shop, identity={"id": "17", "mail": MARA, "at": stamp, "hash": mark}).begins().says("Hello")

    assert visitor.ticket.requester != eve
    assert Identity.objects.get(value=MARA).how == "site"
