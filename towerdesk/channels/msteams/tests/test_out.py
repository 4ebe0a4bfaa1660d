"""What leaves for Teams and what is fetched from there: tokens, files, patience, troubles."""

from datetime import timedelta

import pytest

from towerdesk.channels.contract import NotSent, Outgoing
from towerdesk.channels.fake_server import Says, says
from towerdesk.channels.msteams import api, tokens
from towerdesk.channels.msteams.fake import MARA, TENANT, chat_message, direct, number, shortcut, wrong
from towerdesk.channels.msteams.tests.conftest import thread
from towerdesk.channels.registry import channel
from towerdesk.delivery.compose import LoadedFile
from towerdesk.delivery.send import send
from towerdesk.lib import clock
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reply import reply


def answered(ticket, text, ana, outcome="sent", **more):
    answer = reply(ticket, text, by=ana, **more)
    assert send(answer.pk) == outcome
    answer.refresh_from_db()
    return answer


def outgoing(teams, **more):
    given = {
        "message": 1,
        "ticket": 1,
        "inbox": "msteams:x",
        "sender_name": "Ana",
        "to": [f"{TENANT}:{MARA}"],
        "cc": [],
    }
    given |= {"subject": "", "text": "See", "html": "", "written_at": clock.now(), "account": teams.account}
    return Outgoing(**{**given, **more})


def paths(teams, part):
    return [asked.path for asked in teams.server.asked if part in asked.path]


# Files that come


def shared(teams, name="a.txt", **more):
    content = {"downloadUrl": f"{teams.server.url}/files/{name}", "uniqueId": "1", "fileType": "txt"}
    kind = "application/vnd.microsoft.teams.file.download.info"
    return {
        "contentType": kind,
        "contentUrl": "https://x.sharepoint.com/a",
        "name": name,
        "content": {**content, **more},
    }


def test_a_file_is_fetched_without_our_token_and_a_pasted_picture_with_it(teams):
    teams.server.files |= {"a.txt": b"hello", "pic": b"\x89PNG"}
    picture = {"contentType": "image/*", "contentUrl": f"{teams.server.url}/amer/v3/attachments/pic/views/original"}
    ticket = teams.says("See", files=[shared(teams), picture]).ticket

    files = ticket.messages.get().attachments.order_by("pk")
    assert [(file.name, file.type, file.size) for file in files] == [
        ("a.txt", "text/plain", 5),
        ("picture-1.png", "image/png", 4),
    ]
    [asked] = [asked for asked in teams.server.asked if asked.path == "/files/a.txt"]
    assert "authorization" not in asked.headers


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a.txt",
        "https://x.sharepoint.com.evil.example/a.txt",
        "https://evil.example/v3/attachments/1/views/original",
        "http://smba.trafficmanager.net/v3/attachments/1/views/original",
        "file:///etc/passwd",
    ],
)
def test_files_that_lie_elsewhere_are_not_asked_for(teams, url):
    message = teams.says("See", files=[shared(teams, downloadUrl=url)]).ticket.messages.get()
    assert message.visible == "See\n\n[a.txt could not be fetched: it does not lie at Microsoft]"


def test_a_file_that_is_too_big_is_not_taken_and_what_is_no_picture_is_none(teams):
    teams.server.files["a.txt"] = bytes(api.MOST + 1)
    page = {"contentType": "image/*", "contentUrl": f"{teams.server.url}/amer/v3/attachments/page/views/original"}
    teams.server.goes_wrong = [lambda asked: Says(body=b"<html>") if "/page/" in asked.path else None] * 4
    said = teams.says("See", files=[shared(teams), page]).ticket.messages.get().visible

    assert "a.txt could not be fetched: it has more than" in said
    assert "picture-1 could not be fetched: it is no picture" in said


