"""A site's reviews on the desk: each is a ticket once, whatever the server shows, over real HTTP."""

import json
from datetime import datetime, timedelta

import pytest

from towerdesk import clockwork
from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import Says, serving
from towerdesk.channels.feed.channel import FeedChannel
from towerdesk.channels.feed.fake import HEADER, FakeSite, as_atom, as_json, entry
from towerdesk.channels.feed.listed import entries
from towerdesk.channels.feed.moments import moment
from towerdesk.channels.feed.said import stars
from towerdesk.channels.models import Inbox
from towerdesk.delivery.send import send
from towerdesk.intake.accept import accept
from towerdesk.intake.ask_lists import ask, ask_due
from towerdesk.intake.counts import counts
from towerdesk.intake.models import Poll, Raw
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Unavailable
from towerdesk.people.models import Identity
from towerdesk.testing.cast import agent
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.terms import terms_of

AT = datetime.fromisoformat("2026-11-27T08:00:00+00:00").timestamp()


@pytest.fixture
def site(settings):
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with serving(FakeSite()) as running, clock.at(datetime.fromisoformat("2026-11-27T09:00:00+00:00")):
        yield running


@pytest.fixture
def opened(desk, site):
    def make(**values):
        inbox = Inbox.objects.create(name="Reviews", address="feed:reviews", channel="feed", team=desk.repairs)
        connect(inbox, {"address": f"{site.url}/feed", "first": "5", **values}, by=CLOCK)
        return inbox

    return make


@pytest.fixture
def inbox(opened):
    return opened()


def look(inbox, site, *shown, write=as_json):
    """The site shows these, the newest first, and the desk looks at it."""
    site.document = write(shown)
    found = ask(inbox.pk)
    for number in Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True):
        accept(number)
    return found


def said():
    return list(Message.objects.order_by("created_at", "pk").values_list("visible", flat=True))


def test_connecting_reads_the_list_once_and_says_what_it_finds(desk, site):
    inbox = Inbox.objects.create(name="R", address="feed:r", channel="feed", team=desk.repairs)
    site.document = as_json([entry("r1", "My grinder is loud", at=AT)])
    values = {"address": f"{site.url}/feed"}
    assert connect(inbox, values, by=CLOCK) == "Connected: 1 entries, the first is “My grinder is loud” by Mara."
    assert Raw.objects.count() == 0

    site.document = b"<html>Not here</html>"
    with pytest.raises(Unavailable, match="It is no feed: neither RSS, nor Atom, nor JSON"):
        connect(inbox, {}, by=CLOCK)
    site.goes_wrong = [Says(404)]
    with pytest.raises(Invalid, match=r"does not give it \(404\)"):
        connect(inbox, {}, by=CLOCK)
    with pytest.raises(Invalid, match="Begin with a date"):
        connect(inbox, {"first": "lately"}, by=CLOCK)
    with pytest.raises(Invalid, match="whole numbers"):
        connect(inbox, {"first": "3", "best": "many"}, by=CLOCK)
    with pytest.raises(Invalid, match="begins with https"):
        connect(inbox, {"reply": "https://{id}.evil.example/"}, by=CLOCK)


@pytest.mark.parametrize("write", [as_json, as_atom])
def test_an_entry_is_a_ticket_once_however_often_it_is_listed(inbox, site, write):
    first = entry("r1", "My grinder is loud", at=AT, rating=2, title="Loud")
    assert look(inbox, site, first, write=write) == 1
    assert look(inbox, site, entry("r2", "It drips", at=AT + 60), first, write=write) == 1
    assert look(inbox, site, first, write=write) == 0

    ticket = Ticket.objects.order_by("pk")[0]
    assert (ticket.subject, ticket.requester.name, Ticket.objects.count()) == ("Loud", "Mara", 2)
    assert said()[0] == "★★☆☆☆ (2 of 5)\n\nMy grinder is loud\n\nhttps://reviews.example/r1"
    assert counts(inbox).adds_up


def test_who_wrote_is_known_by_an_id_and_never_by_a_name(opened, site):
    inbox = opened(author_id="authors.0.id")
    by = {"authors": [{"name": "Mara", "id": "77"}]}
    look(inbox, site, *(entry(f"r{n}", "Hm", at=AT, **more) for n, more in enumerate((by, by, {}, {}))))

    people = Ticket.objects.order_by("pk").values_list("requester", flat=True)
    assert len(set(people)) == 3
    assert set(Identity.objects.values_list("kind", flat=True)) == {"feed"}
    assert not Identity.objects.filter(verified=True).exists()


@pytest.mark.parametrize(
    ("first", "taken"),
    [("", ["new"]), ("1", ["b", "new"]), ("2", ["a", "b", "new"]), ("2026-11-26", ["a", "b", "new"]), ("0", ["new"])],
)
def test_what_the_first_look_takes(opened, site, first, taken):
    inbox = opened(first=first or "0")
    old = [entry("b", "b", at=AT - 60, url=""), entry("a", "a", at=AT - 3600, url="")]
    older = [entry("z", "z", at=AT - 90 * 86400, url=""), entry("u", "u", at=AT, url="", date_published="")]
    look(inbox, site, *old, *older)
    look(inbox, site, entry("new", "new", at=AT + 3700, url=""), *old, *older, entry("y", "y", at=AT - 99 * 86400))

    assert said() == taken


