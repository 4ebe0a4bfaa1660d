"""Our own addresses come back to us, and nobody else can make one."""

import pytest

from towerdesk.channels.email.address import message_id, messages_named, reply_address, return_address, ticket_named

INBOX = "support@brasswell.example"


def test_a_reply_address_names_its_ticket():
    address = reply_address(INBOX, 1042)

    assert address.startswith("support+t1042.")
    assert ticket_named(["mara@x.example", address]) == 1042
    assert ticket_named([address.upper()]) == 1042


def test_return_addresses_and_message_ids_name_their_message():
    assert messages_named([return_address(INBOX, 7)], [message_id(8, "x.example"), "other@x.example"]) == [7, 8]


@pytest.mark.parametrize("number", ["1043", "01042", "9" * 30])
def test_another_number_with_the_same_signature_is_nobodys(number):
    assert ticket_named([reply_address(INBOX, 1042).replace("1042", number)]) in (
        None,
        1042 if number == "01042" else None,
    )


@pytest.mark.parametrize(
    "address", ["", "@", "support+t1.@x", "support+t1.aaaaaaaaaaaaaaaa@x", "+t1.short@x", "support@x"]
)
def test_what_we_did_not_sign_names_nothing(address):
    assert ticket_named([address]) is None


def test_each_kind_of_mark_is_good_for_one_thing_only():
    assert ticket_named([return_address(INBOX, 5)]) is None
    assert messages_named([reply_address(INBOX, 5)], []) == []


def test_an_address_without_room_for_a_mark_stays_as_it_is():
    long = f"{'a' * 60}@brasswell.example"

    assert reply_address(long, 1) == long
