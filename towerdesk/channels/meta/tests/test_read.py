"""What a happening of the Messenger Platform says, without any desk around it."""

import json

import pytest

from towerdesk.channels.messenger.channel import MessengerChannel
from towerdesk.channels.messenger.fake import comment
from towerdesk.channels.meta.errors import Codes
from towerdesk.channels.meta.fake import attached, event, message, told
from towerdesk.channels.meta.pieces import pieces

ADDRESSES: list[str] = []


def read(*events):
    [piece] = pieces(told("page", *events))
    return MessengerChannel().read(piece.content, {}, ADDRESSES)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"attachments": [{"type": "location", "title": "Home", "payload": {"coordinates": {"lat": 52.5, "long": 13.4}}}]},
         "Place: Home, 52.5, 13.4\nhttps://www.openstreetmap.org/search?query=52.5,13.4"),
        ({"attachments": [{"type": "fallback", "title": "A page", "url": "https://a.example/"}]},
         "[They pass on: A page, https://a.example/]"),
        ({"attachments": attached("share", "https://a.example/p")}, "[They pass on: https://a.example/p]"),
        ({"attachments": attached("image", "https://x.fbcdn.net/s", sticker_id=369)}, "(a sticker)"),
        ({"attachments": [{"type": "appointment_booking", "payload": None}]},
         "[They sent something that Messenger does not pass on: appointment_booking]"),
        ({"text": "Hi", "referral": {"source": "ADS", "ads_context_data": {"ad_title": "Spring"}}},
         "Hi\n[They came by an advertisement: Spring]"),
        ({"text": "Yes", "quick_reply": {"payload": "Y"}}, "Yes"),
    ],
)  # fmt: skip
def test_what_people_read(more, words):
    found = read(message("a", **more))
    assert (found.happening, found.visible) == ("message", words)


def test_what_answers_what():
    assert read(message("a", "This one", reply_to={"mid": "m_b"})).answers == ["m_b"]


@pytest.mark.parametrize(
    ("what", "happening", "said"),
    [
        ({"reaction": {"mid": "m", "action": "react", "reaction": "smile"}}, "reaction", "smile"),
        ({"reaction": {"mid": "m", "action": "unreact"}}, "reaction", "took the sign back"),
        ({"message": {"mid": "m"}}, "unknown", "It is a message without any words or files."),
        (
            {"message": {"mid": "m", "is_echo": True, "is_deleted": True}},
            "unknown",
            "One of us took back a message, past",
        ),
        ({"policy-enforcement": {"action": "unblock"}}, "unknown", "Meta lets the page write again."),
    ],
)
def test_what_else_happens(what, happening, said):
    found = read(event(**what))
    assert found.happening == happening
    assert found.said.startswith(said)


def test_a_delivery_of_several_messages_is_taken_apart():
    parts = pieces(told("page", event(delivery={"mids": ["m_1", "m_2"], "watermark": 5})))
    found = [MessengerChannel().read(part.content, {}, ADDRESSES) for part in parts]
    assert [(one.status, one.about) for one in found] == [("delivered", "m_1"), ("delivered", "m_2")]
    assert len({part.id for part in parts}) == 2


def test_two_edits_to_the_same_words_are_two():
    one, two = (comment("1_5", "A", verb="edited", at=1, told_at=told_at) for told_at in (10, 20))
    assert pieces(one)[0].id != pieces(two)[0].id


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"event": []}', b'{"change": 5}', b'{"standby": 1}'])
def test_whatever_the_bytes_are_reading_never_raises(content):
    assert MessengerChannel().read(content, {}, ADDRESSES).happening == "unknown"


def test_no_part_of_a_call_gets_lost():
    body = json.dumps(
        {"object": "page", "entry": [{"id": "1", "time": 1}, {"id": "1", "messaging": [], "changes": [{}]}]}
    )
    assert len(pieces(body.encode())) == 2


def test_a_subcode_says_more_than_its_code():
    codes = Codes("Meta", {2018278: "Too late"})
    late, barred = ({"code": 10, **more} for more in ({"error_subcode": 2018278}, {}))
    assert (str(codes.not_sent(late)), codes.not_sent(late).later) == ("Too late (10).", False)
    assert codes.not_sent(barred).trouble
    assert codes.not_sent({"code": "odd"}) is not None