def test_another_address_begins_anew(inbox, site):
    look(inbox, site, entry("r1", "one", at=AT))
    connect(inbox, {"address": f"{site.url}/old", "first": "1"}, by=CLOCK)
    look(inbox, site, entry("n2", "two", at=AT - 86400), entry("n1", "three", at=AT - 2 * 86400))

    assert Ticket.objects.count() == 2


def test_what_has_not_changed_is_not_sent_again(inbox, site):
    look(inbox, site, entry("r1", "one", at=AT))
    look(inbox, site, entry("r1", "one", at=AT))

    asked = site.asked[-1].headers
    assert asked["if-none-match"] == Poll.objects.get().etag
    assert asked["if-modified-since"] == "Fri, 27 Nov 2026 08:00:00 GMT"
    assert (Raw.objects.count(), Poll.objects.get().failures) == (1, 0)


def test_an_edit_shows_the_new_words_and_an_old_list_changes_nothing(inbox, site):
    loud = entry("r1", "Loud", at=AT, url="")
    look(inbox, site, loud)
    look(inbox, site, entry("r1", "Very loud", at=AT, changed=AT + 60, url=""))
    look(inbox, site, loud)
    assert said() == ["Very loud"]
    look(inbox, site, entry("r2", "Fine by now", at=AT, changed=AT + 90, url=""))
    look(inbox, site, entry("r2", "Broken", at=AT, url=""))
    assert said()[1:] == ["Fine by now"]


def test_html_is_shown_safely_and_read_as_text(inbox, site):
    look(
        inbox,
        site,
        entry("r1", '<p>Bad <script>x()</script><b onclick="x()">grinder</b></p>', at=AT, rating=1),
        write=as_atom,
    )
    message = Message.objects.get()
    assert message.visible.startswith("★☆☆☆☆ (1 of 5)\n\nBad grinder")
    assert "<b>grinder</b>" in message.html
    assert "script" not in message.html
    assert "onclick" not in message.html


def test_json_is_read_by_the_paths_of_the_form(opened, site):
    paths = {"list": "data.reviews", "id": "rid", "text": "body.en", "rating": "stars", "author": "by", "date": "when"}
    site.document = json.dumps({"data": {"reviews": []}}).encode()
    inbox = opened(**paths, best="10", link="where")
    review = {
        "rid": 7,
        "body": {"en": "Loud"},
        "stars": 3,
        "by": "Jo",
        "when": AT * 1000,
        "where": "javascript:alert(1)",
    }
    site.document = json.dumps({"data": {"reviews": [review]}}).encode()
    ask(inbox.pk)
    accept(Raw.objects.get().pk)

    message = Message.objects.get()
    assert (message.visible, message.message_id) == ("★★☆☆☆ (3 of 10)\n\nLoud", "7")
    assert "link" not in message.trust


def test_the_form_is_tried_on_the_last_entry(inbox, site, client, desk):
    look(inbox, site, entry("r1", "Loud", at=AT, note="In another place"))
    client.force_login(agent("Ada Admin", desk.repairs, role="admin"))
    page = client.get(f"/settings/inboxes/{inbox.pk}").content.decode()
    assert "JSON: path of the rating" in page
    tried = client.post(f"/settings/inboxes/{inbox.pk}/preview", {"text": "note"}).content.decode()
    assert "In another place" in tried


def test_without_an_address_for_answers_a_person_answers_there(inbox, site, ana, client, ana_user):
    look(inbox, site, entry("r1", "Loud", at=AT))
    ticket = Ticket.objects.get()
    with pytest.raises(Invalid, match="The desk can't write there: answer at the place itself"):
        reply(ticket, "Sorry", by=ana)

    client.force_login(ana_user)
    page = client.get(f"/tickets/{ticket.pk}?write=reply").content.decode()
    assert "The desk can&#x27;t write there" in page
    assert 'href="https://reviews.example/r1"' in page
    by_itself = reply(ticket, "Sorry", by=THE_ASSISTANT, warrant="licence:1")
    assert send(by_itself.pk) == "failed"


def test_an_answer_is_posted_where_the_form_says_by_people_only(opened, site, ana):
    inbox = opened(reply=f"{site.url}/reviews/{{id}}/replies")
    look(inbox, site, entry("a/../b?c", "Loud", at=AT))
    ticket = Ticket.objects.get()
    assert terms_of(ticket).sentence == "Everybody reads this answer: it is a public answer."

    by_itself = reply(ticket, "Sorry", by=THE_ASSISTANT, warrant="licence:1")
    assert send(by_itself.pk) == "failed"
    assert send(reply(ticket, "Sorry", by=ana).pk) == "sent"
    assert site.answers == [("/reviews/a%2F..%2Fb%3Fc/replies", {"id": "a/../b?c", "text": "Sorry"})]


