"""Mara and Sam write in Teams, Ana answers at the desk: threads and tickets stay in step, against a server like Microsoft's."""

import json
from datetime import timedelta

import pytest

from towerdesk.channels.fake_server import Says
from towerdesk.channels.msteams.fake import (
    BOT,
    CHANNEL,
    MARA,
    SAM,
    TENANT,
    activity,
    changed,
    chat_message,
    deleted,
    direct,
    member,
    message,
    number,
    reacted,
    shortcut,
)
from towerdesk.channels.msteams.tests.conftest import thread
from towerdesk.delivery.send import send
from towerdesk.events.models import Event
from towerdesk.intake.accept import accept
from towerdesk.intake.counts import counts
from towerdesk.intake.forget import forget_waiting
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import StorageIsAway
from towerdesk.lib import clock
from towerdesk.people.find import person_for
from towerdesk.people.models import Identity
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.reply import reply
from towerdesk.web.sheets import sheet


def said(ticket):
    return [one.visible for one in Message.objects.of(ticket)]


def answered(ticket, text, ana, outcome="sent", **more):
    answer = reply(ticket, text, by=ana, **more)
    assert send(answer.pk) == outcome
    answer.refresh_from_db()
    return answer


# Chats and threads


def test_a_personal_chat_is_a_ticket_and_the_answer_comes_there(teams, ana):
    raw = teams.says("It drips")
    answer = answered(raw.ticket, "Turn it **by half**", ana)

    assert (raw.state, raw.ticket.requester.name, raw.ticket.subject) == ("ticket", "Mara Lindqvist", "It drips")
    [(conversation, posted)] = teams.server.posted
    assert (conversation, posted["textFormat"]) == (direct(MARA), "xml")
    assert posted["text"] == "<p>Turn it <strong>by half</strong></p>"
    assert answer.message_id.startswith(f"{direct(MARA)}:")
    [asked] = [asked for asked in teams.server.asked if asked.path.endswith("/activities")]
    assert asked.path.startswith("/amer/v3/conversations/a%3A")


def test_the_thread_and_the_ticket_stay_in_step_both_ways(teams, ticket, ana):
    teams.says("Very loud", 1, conversation=thread())
    answered(ticket, "Turn it by half", ana)
    teams.says("Now it is quiet", 2, conversation=thread(), who=SAM)

    assert said(ticket) == ["my grinder is loud", "Very loud", "Turn it by half", "Now it is quiet"]
    assert [conversation for conversation, _ in teams.server.posted] == [thread()]
    assert Ticket.objects.count() == 1
    assert Message.objects.get(visible="Now it is quiet").author_name == "Sam Okoro"


def test_a_note_stays_inside(teams, ticket, ana):
    note(ticket, "She is a VIP", by=ana)
    assert teams.server.posted == []


def test_people_are_known_by_directory_and_number(teams):
    ticket = teams.says("It drips").ticket
    known = Identity.objects.filter(person=ticket.requester).values_list("kind", "value", "verified")
    assert known.get() == ("msteams", f"{TENANT}:{MARA}", True)


def test_edits_and_deletions_reach_the_ticket_and_so_does_undoing_one(teams, ticket):
    here = {"conversation": thread(), "url": teams.server.url}
    teams.says("Vrey loud", 1, conversation=thread())
    teams.happens(changed("Very loud", number(1), number(2), **here))
    for id_ in (0, 1):
        teams.happens(deleted(number(id_), number(3), **here))
    teams.happens(changed("Very loud", number(1), number(4), "undeleteMessage", **here))

    first, second = Message.objects.of(ticket)
    assert (second.visible, second.taken_back_at) == ("Very loud", None)
    assert first.taken_back_at is not None


def test_a_message_in_a_channel_that_is_no_ticket_is_kept_aside_until_it_is_one(teams):
    raw = teams.says("Lunch?", conversation=thread())
    assert (raw.state, raw.reason.startswith("It is part of a conversation that is no ticket")) == ("set_aside", True)
    assert teams.says("Yes", 1, conversation=thread()).state == "set_aside"
    assert Ticket.objects.count() == 0


def test_in_a_channel_that_is_named_every_message_opens_a_ticket(opened):
    teams = opened(channels=CHANNEL)
    answer = teams.says("Me too", 1, conversation=thread())
    assert answer.state == "set_aside"
    teams.says("It drips", conversation=thread())

    answer.refresh_from_db()
    assert said(Ticket.objects.get()) == ["It drips", "Me too"]


def test_a_group_chat_is_one_conversation_that_begins_when_the_app_is_called(teams, ana):
    group = "19:group@thread.v2"
    assert teams.says("Lunch?", conversation=group).state == "set_aside"
    ticket = teams.says("it drips", 1, conversation=group, calls=True).ticket
    answered(ticket, "Turn it by half", ana)
    teams.says("thanks", 2, conversation=group, calls=True, who=SAM)

    assert said(ticket) == ["it drips", "Lunch?", "Turn it by half", "thanks"]
    assert teams.server.posted[0][0] == group


