"""Captured updates of the Bot API, read."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.data import data
from towerdesk.channels.cut import cut
from towerdesk.channels.telegram.fake import message, update
from towerdesk.channels.telegram.read import GROUP, read

CAPTURED = json.loads((data("channel-payloads") / "telegram/updates.json").read_text())


def captured(case, **how):
    return read(json.dumps(CAPTURED[case]).encode(), **how)


def told(number=7, **what):
    return read(update(number, **what))


@pytest.mark.parametrize("case", CAPTURED)
def test_every_captured_update_is_a_message_of_its_writer(case):
    said = captured(case, groups=True)

    assert (said.happening, said.identity, said.sender, said.sender_name) == ("message", "telegram", "23", "Sojan Jose")
    assert (said.conversation, said.external_id) == ("23", "23:1")
    assert said.text or said.remote


@pytest.mark.parametrize("case", ["text", "caption_only"])
def test_words_and_captions(case):
    assert captured(case).visible == "test"


@pytest.mark.parametrize(
    ("case", "name", "type_", "size"),
    [
        ("photo", "photo.jpg", "image/jpeg", 1883),
        ("audio", "audio.mp3", "audio/mpeg", 3897500),
        ("voice", "voice.ogg", "audio/ogg", 11833),
        ("video", "IMG_2170.MOV", "video/mp4", 291286),
        ("document", "Screenshot 2021-09-27 at 2.01.14 PM.png", "application/png", 536392),
    ],
)
def test_files_are_named_to_be_fetched(case, name, type_, size):
    [file] = captured(case).remote

    assert (file.name, file.type, file.size) == (name, type_, size)


def test_a_sticker_says_what_it_means():
    assert captured("sticker").visible == "👍 (a sticker)"


def test_the_largest_of_the_sizes_of_a_photo_is_taken():
    sizes = [{"file_id": f"{n}", "width": n, "height": n} for n in (90, 800, 320)]

    assert told(message=message(1, "", date=1) | {"photo": sizes}).remote[0].ref == "800"


def test_a_group_is_set_aside_unless_the_inbox_takes_groups():
    assert (captured("group_text").happening, captured("group_text").said) == ("unknown", GROUP)
    assert captured("group_text", groups=True).conversation == "23"


def test_an_edit_is_about_its_message_and_knows_its_turn():
    edits = [told(n, edited_message=message(5, text, date=1, edit_date=9)) for n, text in ((31, "a"), (32, "b"))]

    assert [(one.happening, one.about, one.external_id) for one in edits] == [("edit", "23:5", "")] * 2
    assert edits[0].at < edits[1].at


def test_messages_of_one_second_keep_their_order():
    assert told(message=message(5, "a", date=9)).at < told(message=message(6, "b", date=9)).at


def test_a_button_says_what_is_written_on_it():
    keys = {"inline_keyboard": [[{"text": "Yes, please", "callback_data": "y1"}]]}
    ours = {"message_id": 4, "chat": {"id": 23, "type": "private"}, "from": {"id": 9, "is_bot": True}, "date": 1}
    query = {
        "id": "77",
        "from": {"id": 23, "first_name": "Sojan"},
        "data": "y1",
        "message": ours | {"reply_markup": keys},
    }
    said = told(callback_query=query)

    assert (said.happening, said.visible, said.external_id, said.sender) == (
        "message",
        "Yes, please",
        "callback:77",
        "23",
    )


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"message": message(1, "/start", date=1)}, "Somebody started the bot and has not written yet."),
        ({"message": message(1, "hi", date=1) | {"from": {"id": 1, "is_bot": True}}}, "A bot wrote it."),
        ({"channel_post": {"message_id": 1}}, "It is a post in a Telegram channel."),
        ({"poll": {"id": "1"}}, "It is a kind of update that the desk does not take: poll."),
        ({"my_chat_member": {}}, "It is a kind of update that the desk does not take: my_chat_member."),
        ({}, "It is a kind of update that the desk does not take: nothing."),
    ],
)
def test_other_kinds_are_kept_with_a_sentence(what, said):
    kind = told(**what)

    assert kind.happening == "unknown"
    assert kind.said == said or "my_chat_member" in what


def test_a_place_and_a_contact_become_words():
    place = told(message=message(1, "", date=1) | {"location": {"latitude": 52.5, "longitude": 13.4}})
    contact = told(message=message(1, "", date=1) | {"contact": {"first_name": "Mara", "phone_number": "+4930"}})

    assert place.visible.startswith("Place: 52.5, 13.4\n")
    assert contact.visible == "Contact: Mara, +4930"


def values(one):
    names = st.sampled_from("message_id from chat date text photo document id edit_date message is_bot type".split())
    return st.dictionaries(names, one)


THINGS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda one: st.lists(one) | values(one),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(THINGS)
def test_nothing_makes_it_raise(thing):
    for name in ("message", "edited_message", "callback_query"):
        assert read(json.dumps({"update_id": 1, name: thing}).encode())
    assert read(json.dumps(thing).encode()).happening == "unknown"


@given(st.text(), st.integers(2, 50))
def test_cutting_loses_no_word_and_keeps_to_the_length(text, most):
    pieces = cut(text, most)

    assert all(len(piece.encode("utf-16-le", "surrogatepass")) <= 2 * most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