def test_a_picture_of_a_thread_is_fetched_with_graphs_token(teams):
    url = f"{teams.server.url}/graph/v1.0/teams/g/channels/c/messages/1/hostedContents/2/$value"
    body = {"contentType": "html", "content": f'<p>See</p><img src="{url}" alt="x">'}
    teams.server.threads[number(0)] = [chat_message("", number(0), body=body)]
    png = Says(body=b"\x89PNG", headers={"Content-Type": "image/png"})
    teams.server.goes_wrong = [lambda asked: png if "hostedContents" in asked.path else None] * 20
    teams.happens(shortcut(teams.server.threads[number(0)][0], thread(), number(31), url=teams.server.url))

    [message] = Ticket.objects.get().messages.all()
    assert (message.visible, [file.name for file in message.attachments.all()]) == ("See", ["picture-1.png"])
    [asked] = [asked for asked in teams.server.asked if "hostedContents" in asked.path]
    assert asked.headers["authorization"].startswith("Bearer graph-")


# What leaves


def test_without_a_conversation_it_goes_to_the_person(teams):
    assert channel("msteams").send(outgoing(teams)).id.startswith(f"{direct(MARA)}:")
    assert paths(teams, "/v3/")[0] == "/teams/v3/conversations"


def test_pictures_go_along_and_other_files_are_refused_before_anything_is_said(teams):
    picture = LoadedFile("a.png", "image/png", b"\x89PNG")
    channel("msteams").send(outgoing(teams, conversation=thread(), files=[picture]))
    words, shown = (activity for _, activity in teams.server.posted)
    assert ("attachments" in words, shown["attachments"][0]["contentUrl"]) == (False, "data:image/png;base64,iVBORw==")

    for bad in (LoadedFile("a.pdf", "application/pdf", b"%"), LoadedFile("b.png", "image/png", b"x" * (2**20 + 1))):
        with pytest.raises(NotSent, match=r"only pictures .* not [ab]\.p"):
            channel("msteams").send(outgoing(teams, conversation=thread(), files=[bad]))
    assert len(teams.server.posted) == 2


def test_nothing_is_not_sent(teams):
    with pytest.raises(NotSent, match="nothing to send"):
        channel("msteams").send(outgoing(teams, conversation=thread(), text=" "))


def test_a_long_reply_is_cut_and_when_a_later_part_is_refused_a_person_is_asked(teams, ticket, ana):
    teams.server.goes_wrong = [lambda asked: None, wrong(403, "MessageWritesBlocked")]
    answer = answered(ticket, "word " * 2000, ana, "unsure")
    assert answer.delivery_note.startswith("Only a part of it went out")


@pytest.mark.parametrize(
    "way",
    [
        "",
        "https://evil.example/",
        "http://smba.trafficmanager.net/amer/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://smba.trafficmanager.net:8443/amer/",
    ],
)
def test_our_token_goes_to_the_platforms_hosts_alone(teams, way):
    from dataclasses import replace

    from towerdesk.channels.msteams.places import SERVICE, service

    real = replace(teams.account, values={})
    assert service(real, way) == SERVICE
    assert service(real, "https://smba.trafficmanager.net/emea/t-1/") == "https://smba.trafficmanager.net/emea/t-1"
    channel("msteams").send(outgoing(teams, conversation=thread(), way=way))
    assert paths(teams, "/activities")[-1].startswith("/teams/v3/")


# Tokens


def tokens_asked(teams):
    return len(paths(teams, "/oauth2/"))


def test_a_token_is_used_until_shortly_before_it_expires(teams, ticket, ana):
    before = tokens_asked(teams)
    answered(ticket, "One", ana)
    answered(ticket, "Two", ana)
    assert tokens_asked(teams) == before
    with clock.at(clock.now() + timedelta(seconds=teams.server.lasts) - tokens.EARLY):
        answered(ticket, "Three", ana)
    assert tokens_asked(teams) == before + 1


