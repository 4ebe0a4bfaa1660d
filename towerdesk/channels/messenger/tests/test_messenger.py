"""A page's talks and comments on the desk, against a server that behaves like Meta's, over real HTTP."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import Says
from towerdesk.channels.messenger.fake import comment, signature, told
from towerdesk.channels.meta.fake import MARA, OURS, TOKEN, attached, changed, echo, event, message, wrong
from towerdesk.channels.models import Inbox
from towerdesk.delivery.send import send, send_due
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import StorageIsAway
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Unavailable
from towerdesk.lib.files import keep, read
from towerdesk.people.models import Identity
from towerdesk.testing import cast
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.terms import terms_of

LATER, MUCH_LATER = timedelta(hours=25), timedelta(days=8)


@pytest.fixture
def ticket(line):
    return line.arrives(message("m1", "My grinder is loud")).ticket


def state(answer):
    return Message.objects.values_list("delivery", "delivery_note").get(pk=answer.pk)


def test_a_page_is_connected_and_tells_what_happens_on_it(desk, meta):
    inbox = Inbox.objects.create(name="P", address="messenger:1", channel="messenger", team=desk.repairs)
    values = {"page": OURS, "token": TOKEN, "secret": "s", "server": f"{meta.url}/v24.0"}

    assert connect(inbox, values, by=CLOCK) == "Connected to the page Brasswell Coffee. Now follow the steps at Meta."
    assert "message_reactions" in meta.subscribed
    assert "feed" in meta.subscribed
    with pytest.raises(Invalid, match="Messenger does not give it"):
        connect(inbox, {"token": "old"}, by=CLOCK)
    meta.goes_wrong = [Says(503)]
    with pytest.raises(Unavailable):
        connect(inbox, {"token": TOKEN}, by=CLOCK)


def test_meta_verifies_the_address_once(line):
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "guessed"}
    assert Client().get(line.path, asked).status_code == 401
    right = Client().get(line.path, asked | {"hub.verify_token": account_of(line.inbox).get("verify")})
    assert (right.status_code, right.content) == (200, b"1158201444")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Hub-Signature-256": "sha256=00"},
        {"X-Hub-Signature": "sha1=00"},
        signature(b"another body"),
        signature(told(message("m1", "Hi", at=1), at=1), "another secret"),
    ],
)
def test_a_forged_call_is_turned_away(line, headers):
    assert line.calls(told(message("m1", "Hi", at=1), at=1), **headers) == 401
    assert Raw.objects.count() == 0


def test_what_is_delivered_again_is_kept_once_however_late_and_however_bundled(line):
    one, two = message("m1", "one", at=100), message("m2", "two", at=101)
    assert [line.calls(told(one, two, at=102)), line.calls(told(two, at=9000)), line.calls(told(one, at=9999))] == [
        200
    ] * 3
    assert Raw.objects.count() == 2


def test_a_talk_is_one_ticket_of_a_person_whose_name_is_asked_for_once(line, meta):
    first = line.arrives(message("m1", "My grinder is loud"))
    second = line.arrives(message("m2", "Very loud"))

    assert (first.state, second.state, second.ticket_id) == ("ticket", "message", first.ticket_id)
    assert first.ticket.requester.name == "Mara Lindqvist"
    found = Identity.objects.get(person=first.ticket.requester)
    assert (found.kind, found.value, found.verified) == ("messenger", MARA, True)
    assert sum(asked.path.endswith(f"/{MARA}") for asked in meta.asked) == 1


def test_who_gives_no_name_is_named_by_number(line):
    raw = line.arrives(event(sender="77", message={"mid": "m_x", "text": "Hi"}))
    assert raw.ticket.requester.name == "Messenger 77"


def test_a_name_is_waited_for_while_the_token_has_expired_but_not_where_the_app_may_not_ask(line, meta):
    meta.goes_wrong = [wrong(190, "expired", status=401)]
    line.calls(told(message("m1", "Hi")))
    with pytest.raises(StorageIsAway):
        line.read()
    line.read()
    meta.goes_wrong = [wrong(230, "Requires pages_messaging permission", status=403)]
    line.arrives(event(sender="77", message={"mid": "m_x", "text": "Hi"}))

    assert list(Ticket.objects.order_by("pk").values_list("requester__name", flat=True)) == [
        "Mara Lindqvist",
        "Messenger 77",
    ]


def test_a_message_for_another_page_of_the_app_is_set_aside(line):
    raw = line.arrives(message("m1", "Hi"), page="2002")
    assert (raw.state, raw.reason[:35]) == ("set_aside", "It is for another page or account (")


def test_files_are_fetched_from_meta_and_from_nobody_else(line, meta):
    files = attached("image", meta.cdn("p", "image/png", b"\x89PNG")) + attached("file", "https://evil.example/x")
    raw = line.arrives(message("m1", "See", attachments=files))

    file = raw.message.attachments.get()
    assert (file.name, file.type, read(file.path)) == ("photo.png", "image/png", b"\x89PNG")
    assert raw.message.visible == (
        "See\n\n[file could not be fetched: Messenger says that it is on a host that is not Meta's]"
    )


def test_a_file_that_can_not_be_had_now_is_waited_for(line, meta):
    picture = attached("image", meta.cdn("p", "image/png", b"\x89PNG"))
    meta.goes_wrong = [Says(503)]
    line.calls(told(message("m1", attachments=picture)))
    with pytest.raises(StorageIsAway):
        line.read()
    line.read()
    assert Message.objects.get().attachments.count() == 1


def test_a_reply_leaves_with_a_mark_that_its_echo_brings_back(line, meta, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana)
    assert send(answer.pk) == "sent"
    assert meta.sent == [
        {
            "recipient": {"id": MARA},
            "messaging_type": "RESPONSE",
            "message": {"text": "Turn it by half", "metadata": "towerdesk"},
        }
    ]

    line.arrives(echo("m_ours1", "Turn it by half", metadata="towerdesk", app_id=1))
    assert ticket.messages.count() == 2


def test_what_the_page_inbox_says_stands_on_the_ticket_as_ours(line, ticket):
    line.arrives(echo("m_elsewhere", "We rang you", app_id=263902037430900))

    message_ = ticket.messages.get(direction="out")
    assert (message_.visible, message_.author_name, message_.channel) == ("We rang you", "Past the desk", "messenger")


def test_delivered_and_read_come_to_all_that_left_before(line, ticket, ana):
    first, second = (reply(ticket, text, by=ana) for text in ("Turn it by half", "And again"))
    assert [send(first.pk), send(second.pk)] == ["sent", ""]  # the second left right behind the first
    moment = int(clock.now().timestamp() * 1000)

    line.arrives(event(delivery={"mids": ["m_ours1", "m_unknown"], "watermark": moment}))
    assert [state(first)[0], state(second)[0]] == ["delivered", "sent"]
    line.arrives(event(read={"watermark": moment}))
    assert [state(first)[0], state(second)[0]] == ["read", "read"]


def test_a_long_reply_with_files_leaves_in_parts_and_their_echoes_double_nothing(line, meta, ticket, ana):
    files = [keep(name, "application/pdf", b"%PDF") for name in ("a.pdf", "b.pdf")]
    assert send(reply(ticket, "word " * 500, by=ana, files=files).pk) == "sent"

    sent = [one["message"] for one in meta.sent]
    assert [one.get("attachment", {}).get("type", "text") for one in sent] == ["text", "text", "file", "file"]
    assert [one["metadata"] for one in sent] == ["towerdesk:part"] * 3 + ["towerdesk"]
    for number, one in enumerate(sent, start=1):
        line.arrives(echo(f"m_ours{number}", one.get("text", ""), metadata=one["metadata"]))
    assert ticket.messages.count() == 2


@pytest.mark.parametrize(
    ("says", "outcome", "note"),
    [
        (wrong(613, "Calls to this api have exceeded the rate limit"), "retry", "Messenger asks for patience (613)."),
        (Says(429, b"", {"Retry-After": "30"}), "retry", "Messenger asks for patience (429)."),
        (Says(500), "retry", "Messenger is in trouble (500)."),
        (wrong(1200, "Temporary send message failure"), "retry", "Messenger is in trouble (1200)."),
        (wrong(551, "This person isn't available"), "failed", "They can't be written to now"),
        (wrong(10, "outside of allowed window", error_subcode=2018278), "failed", "It is too late for this"),
        (wrong(100, "Param x is missing"), "failed", "Messenger does not take this (400 (#100) Param x"),
        (Says(200, b"surprise"), "unsure", "Messenger answered something that can't be read (200)"),
        (Says(hangs_up=True), "unsure", "Messenger did not say whether it took this"),
    ],
)
def test_what_meta_says_decides(line, meta, ticket, ana, says, outcome, note):
    meta.goes_wrong = [says]
    answer = reply(ticket, "one", by=ana)

    assert send(answer.pk) == outcome
    assert state(answer)[1].startswith(note)


def test_an_expired_token_is_said_on_the_inbox_and_the_reply_waits_for_a_new_one(line, meta, ticket, ana):
    meta.goes_wrong = [wrong(190, "expired", status=401)]
    answer, behind = (reply(ticket, text, by=ana) for text in ("one", "two"))
    assert send(answer.pk) == "retry"
    line.inbox.refresh_from_db()
    assert line.inbox.trouble == "The access token has expired (190): connect the inbox again."

    with clock.at(clock.now() + timedelta(minutes=2)):
        send_due()
    line.inbox.refresh_from_db()
    assert (state(answer)[0], state(behind)[0], line.inbox.trouble) == ("sent", "sent", "")
    assert [one["message"]["text"] for one in meta.sent] == ["one", "two"]


def test_meta_that_is_away_is_given_up_visibly(line, meta, ticket, ana):
    answer = reply(ticket, "one", by=ana)
    meta.goes_wrong = [Says(503)] * 9
    at = clock.now()
    for minutes in (0, 2, 8, 25, 90, 300, 700, 1430):
        with clock.at(at + timedelta(minutes=minutes)):
            send(answer.pk)
    ticket.refresh_from_db()
    assert state(answer)[0] == "failed"
    assert ticket.next_step.startswith("The reply could not be sent: Messenger is in trouble (503)")


def test_after_24_hours_nothing_leaves_until_they_write_again(line, meta, ticket, ana):
    assert terms_of(ticket).sentence.startswith("Messenger takes answers for another 23 h 59 min, then only once they")
    with clock.at(clock.now() + LATER):
        assert terms_of(ticket).closed
        with pytest.raises(
            Invalid, match="They last wrote over 24 hours ago: Messenger takes nothing until they write"
        ):
            reply(ticket, "Is it better?", by=ana)
        line.arrives(message("m2", "Still loud", at=clock.now().timestamp() - 60))
        assert send(reply(ticket, "Is it better?", by=ana).pk) == "sent"


def test_a_human_agent_has_seven_days_and_the_assistant_has_not(human, meta, ana):
    ticket = human.arrives(message("m1", "My grinder is loud")).ticket
    with clock.at(clock.now() + LATER):
        assert terms_of(ticket).sentence.startswith("Messenger takes answers from people for another 5 days")
        assert send(reply(ticket, "Is it better?", by=ana).pk) == "sent"
    assert (meta.sent[0]["messaging_type"], meta.sent[0]["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    with clock.at(clock.now() + MUCH_LATER), pytest.raises(Invalid, match="over 7 days ago"):
        reply(ticket, "Is it better?", by=ana)


def test_what_the_assistant_would_say_too_late_is_given_back(human, meta):
    ticket = human.arrives(message("m1", "My grinder is loud")).ticket
    with clock.at(clock.now() + LATER):
        answer = reply(ticket, "Is it better?", by=THE_ASSISTANT, warrant="licence:1")
        assert send(answer.pk) == "failed"
    assert state(answer)[1] == "After 24 hours Messenger takes only what a person wrote"
    assert meta.sent == []


def test_a_comment_is_a_ticket_and_its_answer_is_one_in_public(line, meta, ana, client, ana_user):
    ticket = line.told(comment("1_50", "Is this one loud?")).ticket
    line.told(comment("1_51", "I wonder, too", parent_id="1_50", by={"id": "77", "name": "Jo"}))
    assert ticket.messages.count() == 2
    assert ticket.requester == line.arrives(message("m1", "Hi")).ticket.requester

    client.force_login(ana_user)
    page = client.get(f"/tickets/{ticket.pk}?write=reply").content.decode()
    assert "Everybody reads this answer: it is a public comment." in page
    assert 'href="https://www.facebook.com/brasswell/posts/1"' in page
    with clock.at(clock.now() + MUCH_LATER):
        answer = reply(ticket, "Not at all", by=ana)
        assert send(answer.pk) == "sent"
    assert meta.comments == [("1_50", "Not at all")]


def test_our_own_comment_comes_back_as_an_echo(line, ana):
    ticket = line.told(comment("1_50", "Is this one loud?")).ticket
    send(reply(ticket, "Not at all", by=ana).pk)
    mine = {"id": OURS, "name": "Brasswell"}
    line.told(comment("1_91", "Not at all", parent_id="1_50", by=mine))
    line.told(comment("1_92", "Come and hear it", parent_id="1_50", by=mine))

    ours = Message.objects.filter(ticket=ticket, direction="out").order_by("pk")
    assert [(one.visible, one.author_name) for one in ours] == [
        ("Not at all", "Ana Reyes"),
        ("Come and hear it", "Past the desk"),
    ]


def test_in_public_nothing_leaves_by_itself_and_no_files(line, meta, ana):
    ticket = line.told(comment("1_50", "Is this one loud?")).ticket
    by_itself = reply(ticket, "No", by=THE_ASSISTANT, warrant="licence:1")
    assert send(by_itself.pk) == "failed"
    assert state(by_itself)[1] == "In public only people answer: nothing leaves by itself"
    with_file = reply(ticket, "See", by=ana, files=[keep("a.png", "image/png", b"x")])
    assert send(with_file.pk) == "failed"
    assert meta.comments == []


def test_comments_are_edited_and_removed_and_one_without_a_writer_is_answered_all_the_same(line, meta, ana):
    ticket = line.told(comment("1_50", "Is this loud?", at=1000, told_at=1000, by=None)).ticket
    line.told(comment("1_50", "Is that loud?", verb="edited", at=1000, told_at=1060))
    assert Message.objects.get().visible == "Is that loud?"
    line.told(comment("1_50", "", verb="remove", at=1000, told_at=1070))
    assert Message.objects.get().taken_back_at

    assert ticket.requester.name == "Somebody on Facebook"
    assert send(reply(ticket, "No", by=ana).pk) == "sent"
    assert meta.comments == [("1_50", "No")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (told(message("m1", "Hi"), lists="standby"), "Another app has this conversation in hand (standby). Hi"),
        (told(event(pass_thread_control={"new_owner_app_id": "1"})), "The conversation was handed to another app (hand"),
        (told(event(optin={"type": "one_time"})), "Somebody agrees to be written to."),
        (told(event(brand_new={"x": 1})), "It is a kind of event that the desk does not take: brand_new."),
        (told(event(postback={"payload": "GET_STARTED", "mid": "m", "title": "Go"})), "Somebody opened the conversation"),
        (json.dumps({"object": "page", "entry": [{"id": OURS, "time": 1}]}).encode(), "It lists nothing that is known."),
        (changed("page", "feed", {"item": "reaction", "verb": "add", "reaction_type": "love"}), "Somebody reacted to a"),
        (changed("page", "feed", {"item": "post", "verb": "add", "post_id": "1", "from": {"id": OURS}}), "It is a post of"),
        (changed("page", "ratings", {"item": "rating"}), "Somebody recommends the page, or does not: ratings."),
        (changed("page", "feed", {"item": "comment"}), "It is not as Messenger's calls are (KeyError)."),
        (b'{"object": "page", "entry": "nonsense"}', "It lists nothing that is known."),
        (b"no JSON at all", "It is not as Messenger's calls are (JSONDecodeError)."),
    ],
)  # fmt: skip
def test_unknown_kinds_are_kept_and_shown(line, body, reason):
    raw = line.told(body)
    assert raw.state == "set_aside"
    assert raw.reason.startswith(reason)


def test_a_page_that_meta_keeps_from_writing_says_so(line):
    line.arrives(event(**{"policy-enforcement": {"action": "block", "reason": "Spam"}}))
    line.inbox.refresh_from_db()
    assert line.inbox.trouble == "Meta keeps the page from writing: Spam"


def test_the_page_of_the_inbox_shows_what_to_paste(line, client, desk):
    client.force_login(cast.agent("Ada Admin", desk.repairs, role="admin"))
    page = client.get(f"/settings/inboxes/{line.inbox.pk}").content.decode()
    account = account_of(line.inbox)
    assert account.hook in page
    assert account.get("verify") in page
    assert TOKEN not in page
    assert Ticket.objects.count() == 0
