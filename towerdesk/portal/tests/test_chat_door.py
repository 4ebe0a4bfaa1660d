"""The chat's doors: which sites may, how often, and never another visitor's words."""

import gzip

import pytest

from towerdesk.channels.models import Inbox
from towerdesk.chats.models import Visitor
from towerdesk.chats.ways import set_ways
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.limits import Limit
from towerdesk.portal.chat import door, guard
from towerdesk.portal.chat.script import bundle
from towerdesk.testing.site_chat import Page, site_chat, works
from towerdesk.tickets.models import Message
from towerdesk.tickets.reply import reply


@pytest.fixture
def shop(desk) -> Inbox:
    guard.networks, guard.visitors, door.transcripts = Limit(60), Limit(60), Limit(3600)
    return site_chat(desk)


def test_the_script_is_one_file_of_less_than_25_kb(client, shop):
    answer = client.get(f"/chat/{shop.hook}.js", headers={"Accept-Encoding": "gzip"})

    assert len(answer.content) < 25_000
    assert gzip.decompress(answer.content) == bundle()[0]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert client.get(f"/chat/{shop.hook}.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_looking_makes_no_visitor(shop):
    said = Page(shop).get("looks").json()

    assert (said["title"], said["open"], Visitor.objects.count()) == ("Chat with us", True, 0)
    assert "secret" not in str(said)


def test_only_sites_on_the_list_may_show_it(shop, settings):
    set_ways(shop, {"origins": ["https://shop.example"]}, by=CLOCK)

    assert Page(shop).get("looks").headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert Page(shop, origin=settings.PUBLIC_URL).get("looks").status_code == 200
    refused = Page(shop, origin="https://elsewhere.example").get("looks")
    assert (refused.status_code, "Access-Control-Allow-Origin" in refused.headers) == (403, False)
    assert Page(shop, origin="https://elsewhere.example").post("start").status_code == 403


def test_a_browser_may_ask_first(client, shop):
    for name in ("messages", "live"):
        asked = client.options(f"/chat/{shop.hook}/{name}", headers={"Origin": "https://shop.example"})
        assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (204, "https://shop.example")


@pytest.mark.parametrize("name", ["about", "seen", "typing", "rating", "transcript", "end"])
def test_without_a_token_of_this_chat_nothing_is_done(shop, desk, name):
    other = Page(site_chat(desk, "Other")).begins()
    page = Page(shop)
    assert page.post(name).status_code == 403
    page.token = "x" * 43
    assert page.post(name).status_code == 403
    page.token = other.token
    assert page.post(name).status_code == 403


def test_nobody_has_strangers_written_to_in_our_name(shop, ana):
    pages = [Page(shop).begins() for _ in range(door.MOST_TRANSCRIPTS + 1)]
    first = pages[0].says("Buy this!").ticket
    assert pages[0].post("transcript", mail="a@stranger.example").json()["trouble"].endswith("we have not answered.")

    reply(first, "We are not interested.", by=ana)
    works()
    said = [pages[0].post("transcript", mail=f"{n}@stranger.example").status_code for n in range(len(pages))]
    assert said == [200] * (door.MOST_TRANSCRIPTS - 1) + [429, 429]


def test_words_are_kept_before_they_are_acknowledged(shop):
    page = Page(shop).begins()
    assert page.writes("It drips.").status_code == 200
    assert page.writes("It drips.", number="message-1").status_code == 200

    assert Raw.objects.count() == 1
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("number", "text"), [("short", "Hi"), ("has spaces in it", "Hi"), ("message-1", " "), ("message-1", "x" * 5001)]
)
def test_what_is_no_message_is_refused_with_a_sentence(shop, number, text):
    answer = Page(shop).begins().writes(text, number=number)

    assert answer.status_code == 422
    assert answer.json()["trouble"].endswith(".")


def test_files_have_a_limit(shop):
    page = Page(shop).begins()
    assert page.writes("", files={f"{n}.txt": b"x" for n in range(6)}).status_code == 422
    set_ways(shop, {"files": False}, by=CLOCK)
    assert page.writes("", files={"1.txt": b"x"}).status_code == 422


def test_an_inbox_may_ask_for_a_name_first(shop):
    set_ways(shop, {"ask": "must"}, by=CLOCK)

    assert Page(shop).post("start").status_code == 422
    assert Page(shop).post("start", name="Mara", mail="not an address").status_code == 422
    assert Page(shop).post("start", name="Mara", mail="mara@lindqvist.example").status_code == 200


def test_our_own_address_is_nobodys(shop, desk):
    page = Page(shop, name="Loop", mail=desk.inbox.address).begins()

    assert page.visitor.mail == ""


def test_one_visitor_may_not_flood(shop):
    page = Page(shop).begins()
    answers = [page.post("typing", typing=True) for _ in range(guard.MOST_PER_VISITOR + 1)]

    assert answers[0].status_code == 200
    assert (answers[-1].status_code, int(answers[-1].headers["Retry-After"]) > 0) == (429, True)


def test_nor_one_network(shop):
    set_ways(shop, {"most_per_network": 3}, by=CLOCK)

    assert [Page(shop).post("start").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_network_of_ipv6_is_a_customers_whole_line():
    assert guard.network_of("2001:db8::1") == guard.network_of("2001:db8::ffff:2")
    assert guard.network_of("192.0.2.1") != guard.network_of("192.0.2.2")


def test_nothing_can_be_said_of_anothers_messages(shop, ana):
    from towerdesk.tickets.reply import reply

    mara, jonas = Page(shop).begins(), Page(shop).begins()
    ticket = mara.says("It drips.").ticket
    jonas.says("Hello.")
    reply(ticket, "Turn it.", by=ana)
    works()
    number = Message.objects.get(direction="out").pk
    jonas.post("seen", numbers=[number], read=True)
    assert Message.objects.get(pk=number).delivery == "sent"

    mara.post("seen", numbers=[number])
    assert Message.objects.get(pk=number).delivery == "delivered"


def test_a_limit_slides():
    limit = Limit(10)
    assert [limit.allow("k", 2, at) for at in (0.0, 1.0)] == [0, 0]
    assert limit.allow("k", 2, 2.0) == 8
    assert limit.allow("k", 2, 10.5) == 0
    assert limit.allow("other", 2, 2.0) == 0