@pytest.mark.parametrize(
    ("says", "outcome"), [(Says(503), "retry"), (Says(429), "retry"), (Says(401), "retry"), (Says(400), "failed")]
)
def test_what_the_site_says_to_an_answer_decides(opened, site, ana, says, outcome):
    inbox = opened(reply=f"{site.url}/{{id}}")
    look(inbox, site, entry("r1", "Loud", at=AT))
    site.goes_wrong = [says]
    assert send(reply(Ticket.objects.get(), "Sorry", by=ana).pk) == outcome


def test_the_header_opens_the_feed_and_goes_to_the_first_address_alone(opened, site):
    site.header = HEADER.partition(": ")[2]
    inbox = opened(header=HEADER)
    assert look(inbox, site, entry("r1", "Loud", at=AT)) == 1
    connect_old = {"address": f"{site.url}/old"}
    with pytest.raises(Invalid, match="401"):
        connect(inbox, connect_old, by=CLOCK)
    assert "feed-fake" not in repr(Inbox.objects.get(pk=inbox.pk).settings)


def test_a_server_in_trouble_is_left_alone_for_longer_each_time_and_its_inbox_says_so(inbox, site):
    pauses = []
    site.goes_wrong = [Says(503), Says(500), Says(429, headers={"Retry-After": "7200"}), Says(404)]
    for _ in range(4):
        ask(inbox.pk)
        pauses.append((Poll.objects.get().due_at - clock.now()) / timedelta(minutes=1))
    assert pauses == [15, 30, 120, 120]
    inbox.refresh_from_db()
    assert (
        inbox.trouble
        == "The list can't be had: The server of the feed does not give it (404). It is asked for again at 11:00 UTC."
    )

    assert look(inbox, site, entry("r1", "Loud", at=AT)) == 1
    inbox.refresh_from_db()
    assert (inbox.trouble, Poll.objects.get().failures) == ("", 0)


def test_a_feed_in_a_private_network_is_not_asked_for(inbox, site, settings):
    settings.HOOK_HOSTS = []
    ask(inbox.pk)
    inbox.refresh_from_db()
    assert "127.0.0.1 is not a public address" in inbox.trouble
    assert len(site.asked) == 1  # when it was connected


def test_too_big_a_document_is_not_taken(inbox, site):
    site.document = b"[" + b" " * 6 * 2**20 + b"]"
    ask(inbox.pk)
    inbox.refresh_from_db()
    assert "it has more than 5 MB" in inbox.trouble


def test_the_clock_looks_when_it_is_time_and_at_once_when_it_was_connected_anew(inbox, site):
    assert [ask_due(), ask_due()] == [1, 0]
    ask(inbox.pk)
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert ask_due() == 1
    site.goes_wrong = [Says(503)]
    ask(inbox.pk)
    assert ask_due() == 0
    connect(inbox, {}, by=CLOCK)
    assert ask_due() == 1
    Inbox.objects.update(paused=True)
    with clock.at(clock.now() + timedelta(days=1)):
        assert ask_due() == 0
    assert ask(inbox.pk) == 0
    assert ask_due in clockwork.CHORES


def test_nobody_calls_a_feed(inbox, client):
    assert client.post(f"/hooks/{inbox.hook}", b"[]", content_type="application/json").status_code == 401


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"{}", b'{"item": 5}', b'{"entry": {"id": 1, "no": 2}}', b'{"item": null}']
)
def test_whatever_the_bytes_are_reading_never_raises(content):
    assert FeedChannel().read(content, {}, []).happening in ("unknown", "message")


def test_a_feed_reads_no_files():
    head = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = head + b'<rss version="2.0"><channel><item><title>&x;</title><guid>1</guid></item></channel></rss>'
    [one] = entries(body, {})
    assert b"root:" not in one.pieces[0].content


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("4", "★★★★☆ (4 of 5)"),
        ("4.5/5", "★★★★☆ (4.5 of 5)"),
        ("3,0", "★★★☆☆ (3,0 of 5)"),
        ("99", "★★★★★ (99 of 5)"),
        ("good", "Rating: good"),
    ],
)
def test_stars(given, shown):
    assert stars(given, 5) == shown


@pytest.mark.parametrize(
    "given",
    [
        "2026-11-27T08:00:00Z",
        1795766400,
        "1795766400",
        1795766400000,
        "Fri, 27 Nov 2026 08:00:00 GMT",
        "2026-11-27 08:00",
    ],
)
def test_moments(given):
    assert moment(given).isoformat() == "2026-11-27T08:00:00+00:00"


@pytest.mark.parametrize("given", [None, "", "soon", True, [], 10**40, "9" * 400])
def test_what_is_no_moment_says_nothing(given):
    assert moment(given) is None
