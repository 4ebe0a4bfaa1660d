"""Direct messages and posts to an account on the desk, against a server that behaves like X, over real HTTP."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.channels.connect import connect
from towerdesk.channels.cut import cut
from towerdesk.channels.fake_server import Says
from towerdesk.channels.x.fake import (
    MARA,
    OURS,
    call,
    deleted,
    direct,
    edited,
    post,
    read_until,
    signature,
    wrong,
)
from towerdesk.channels.x.read import read as read_piece
from towerdesk.channels.x.signature import signed
from towerdesk.channels.x.weight import weight
from towerdesk.delivery.models import Attempt
from towerdesk.delivery.send import send, send_due
from towerdesk.events.models import Event
from towerdesk.intake.models import Raw
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Unavailable
from towerdesk.lib.files import keep, read
from towerdesk.people.models import Identity
from towerdesk.tickets.models import Message
from towerdesk.tickets.reply import reply
from towerdesk.tickets.terms import terms_of


@pytest.fixture
def ticket(line):
    return line.arrives(direct_message_events=[direct("1", "My grinder is loud")]).ticket


@pytest.fixture
def public(line):
    return line.arrives(tweet_create_events=[post("51", "@brasswell my grinder is loud")]).ticket


def state(answer):
    return Message.objects.values_list("delivery", "delivery_note").get(pk=answer.pk)


def test_an_account_is_connected_and_subscribes_once_its_webhook_is_known(line, server):
    assert (
        connect(line.inbox, {}, by=CLOCK) == "Connected to @brasswell. Now follow the steps, so that X calls the desk."
    )
    assert (
        connect(line.inbox, {"webhook": "77"}, by=CLOCK)
        == "Connected to @brasswell, and X tells the desk what happens."
    )
    assert server.subscribed == ["77"]
    with pytest.raises(Invalid, match=r"X does not give it \(401\)"):
        connect(line.inbox, {"token_secret": "old"}, by=CLOCK)
    server.goes_wrong = [Says(503)]
    with pytest.raises(Unavailable):
        connect(line.inbox, {}, by=CLOCK)


def test_a_challenge_is_answered_and_nothing_that_could_be_a_call_is_ever_signed(line):
    said = Client().get(line.path, {"crc_token": "MTU5NDg1NjAz"})
    assert json.loads(said.content) == {"response_token": signed(b"MTU5NDg1NjAz", "secret-fake")}
    assert Client().get(line.path, {"crc_token": '{"for_user_id": "1"}'}).status_code == 401
    assert Client().get(line.path).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"x-twitter-webhooks-signature": "sha256=00"},
        {"x-twitter-webhooks-signature": ""},
        signature(b"another body"),
        signature(call(direct_message_events=[direct("1", "Hi", at=1)]), "another secret"),
    ],
)
def test_a_forged_call_is_turned_away(line, headers):
    assert line.calls(call(direct_message_events=[direct("1", "Hi", at=1)]), **headers) == 401
    assert Raw.objects.count() == 0


def test_a_replay_is_known_by_its_id_however_old_it_is(line):
    body = call(direct_message_events=[direct("1", "Hi", at=1), direct("2", "Ho", at=2)])
    assert [line.calls(body) for _ in range(3)] == [200] * 3
    assert Raw.objects.count() == 2


def test_a_talk_is_one_ticket_of_whoever_has_that_number(line, ticket):
    second = line.arrives(direct_message_events=[direct("2", "Very loud &lt;3")])

    assert (second.state, second.ticket_id, second.message.visible) == ("message", ticket.pk, "Very loud <3")
    assert ticket.requester.name == "Mara Lindqvist"
    assert Identity.objects.values_list("kind", "value", "verified").get() == ("x", MARA, True)


def test_a_picture_of_a_direct_message_is_fetched_by_signature(line, server):
    server.media["pic"] = b"\x89PNG"
    media = {"type": "photo", "media_url_https": f"{server.url}/1.1/ton/pic", "url": "https://t.co/p"}
    evil = {**media, "media_url_https": "https://evil.example/pic"}
    raw = line.arrives(direct_message_events=[direct("1", "See https://t.co/p", attachment={"media": media})])
    assert (raw.message.visible, read(raw.message.attachments.get().path)) == ("See", b"\x89PNG")

    other = line.arrives(direct_message_events=[direct("2", "", attachment={"media": evil})])
    assert other.message.visible == "[photo.jpg could not be fetched: X says that it is on a host that is not its own]"


def test_a_direct_message_is_answered_by_one(line, server, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana, files=[keep("a.png", "image/png", b"x")])
    assert send(answer.pk) == "sent"
    assert [to for to, _ in server.direct] == [MARA, MARA]
    assert server.direct[0][1] == {"text": "Turn it by half"}
    assert list(server.direct[1][1]) == ["attachments"]

    line.arrives(direct_message_events=[direct("802", "Turn it by half", by=OURS, to=MARA)])
    line.arrives(direct_message_events=[direct("9", "We rang you", by=OURS, to=MARA)])
    ours = ticket.messages.filter(direction="out").order_by("pk").values_list("visible", "author_name")
    assert list(ours) == [("Turn it by half", "Ana Reyes"), ("We rang you", "Past the desk")]
    line.arrives(direct_message_mark_read_events=[read_until(clock.now().timestamp())])
    assert state(answer)[0] == "read"


def test_other_files_are_refused_with_a_sentence(line, server, ticket, ana):
    answer = reply(ticket, "See", by=ana, files=[keep("a.pdf", "application/pdf", b"x")])
    assert send(answer.pk) == "failed"
    assert state(answer)[1] == "A direct message at X carries pictures only: leave the other files out"
    assert server.direct == []


def test_a_post_is_answered_in_public_under_what_they_wrote_last(line, server, public, ana, ticket):
    line.arrives(tweet_create_events=[post("52", "@brasswell hello?")])
    assert terms_of(public).sentence == "Everybody reads this answer: it is a public post."
    assert terms_of(public).link == "https://x.com/mara/status/52"
    assert public != ticket, "what somebody says to us alone is not for everybody"

    assert send(reply(public, "Turn it by half", by=ana).pk) == "sent"
    assert server.posts == [("Turn it by half", "52")]
    assert server.direct == []


def test_a_long_answer_is_a_thread_whose_echoes_double_nothing(line, server, public, ana):
    text = "Привет, 你好 " * 40
    assert send(reply(public, text, by=ana).pk) == "sent"
    assert [under for _, under in server.posts] == ["51", "901", "902"][: len(server.posts)]
    assert len(server.posts) > 1

    for number, (words, under) in enumerate(server.posts, start=901):
        to = MARA if under == "51" else OURS
        line.arrives(tweet_create_events=[post(f"{number}", f"@mara {words}", by=OURS, in_reply_to_user_id_str=to)])
    assert public.messages.count() == 2


def test_in_public_nothing_leaves_by_itself(line, server, public):
    answer = reply(public, "Turn it by half", by=THE_ASSISTANT, warrant="licence:1")
    assert send(answer.pk) == "failed"
    assert state(answer)[1] == "In public only people answer: nothing leaves by itself"
    assert server.posts == []


def test_edits_deletions_and_likes(line, public, ana):
    line.arrives(tweet_create_events=[edited("52", "51", "@brasswell it is LOUD", at=clock.now().timestamp() + 5)])
    assert Message.objects.get().visible == "@brasswell it is LOUD"
    line.arrives(tweet_delete_events=[deleted("51", at=clock.now().timestamp() + 9)])
    assert Message.objects.get().taken_back_at

    send(reply(public, "Sorry", by=ana).pk)
    like = {"favorited_status": {"id_str": "901"}, "user": {"id_str": MARA, "name": "Mara"}, "timestamp_ms": "1"}
    line.arrives(favorite_events=[like])
    assert Event.objects.get(kind="message.reacted").data == {"sign": "♥"}


@pytest.mark.parametrize(
    ("kinds", "reason"),
    [
        ({"tweet_create_events": [post("1", "RT", retweeted_status={"id_str": "9"})]}, "Somebody passed a post on."),
        (
            {"tweet_create_events": [post("1", "News", by=OURS, in_reply_to_user_id_str=None)]},
            "It is a post of our own.",
        ),
        ({"follow_events": [{"type": "follow"}]}, "Somebody follows the account, or no longer does."),
        ({"direct_message_indicate_typing_events": [{"sender_id": MARA}]}, "Somebody is typing."),
        ({"brand_new_events": [{"x": 1}]}, "It is a kind of event that the desk does not take: brand_new_events."),
        ({"tweet_create_events": [{"no": "post"}]}, "It is not as X's calls are (KeyError)."),
        ({"direct_message_events": ["nonsense"]}, "It is not as X's calls are (AttributeError)."),
        ({"user": "999", "direct_message_events": [direct("1", "Hi")]}, "It is about another account that calls this"),
    ],
)
def test_unknown_kinds_are_kept_and_shown(line, kinds, reason):
    raw = line.told(call(**kinds))
    assert raw.state == "set_aside"
    assert raw.reason.startswith(reason)


@pytest.mark.parametrize("content", [b"", b"no JSON", b"[]", b"{}", b'{"kind": []}', b"\xff"])
def test_whatever_the_bytes_are_reading_never_raises(content):
    assert read_piece(content).happening == "unknown"


def test_an_account_that_takes_its_leave_says_so(line):
    line.arrives(user_event={"revoke": {"source": {"user_id": OURS}}})
    line.inbox.refresh_from_db()
    assert line.inbox.trouble.startswith("The account no longer lets the app act for it")


@pytest.mark.parametrize(
    ("says", "outcome", "note"),
    [
        (Says(500), "retry", "X is in trouble (500)."),
        (wrong(402, "CreditsDepleted"), "retry", "X wants to be paid for more calls (402)."),
        (wrong(401, "Unauthorized", 89, "Invalid or expired token."), "retry", "The access token has expired (89)."),
        (wrong(401, "Unauthorized"), "retry", "X refuses the account (401 Unauthorized)"),
        (
            wrong(403, "Forbidden", 349, "You cannot send messages"),
            "failed",
            "They can't be written to by direct message (3",
        ),
        (wrong(403, "Forbidden"), "failed", "X does not take this (403 Forbidden)"),
        (Says(201, b"surprise"), "unsure", "X answered something that can't be read (201)"),
        (Says(hangs_up=True), "unsure", "X did not say whether it took this"),
    ],
)
def test_what_x_says_decides(line, server, ticket, ana, says, outcome, note):
    server.goes_wrong = [says]
    answer = reply(ticket, "one", by=ana)
    assert send(answer.pk) == outcome
    assert state(answer)[1].startswith(note)


def test_a_ceiling_is_waited_for_as_long_as_x_says_and_the_order_kept(line, server, ticket, ana):
    at = clock.now()
    reset = f"{int(at.timestamp()) + 600}"
    server.goes_wrong = [wrong(429, "Too Many Requests", x_rate_limit_reset=reset, x_rate_limit_remaining="0")]
    with clock.at(at):
        first, second = (reply(ticket, text, by=ana) for text in ("one", "two"))
        assert [send(first.pk), send(second.pk)] == ["retry", "waits"]
    first.refresh_from_db()
    assert 598 <= (first.send_after - at).total_seconds() <= 600

    with clock.at(at + timedelta(minutes=9)):
        send_due()
    assert server.direct == []
    with clock.at(at + timedelta(minutes=11)):
        send_due()
    assert [what["text"] for _, what in server.direct] == ["one", "two"]


def test_the_ceiling_of_a_day_counts_when_it_is_the_one_that_was_reached(line, server, ticket, ana):
    at = clock.now()
    soon, late = (f"{int(at.timestamp()) + seconds}" for seconds in (60, 7200))
    day = {"x_user_limit_24hour_remaining": "0", "x_user_limit_24hour_reset": late}
    server.goes_wrong = [wrong(429, "Too Many Requests", x_rate_limit_reset=soon, x_rate_limit_remaining="5", **day)]
    with clock.at(at):
        answer = reply(ticket, "one", by=ana)
        assert send(answer.pk) == "retry"
    answer.refresh_from_db()
    assert (answer.send_after - at).total_seconds() > 7000


def test_x_that_is_away_is_given_up_visibly(line, server, ticket, ana):
    answer = reply(ticket, "one", by=ana)
    server.goes_wrong = [Says(503)] * 9
    at = clock.now()
    for minutes in (0, 2, 8, 25, 90, 300, 700, 1430):
        with clock.at(at + timedelta(minutes=minutes)):
            send(answer.pk)
    ticket.refresh_from_db()
    assert (state(answer)[0], Attempt.objects.count()) == ("failed", 8)
    assert ticket.next_step.startswith("The reply could not be sent: X is in trouble (503)")


@pytest.mark.parametrize(
    ("text", "weighs"),
    [
        ("hello", 5),
        ("日本", 4),
        ("café", 4),
        ("cafe\u0301", 4),
        ("☕", 2),
        ("see https://a.example/very/long/address?of=things ok", 30),
    ],
)
def test_letters_weigh_as_x_says(text, weighs):
    assert weight(text) == weighs


def test_every_piece_weighs_what_a_post_may():
    pieces = cut("日本語のとても長い文章。" * 60 + "word " * 100, 280, weight)
    assert all(weight(piece) <= 280 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(("日本語のとても長い文章。" * 60 + "word " * 100).split())