def test_a_token_that_was_revoked_is_replaced_once(teams, ticket, ana):
    teams.server.tokens.clear()
    before = tokens_asked(teams)
    answered(ticket, "One", ana)
    assert (tokens_asked(teams), len(teams.server.posted)) == (before + 1, 1)

    teams.server.goes_wrong = [wrong(401, "Unauthorized"), lambda asked: None, wrong(401, "Unauthorized")]
    answer = answered(ticket, "Two", ana, "retry")
    teams.inbox.refresh_from_db()
    assert "refuses the account" in answer.delivery_note
    assert teams.inbox.trouble


@pytest.mark.parametrize(
    ("codes", "word"),
    [([7000222], "has expired"), ([700016], "does not know the app"), ([123], "(AADSTS123)"), ([], "(AADSTS0)")],
)
def test_a_secret_that_no_longer_does_is_said_on_the_inbox(teams, ticket, ana, codes, word):
    tokens._known.clear()
    teams.server.goes_wrong = [says({"error": "invalid_client", "error_codes": codes}, 401)]
    answer = answered(ticket, "One", ana, "retry")
    teams.inbox.refresh_from_db()
    assert word in answer.delivery_note
    assert word in teams.inbox.trouble


def test_while_no_token_can_be_had_nothing_was_said(teams, ticket, ana):
    for trouble in (Says(hangs_up=True), Says(503), Says(429, headers={"Retry-After": "7"}), Says(200, b"<html>")):
        tokens._known.clear()
        teams.server.goes_wrong = [trouble]
        with pytest.raises(NotSent) as caught:
            channel("msteams").send(outgoing(teams, conversation=thread()))
        assert (caught.value.later, caught.value.trouble) == (True, False)
    assert teams.server.posted == []


# What goes wrong on the way out


@pytest.mark.parametrize(
    ("trouble", "outcome", "note_", "on_inbox"),
    [
        (wrong(429, "Throttled", retry_after="7"), "retry", "asks for patience (429 Throttled)", False),
        (wrong(412, "PreconditionFailed"), "retry", "asks for patience (412)", False),
        (Says(502), "retry", "Microsoft Teams is in trouble (502).", False),
        (Says(503), "retry", "Microsoft Teams is in trouble (503).", False),
        (wrong(403, "BotDisabledByAdmin"), "retry", "has switched the app off", True),
        (wrong(403, "BotNotInConversationRoster"), "failed", "The app was removed from this conversation", True),
        (wrong(403, "ConversationBlockedByUser"), "failed", "They have blocked the app", False),
        (wrong(404, "ConversationNotFound"), "failed", "The conversation is gone", False),
        (wrong(413, "MessageSizeTooBig"), "failed", "It is too big", False),
        (wrong(400, "BadArgument"), "failed", "does not take this (400 BadArgument)", False),
        (wrong(500, "ServiceError"), "unsure", "failed while it did this (ServiceError)", False),
        (Says(hangs_up=True), "unsure", "did not say whether it took this", False),
    ],
)
def test_what_microsoft_says_decides_whether_it_is_tried_again(teams, ticket, ana, trouble, outcome, note_, on_inbox):
    teams.server.goes_wrong = [trouble]
    answer = answered(ticket, "Turn it by half", ana, outcome)

    teams.inbox.refresh_from_db()
    assert note_ in answer.delivery_note
    assert bool(teams.inbox.trouble) is on_inbox
    if outcome == "retry":
        with clock.at(clock.now() + timedelta(minutes=2)):
            assert send(answer.pk) == "sent"
        assert len(teams.server.posted) == 1
        teams.inbox.refresh_from_db()
        assert teams.inbox.trouble == ""


def test_microsoft_is_given_the_time_it_asks_for(teams, ticket, ana):
    teams.server.goes_wrong = [wrong(429, "Throttled", retry_after="7")]
    answer = answered(ticket, "Turn it by half", ana, "retry")
    assert timedelta(seconds=5) < answer.send_after - clock.now() <= timedelta(seconds=7)