def test_bots_do_not_loop(teams):
    raw = teams.happens({**message("Build failed", number(1)), "from": {"id": "28:other", "name": "Build"}})
    assert (raw.state, raw.reason.startswith("A bot wrote this.")) == ("set_aside", True)


def test_reactions_are_lines_on_the_ticket_and_reading_is_marked(teams, ana):
    ticket = teams.says("It drips").ticket
    answer = answered(ticket, "Turn it by half", ana)
    id_ = answer.message_id.rpartition(":")[2]
    teams.happens(reacted("like", id_, number(9), who=MARA))
    teams.happens(reacted("1f44f_clappinghands", id_, number(10), who=MARA))
    name = "application/vnd.microsoft.readReceipt"
    teams.happens(activity("event", id="e:1", name=name, at=number(11), value={"lastReadMessageId": id_}))

    assert [event.data["sign"] for event in Event.objects.filter(kind="message.reacted").order_by("pk")] == ["👍", "👏"]
    answer.refresh_from_db()
    assert answer.delivery == "read"


def test_installs_are_shown_and_a_removal_from_a_team_is_trouble(teams):
    us = [{"id": BOT}]
    team = {"conversation": CHANNEL, "data": {"team": {"name": "Roastery"}}}
    added = teams.happens(activity("conversationUpdate", id="u:1", membersAdded=us, **team))
    assert (added.state, added.reason) == ("set_aside", "The app was added to the team Roastery.")
    personal = teams.happens(activity("installationUpdate", id="u:2", action="remove"))
    teams.inbox.refresh_from_db()
    assert (personal.reason[:51], teams.inbox.trouble) == ("The app was removed from the chat with Mara Lindqvi", "")

    teams.happens(activity("installationUpdate", id="u:3", action="remove", **team))
    teams.inbox.refresh_from_db()
    assert teams.inbox.trouble.startswith("The app was removed from the team Roastery: what")


# Turning threads into tickets


@pytest.fixture
def begun(teams):
    """A thread of which the desk has heard only the last message."""
    app = {"application": {"id": "other", "displayName": "Build"}, "user": None}
    ours = {"application": {"id": BOT.removeprefix("28:"), "displayName": "Towerdesk"}, "user": None}
    told = [
        chat_message("The steamer hisses", number(0)),
        chat_message("Mine too", number(1), who=SAM, above=number(0)),
        chat_message("I am a bot", number(2), above=number(0), **{"from": app}),
        chat_message("We looked", number(3), above=number(0), **{"from": ours}),
        chat_message("gone", number(4), above=number(0), deletedDateTime="2026-11-01T00:00:00Z"),
        chat_message("Still", number(5), above=number(0)),
    ]
    teams.server.threads[number(0)] = told
    teams.says("Still", 5, conversation=thread())
    return told


TURNED = ["The steamer hisses", "Mine too", "I am a bot", "Still"]


def point(teams, one, at=31):
    return teams.happens(shortcut(one, thread(), number(at), url=teams.server.url))


@pytest.mark.parametrize("place", [0, 1, 5])
def test_the_menu_turns_a_thread_into_a_ticket_wherever_it_is_used(teams, begun, place):
    raw = point(teams, begun[place])
    ticket = Ticket.objects.get()

    assert said(ticket) == TURNED
    assert (ticket.requester.name, ticket.subject) == ("Mara Lindqvist", "The steamer hisses")
    assert (raw.state, raw.ticket_id) == ("message", ticket.pk)
    assert Message.objects.get(visible="I am a bot").auto == "bulk"
    [(conversation, told)] = teams.server.posted
    assert conversation == direct(SAM)
    assert told["text"] == f"This is ticket {ticket.pk}: what is written in this thread comes onto it."
    teams.says("And now it leaks", 7, conversation=thread())
    assert Message.objects.filter(ticket=ticket).count() == 5


def test_using_the_menu_twice_makes_one_ticket(teams, begun):
    point(teams, begun[1])
    point(teams, begun[5], at=32)
    assert said(Ticket.objects.get()) == TURNED


def test_so_does_calling_the_app_by_name_in_the_thread(teams, begun):
    teams.says("please", 6, calls=True, conversation=thread(), who=SAM)
    assert said(Ticket.objects.get()) == [*TURNED, "please"]

    teams.says("again", 8, calls=True, conversation=thread(), who=SAM)
    assert said(Ticket.objects.get()) == [*TURNED, "please", "again"]
    assert not teams.server.posted


def test_calling_the_app_without_another_word_turns_the_thread_if_it_can_be_read(teams, begun):
    mention = {"id": 0, "mentionText": "Towerdesk", "mentioned": {"application": {"id": BOT.removeprefix("28:")}}}
    body = {"contentType": "html", "content": '<p><at id="0">Towerdesk</at></p>'}
    begun.append(chat_message("", number(6), above=number(0), body=body, mentions=[mention]))
    teams.server.consent = False
    teams.says("", 6, calls=True, conversation=thread())
    wish = Raw.objects.order_by("-pk")[0]
    assert (wish.state, wish.reason) == ("set_aside", "There is no message here that could become a ticket.")

    teams.server.consent = True
    teams.says("", 7, calls=True, conversation=thread())
    assert said(Ticket.objects.get()) == TURNED


