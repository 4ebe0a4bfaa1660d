"""What leaves for Slack and what is fetched from there: files, patience, troubles."""

from datetime import timedelta

import pytest

from towerdesk.channels.contract import NotSent, Outgoing
from towerdesk.channels.fake_server import Says
from towerdesk.channels.registry import channel
from towerdesk.channels.slack import api
from towerdesk.channels.slack.fake import BOT, HELP, MARA, TEAM, limited, message, ts, wrong
from towerdesk.delivery.compose import LoadedFile
from towerdesk.delivery.send import send
from towerdesk.lib import clock
from towerdesk.tickets.reply import reply

DIRECT = "D0MARA01"


def answered(ticket, text, ana, outcome="sent", **more):
    answer = reply(ticket, text, by=ana, **more)
    assert send(answer.pk) == outcome
    answer.refresh_from_db()
    return answer


# Files


def picture(slack, **more):
    url = f"{slack.server.url}/files/a.png"
    file = {"id": "F1", "name": "a.png", "mimetype": "image/png", "size": 4, "url_private": url, **more}
    return message("See", ts(0), channel=DIRECT, subtype="file_share", files=[file])


def test_files_are_fetched_with_the_token(slack):
    slack.server.files["a.png"] = b"\x89PNG"
    ticket = slack.happens(picture(slack)).ticket

    [file] = ticket.messages.get().attachments.all()
    assert (file.name, file.type, file.size) == ("a.png", "image/png", 4)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"size": 21 * 2**20}, "it has more than 20 MB"),
        ({"url_private": "https://evil.example/a.png"}, "it does not lie at Slack"),
        ({"url_private": "https://slack.com.evil.example/a.png"}, "it does not lie at Slack"),
        ({"url_private": "http://files.slack.com/a.png"}, "it does not lie at Slack"),
    ],
)
def test_files_that_can_not_or_must_not_be_had_are_said(slack, more, why):
    message_ = slack.happens(picture(slack, **more)).ticket.messages.get()

    assert message_.visible == f"See\n\n[a.png could not be fetched: {why}]"
    assert not any("/files/" in asked.path for asked in slack.server.asked)


def test_a_file_that_is_bigger_than_it_says_is_not_taken(slack):
    slack.server.files["a.png"] = bytes(api.MOST + 1)
    assert "could not be fetched" in slack.happens(picture(slack)).ticket.messages.get().visible


def test_a_page_to_sign_in_is_not_taken_for_the_file(slack):
    slack.server.goes_wrong = [lambda asked: None, Says(body=b"<html>", headers={"Content-Type": "text/html"})]
    assert "lacks the right files:read" in slack.happens(picture(slack)).ticket.messages.get().visible


def outgoing(slack, **more):
    given = {"message": 1, "ticket": 1, "inbox": "slack:x", "sender_name": "Ana", "to": [f"{TEAM}:{MARA}"], "cc": []}
    given |= {"subject": "", "text": "See", "html": "", "written_at": clock.now(), "account": slack.account}
    return Outgoing(**{**given, **more})


def test_files_of_a_reply_are_handed_over_and_shown_in_the_thread(slack):
    files = [LoadedFile("a.txt", "text/plain", b"hello")]
    sent = channel("slack").send(outgoing(slack, files=files, conversation=f"{HELP}:{ts(0)}"))

    assert sent.id == f"{HELP}:1900000000.000001"
    assert b"hello" in slack.server.uploaded["F1"]
    where = {"channel_id": HELP, "thread_ts": ts(0)}
    assert slack.server.shown == [{"files": [{"id": "F1", "title": "a.txt"}], **where}]


def test_without_a_conversation_it_goes_to_the_person(slack):
    assert channel("slack").send(outgoing(slack)).id == f"{DIRECT}:1900000000.000001"


# What goes wrong on the way out


@pytest.mark.parametrize(
    ("trouble", "outcome", "note_", "on_inbox"),
    [
        (limited(7), "retry", "Slack asks for patience (ratelimited).", False),
        (Says(503), "retry", "Slack is in trouble (503).", False),
        (wrong("service_unavailable"), "retry", "Slack asks for patience (service_unavailable).", False),
        (wrong("token_revoked"), "retry", api.SENTENCES["token_revoked"], True),
        (wrong("account_inactive"), "retry", api.SENTENCES["account_inactive"], True),
        (wrong("missing_scope", needed="chat:write"), "retry", "It lacks the right chat:write.", True),
        (wrong("is_archived"), "failed", "The channel is archived", False),
        (wrong("odd_error"), "failed", "Slack does not take this (chat.postMessage: odd_error)", False),
        (wrong("fatal_error"), "unsure", "Slack failed while it did this (fatal_error)", False),
        (Says(200, b"<html>"), "unsure", "Slack answered something that can't be read (200)", False),
        (Says(hangs_up=True), "unsure", "Slack did not say whether it took this", False),
    ],
)
def test_what_slack_says_decides_whether_it_is_tried_again(slack, ticket, ana, trouble, outcome, note_, on_inbox):
    slack.server.goes_wrong = [trouble]
    answer = answered(ticket, "Turn it by half", ana, outcome)

    slack.inbox.refresh_from_db()
    assert note_ in answer.delivery_note
    assert bool(slack.inbox.trouble) is on_inbox
    if outcome == "retry":
        with clock.at(clock.now() + timedelta(minutes=2)):
            assert send(answer.pk) == "sent"
        assert len(slack.server.posted) == 1
        slack.inbox.refresh_from_db()
        assert slack.inbox.trouble == ""


def test_slack_is_given_the_time_it_asks_for(slack, ticket, ana):
    slack.server.goes_wrong = [limited(7)]
    answer = answered(ticket, "Turn it by half", ana, "retry")
    assert timedelta(seconds=5) < answer.send_after - clock.now() <= timedelta(seconds=7)


def test_when_a_file_can_not_be_handed_over_nothing_was_said(slack):
    for trouble, is_trouble in ((Says(500), False), (wrong("token_revoked"), True)):
        slack.server.goes_wrong = [trouble]
        with pytest.raises(NotSent) as caught:
            channel("slack").send(outgoing(slack, files=[LoadedFile("a.txt", "text/plain", b"hello")]))
        assert (caught.value.later, caught.value.trouble) == (True, is_trouble)
    assert slack.server.posted == []


def test_a_revoked_token_and_an_app_that_was_removed_are_said_on_the_inbox(slack):
    for kind, word in (("tokens_revoked", "revoked"), ("app_uninstalled", "removed")):
        raw = slack.happens({"type": kind, "tokens": {"bot": [BOT]}})
        slack.inbox.refresh_from_db()
        assert word in slack.inbox.trouble
        assert raw.state == "set_aside"
