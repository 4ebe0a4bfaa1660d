"""What a visitor wrote is read back as it was, and a site's word for who they are is checked."""

import json
import time
from datetime import UTC, datetime

import pytest

from towerdesk.channels.chat.channel import ChatChannel, script_line
from towerdesk.channels.chat.identity import check_claim, signed
from towerdesk.channels.chat.note import Note, NotedFile, write_note
from towerdesk.channels.contract import Account, NotSent, Outgoing
from towerdesk.channels.doors import Hooked

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
SECRET = "a secret of the site and the desk"


def read(**values):
    note = Note(**{"id": "m-000001", "visitor": "k1", "text": "It drips.", "at": AT} | values)
    return ChatChannel().read(write_note(note), {}, [])


def test_words_come_back_with_their_conversation_and_files():
    said = read(files=(NotedFile("drip.txt", "text/plain", b"drip"),), name="Mara")

    assert (said.text, said.conversation, said.external_id, said.at) == ("It drips.", "k1", "k1:m-000001", AT)
    assert [(file.name, file.content) for file in said.files] == [("drip.txt", b"drip")]
    assert (said.identity, said.sender, said.sender_name) == ("chat", "k1", "Mara")


def test_a_claimed_address_is_where_answers_may_go_and_not_who_they_are():
    said = read(mail="mara@lindqvist.example")

    assert (said.identity, said.sender) == ("chat", "k1")
    assert said.trust["reply_to"] == "mara@lindqvist.example"
    assert said.trust["verified"] is False


def test_a_vouched_address_is_who_they_are():
    said = read(mail="mara@lindqvist.example", user="17", vouched=True, site=3)

    assert (said.identity, said.sender, said.trust["verified"]) == ("email", "mara@lindqvist.example", True)


def test_user_17_of_one_site_is_not_user_17_of_another():
    assert read(user="17", vouched=True, site=3).sender != read(user="17", vouched=True, site=4).sender


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", json.dumps({"files": 3}).encode()])
def test_what_is_no_message_is_kept_as_unknown(content):
    assert ChatChannel().read(content, {}, []).happening == "unknown"


def test_the_sites_signature_is_believed():
    at = int(time.time())
    said = {"id": 17, "mail": "mara@lindqvist.example", "name": "Mara", "at": at}
    claim = check_claim(said | {"hash": signed(SECRET, "17", "mara@lindqvist.example", at)}, SECRET)

    assert (claim.user, claim.mail, claim.name, claim.trouble) == ("17", "mara@lindqvist.example", "Mara", "")


@pytest.mark.parametrize(
    "change",
    [
        {"id": "18"},
        {"mail": "jonas@weber.example"},
        {"hash": ""},
        {"hash": "0" * 64},
        {"at": "1"},
        {"at": "soon"},
        {"id": ""},
    ],
)
def test_whatever_else_is_said_is_not(change):
    at = int(time.time())
    said = {"id": "17", "mail": "mara@lindqvist.example", "at": str(at)}
    said["hash"] = signed(SECRET, "17", "mara@lindqvist.example", at)

    assert "signature does not fit" in check_claim(said | change, SECRET).trouble


def test_nor_is_what_was_signed_long_ago_or_without_a_secret():
    at = int(time.time()) - 2 * 24 * 3600
    said = {"id": "17", "mail": "", "at": str(at), "hash": signed(SECRET, "17", "", at)}

    assert "too long ago" in check_claim(said, SECRET).trouble
    assert check_claim(said | {"hash": signed("", "17", "", at)}, "").trouble


def test_a_reply_is_sent_to_one_conversation():
    channel = ChatChannel()
    assert isinstance(channel, Hooked)
    reply = {"message": 7, "ticket": 1, "inbox": "chat:shop", "sender_name": "Shop", "to": ["k1"], "cc": []}
    reply |= {"subject": "", "text": "Turn it.", "html": "", "written_at": AT}

    assert channel.send(Outgoing(**reply, conversation="k1")).id == "k1.7"
    with pytest.raises(NotSent):
        channel.send(Outgoing(**reply))


def test_the_line_for_a_site_needs_nothing_else():
    account = Account(1, "chat:shop", "https://desk.example/hooks/abc", {"secret": "s"})

    assert script_line(account.hook) == '<script src="https://desk.example/chat/abc.js" async></script>'
    assert [step.copy for step in ChatChannel().steps(account)] == [script_line(account.hook), "s"]