@pytest.mark.parametrize("consent", [False, None])
def test_without_the_consent_to_read_it_the_message_itself_begins_the_ticket_and_says_so(teams, begun, consent):
    teams.server.consent = bool(consent)
    if consent is None:
        teams.server.consent, teams.server.threads = True, {}
    point(teams, begun[1])
    ticket = Ticket.objects.get()

    assert said(ticket) == ["Mine too", "Still"]
    assert ticket.requester.name == "Sam Okoro"
    shown = sheet(Message.objects.get(visible="Mine too"), ticket, clock.now(), [])
    assert shown.trust == "What was written before it in this thread is not here: the app may not read it."


def test_small_talk_is_removed_after_two_weeks_and_fetched_when_the_thread_is_wanted_after_all(teams, begun):
    [kept] = Raw.objects.all()
    with clock.at(clock.now() + timedelta(days=15)):
        assert forget_waiting() == 1
        point(teams, begun[0])

    kept.refresh_from_db()
    assert (bytes(kept.content), kept.state) == (b"", "set_aside")
    assert said(Ticket.objects.get()) == TURNED
    assert counts(teams.inbox).adds_up


def test_the_first_message_of_a_thread_misses_nothing(teams, begun):
    teams.server.consent = False
    point(teams, begun[0])
    assert "missed" not in Message.objects.get(visible="The steamer hisses").trust


def test_in_a_chat_between_people_what_is_pointed_at_is_meant(teams):
    pointed = chat_message("It drips", number(1))
    raw = teams.happens(shortcut(pointed, "19:two@unq.gbl.spaces", number(31), url=teams.server.url))

    assert said(Ticket.objects.get()) == ["It drips"]
    assert raw.state == "message"
    assert not any("/graph/" in asked.path for asked in teams.server.asked)


def test_while_graph_is_away_turning_waits(teams, begun):
    teams.server.goes_wrong = [lambda asked: Says(503) if "/graph/" in asked.path else None] * 9
    body = json.dumps(shortcut(begun[0], thread(), number(31), url=teams.server.url)).encode()
    teams.call(body)
    waiting = Raw.objects.order_by("-pk")[0].pk
    with pytest.raises(StorageIsAway):
        accept(waiting)

    teams.server.goes_wrong = []
    teams.read()
    assert said(Ticket.objects.get()) == TURNED


# One person


def test_an_address_of_the_organisations_own_directory_and_domain_joins_one_person(opened):
    teams = opened(domains="brasswell.example")
    mara = person_for("mara@brasswell.example", "Mara by mail")

    assert teams.says("It drips").ticket.requester == mara
    kinds = set(Identity.objects.filter(person=mara).values_list("kind", "verified"))
    assert kinds == {("email", True), ("msteams", True)}
    teams.says("Still", 1)
    assert [asked.path for asked in teams.server.asked if "/members/" in asked.path] == [
        f"/amer/v3/conversations/a%3A{MARA}/members/{MARA}"
    ]


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ({"domains": "other.example"}, {}),
        ({"domains": "well.example"}, {}),
        ({}, {"userPrincipalName": "mara_brasswell.example#EXT#@other.onmicrosoft.com"}),
        ({}, {"userRole": "guest"}),
        ({}, {"tenantId": "another"}),
        ({}, {"objectId": SAM}),
        ({"tenant": "home", "tenants": TENANT}, {}),
    ],
)
def test_otherwise_an_address_is_a_hint_and_joins_nobody(opened, values, more):
    teams = opened(**{"domains": "brasswell.example", **values})
    mara = person_for("mara@brasswell.example", "Mara by mail")
    teams.server.members[MARA] = member(MARA, "mara@brasswell.example", **more)
    ticket = teams.says("It drips").ticket

    assert ticket.requester != mara
    assert "mara@brasswell.example" in Message.objects.get().trust["sentence"]


def test_nobody_is_asked_about_when_no_domain_is_named(teams):
    teams.says("It drips")
    assert not any("/members/" in asked.path for asked in teams.server.asked)


def test_a_member_who_can_not_be_asked_for_holds_nothing_up_for_long(opened):
    teams = opened(domains="brasswell.example")
    teams.server.goes_wrong = [Says(503)] * 9
    teams.call(json.dumps(message("It drips", number(0), url=teams.server.url)).encode())
    waiting = Raw.objects.get().pk
    with pytest.raises(StorageIsAway):
        accept(waiting)

    with clock.at(clock.now() + timedelta(minutes=6)):
        accept(waiting)
    assert Ticket.objects.get().requester.name == "Mara Lindqvist"
