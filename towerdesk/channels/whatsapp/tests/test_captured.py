"""Every call that was captured from Meta is kept, read and shown; none is ever an error."""

import json
from datetime import UTC, datetime

import pytest

from tests.data import data
from towerdesk.channels.whatsapp.fake import signature
from towerdesk.channels.whatsapp.pieces import pieces
from towerdesk.channels.whatsapp.read import read
from towerdesk.intake.counts import counts
from towerdesk.intake.models import Raw
from towerdesk.tickets.models import Message

FOLDER = data("channel-payloads") / "whatsapp-cloud"
CAPTURED = {
    f"{path.stem}/{case}": body
    for path in sorted(FOLDER.glob("*.json"))
    for case, body in json.loads(path.read_text()).items()
    if isinstance(body, dict)
}


def read_of(name):
    [piece] = pieces(json.dumps(CAPTURED[name]).encode())
    return read(piece.content, "")


def test_they_are_all_there():
    assert len(CAPTURED) >= 60


@pytest.mark.parametrize("name", CAPTURED)
def test_each_is_kept_and_shown(line, name):
    line.inbox.settings["account"]["number"] = ""  # they are for many numbers
    line.inbox.save()
    body = json.dumps(CAPTURED[name]).encode()

    assert [line.calls(body, **signature(body)) for _ in range(2)] == [200, 200]
    line.read()
    found = counts(line.inbox)
    assert found.adds_up
    assert found.stored == found.on_tickets + found.set_aside >= 1
    assert all(raw.reason for raw in Raw.objects.filter(state="set_aside"))
    assert all(one.visible or one.attachments.exists() for one in Message.objects.all())


SAID = {
    "message/text": "Body Text",
    "message/video": "caption\n[forwarded]",
    "message/voice": "(a voice message)",
    "message/static_sticker": "(a sticker)",
    "message/chosen_location": "Place: Facebook HQ, 1 Hacker Way, Menlo Park, CA 94025, 37.4611978, -122.2164385\n"
    "https://www.openstreetmap.org/search?query=37.4611978,-122.2164385\n[forwarded]",
    "message/contacts": "Contact: Chandler Bing, +1 555-555-5555\nContact: Monica, +1 666-666-6666\n"
    "Contact: Rachel Green, +1 777-777-7777",
    "message/order": "Order:\n3 × HAMBURGER, each 30 ILS\n2 × FRENCH_FRIES, each 35 ILS\n2 × SODA, each 10 ILS",
    "message/unsupported_with_type": "[They sent something that WhatsApp does not pass on: pool. "
    "Message type is currently not supported.]",
    "message/interactive_message_with_err": "[They sent something that WhatsApp does not pass on: interactive. "
    "Unsupported webhook payload]",
    "message/referral": "BODY\n[They came by an advertisement or a post: AD_TITLE, AD_DESCRIPTION, AD_OR_POST_FB_URL]",
    "callback_button/button": "title",
    "callback_button/quick_reply": "title",
    "callback_selection/description": "title\ndescription",
    "call_permission_update/accept": "[They allow calls by WhatsApp]",
    "flow_completion/completion": "Form filled in:\ncomment text: Comment Text\ndelivery rating: 4\npurchase rating: 2\n"
    "recommend radio: 0\ncs rating: 0",
}


@pytest.mark.parametrize(("name", "words"), SAID.items())
def test_what_people_read(name, words):
    found = read_of(name)
    assert (found.happening, found.visible) == ("message", words)


def test_whose_it_is():
    found = read_of("message/text")
    assert (found.sender, found.identity, found.sender_name) == ("+972987654321", "phone", "Test Name")
    assert (found.conversation, found.external_id) == ("972987654321", "wamid.xyzxyz")
    assert found.at == datetime(2023, 10, 11, 16, 53, 43, tzinfo=UTC)
    assert found.trust["verified"]
    assert read_of("message/reply").answers == ["wamid.xyzxyz=="]


@pytest.mark.parametrize(
    ("name", "happening", "about"),
    [
        ("edited_message/image", "edit", "wamid.HBgLMTQxMjU1NTA4MjkVAgASGBQzQUNCNjk5RDUwNUZGMUZEM0VBRAA="),
        ("deleted_message/revoke", "deletion", "<ORIGINAL_WHATSAPP_MESSAGE_ID>"),
        ("message/reaction", "reaction", "wamid.yzxyzx="),
        ("message/unreaction_no_emoji", "reaction", "wamid.yzxyzx="),
        ("message_status/read", "status", "wamid.xyzxyz"),
        ("message_status/group", "status", "<WHATSAPP_MESSAGE_ID>"),
    ],
)
def test_what_is_said_about_a_message(name, happening, about):
    found = read_of(name)
    assert (found.happening, found.about) == (happening, about)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("system/phone_number_change", "WhatsApp tells about this customer: User A changed from 972987654321 to 972912345678."),
        ("outgoing_message/text",
         "It was sent past the desk, by the WhatsApp Business app, to <WHATSAPP_USER_PHONE_NUMBER>: Test message"),
        ("template_status_update/rejected", "About the template abandoned_cart (en): REJECTED, INVALID_FORMAT."),
        ("account_update/account_violation", "About the account at Meta: ACCOUNT_VIOLATION."),
        ("call_connect/user_initiated", "Somebody calls by WhatsApp (connect): the desk takes no calls."),
        ("user_marketing_preferences/resume",
         "About marketing messages: User requested to resume marketing messages, 16505551234."),
    ],
)  # fmt: skip
def test_what_is_set_aside_says_why(name, words):
    found = read_of(name)
    assert (found.happening, found.said) == ("unknown", words)


def test_a_failed_status_says_why_in_words():
    assert read_of("message_status/failed").said == (
        "WhatsApp keeps this customer out of such messages for an experiment of its own (130472)."
    )


def test_the_file_that_a_message_names():
    [file] = read_of("message/document").remote
    assert (file.ref, file.name, file.type) == ("1234567890987654321", "filename.pdf", "application/pdf")
    assert [read_of(f"message/{kind}").remote[0].name for kind in ("image", "voice", "video")] == [
        "photo.jpg",
        "audio.ogg",
        "video.mp4",
    ]


ODD_SIGNS = (
    b'{"entry": [{"changes": [{"value": {"messages": [{"id": "\\u0000", "from": "1", "type": "text", '
    b'"text": {"body": "\\ud83d\\u0000"}}]}}]}]}'
)


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{}", b'{"entry": [{"changes": [{"value": {"messages": [7, {}, {"type": "text"}]}}]}]}',
     b'{"entry": [{"changes": [7, {"value": {"statuses": [{"id": {}}]}}]}]}', b'{"entry": 1}',
     b'{"entry": [{"changes": [{"value": {"messages": [{"id": "a", "from": [], "type": {}, "timestamp": "x"}]}}]}]}',
     ODD_SIGNS],
)  # fmt: skip
def test_odd_content_that_is_signed_is_kept_and_never_an_error(line, body):
    assert line.calls(body, **signature(body)) == 200
    line.read()
    assert Raw.objects.exists()
    assert not Raw.objects.filter(state__in=("stored", "failed")).exists()
