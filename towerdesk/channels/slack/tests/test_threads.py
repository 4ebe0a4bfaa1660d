"""Mara and Sam write in Slack, Ana answers at the desk: threads and tickets stay in step, against a server like Slack's."""

from datetime import timedelta

import pytest

from towerdesk.channels.fake_server import Says
from towerdesk.channels.slack.fake import (
    BOT,
    HELP,
    MARA,
    SAM,
    TEAM,
    changed,
    command,
    deleted,
    event,
    message,
    reaction,
    shortcut,
    ts,
    user,
    wrong,
)
from towerdesk.delivery.send import send
from towerdesk.events.models import Event
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import StorageIsAway
from towerdesk.lib import clock
from towerdesk.people.find import person_for
from towerdesk.people.models import Identity
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.reply import reply

DIRECT = "D0MARA01"


def said(ticket):
    return [one.visible for one in Message.objects.of(ticket)]


def answered(ticket, text, ana, outcome="sent", **more):
    answer = reply(ticket, text, by=ana, **more)
    assert send(answer.pk) == outcome
    answer.refresh_from_db()
    return answer


# Threads and direct messages


def test_a_direct_message_is_a_ticket_and_the_answer_comes_there(slack, ana):
    raw = slack.says("It drips", ts(0), channel=DIRECT)
    answer = answered(raw.ticket, "Turn it **by half**", ana)

    assert (raw.state, raw.ticket.requester.name, raw.ticket.subject) == ("ticket", "Mara Lindqvist", "It drips")
    [posted] = slack.server.posted
    assert (posted["channel"], posted.get("thread_ts"), posted["text"]) == (DIRECT, None, "Turn it *by half*")
    assert posted["username"] == "Ana · Slack"
    assert answer.message_id == f"{DIRECT}:1900000000.000001"


def test_the_thread_and_the_ticket_stay_in_step_both_ways(slack, ticket, ana):
    slack.says("Very loud", ts(1), above=ts(0))
    answered(ticket, "Turn it by half", ana)
    slack.says("Now it is quiet", ts(2), above=ts(0), who=SAM)

    assert said(ticket) == ["my grinder is loud", "Very loud", "Turn it by half", "Now it is quiet"]
    assert (slack.server.posted[0]["channel"], slack.server.posted[0]["thread_ts"]) == (HELP, ts(0))
    assert Ticket.objects.count() == 1
    assert Message.objects.get(visible="Now it is quiet").author_name == "Sam Okoro"


def test_a_note_stays_inside(slack, ticket, ana):
    note(ticket, "She is a VIP", by=ana)
    assert slack.server.posted == []


def test_people_are_named_by_slack_and_known_by_workspace_and_number(slack):
    ticket = slack.says(f"<@{SAM}> says it drips, <@U0GONE01> too", ts(0), channel=DIRECT).ticket

    assert said(ticket) == ["@Sam says it drips, @U0GONE01 too"]
    assert Identity.objects.filter(person=ticket.requester).values_list("kind", "value", "verified").get() == (
        "slack",
        f"{TEAM}:{MARA}",
        True,
    )
    assert "mara@brasswell.example" in Message.objects.get().trust["sentence"]


def test_edits_and_deletions_reach_the_ticket(slack, ticket):
    slack.says("Vrey loud", ts(1), above=ts(0))
    slack.happens(changed("Very loud", ts(1), ts(2), "Vrey loud", above=ts(0)))
    slack.happens(deleted(ts(0), ts(3)))

    first, second = Message.objects.of(ticket)
    assert (second.visible, second.taken_back_at) == ("Very loud", None)
    assert first.taken_back_at is not None


def test_a_message_in_a_thread_that_is_no_ticket_is_kept_aside_until_it_is_one(slack):
    raw = slack.says("Lunch?", ts(0))
    assert (raw.state, raw.reason.startswith("It is part of a conversation that is no ticket")) == ("set_aside", True)
    assert slack.says("Yes", ts(1), above=ts(0)).state == "set_aside"
    assert Ticket.objects.count() == 0


def test_in_a_channel_that_is_named_every_message_opens_a_ticket(opened):
    slack = opened(channels=HELP)
    answer = slack.says("Me too", ts(1), above=ts(0))
    assert answer.state == "set_aside"
    slack.says("It drips", ts(0))
    slack.says("Other", ts(5), channel="C0OTHER1")

    answer.refresh_from_db()
    assert said(Ticket.objects.get()) == ["It drips", "Me too"]
    assert answer.state == "message"


def test_bots_and_our_own_messages_do_not_loop(slack, ticket, ana):
    answered(ticket, "Turn it by half", ana)
    echo = slack.says("Turn it by half", "1900000000.000001", who=BOT, bot_id="B0TOWER1", above=ts(0))
    slack.says("Build failed", ts(10), bot_id="B9", subtype="bot_message", above=ts(0))

    assert Message.objects.filter(direction="in").count() == 1
    assert (echo.state, echo.reason, echo.ticket_id) == ("message", "It says that a reply was sent.", ticket.pk)
    assert Raw.objects.get(state="set_aside").reason.startswith("A bot wrote this.")


def test_reactions_are_lines_on_the_ticket(slack, ticket, ana):
    answer = answered(ticket, "Turn it by half", ana)
    for about in (f"{HELP}:{ts(0)}", answer.message_id):
        slack.happens(reaction("eyes", about, at=ts(9)))

    assert [event.data for event in Event.objects.filter(kind="message.reacted")] == [{"sign": ":eyes:"}] * 2
    assert {event.actor_name for event in Event.objects.filter(kind="message.reacted")} == {"Sam Okoro"}


# Turning threads into tickets


@pytest.fixture
def thread(slack):
    """Of which the desk has heard the second half only."""
    told = [
        message("The steamer hisses", ts(0)),
        message("Mine too", ts(1), who=SAM, above=ts(0)),
        message("I am a bot", ts(2), who="U0BOT001", above=ts(0), bot_id="B9", username="Build"),
        message("We looked", ts(3), who=BOT, bot_id="B0TOWER1", above=ts(0)),
        message("Still", ts(4), above=ts(0)),
    ]
    slack.server.threads[f"{HELP}:{ts(0)}"] = told
    slack.server.users["U0BOT001"] = user("U0BOT001", "Build", is_bot=True)
    slack.happens(told[4])
    return told


def turned(thread):
    return [thread[0]["text"], thread[1]["text"], thread[2]["text"], thread[4]["text"]]


@pytest.mark.parametrize("place", [0, 1, 4])
def test_the_shortcut_turns_a_thread_into_a_ticket_wherever_it_is_used(slack, thread, place):
    raw = slack.calls(shortcut(thread[place], slack.server.url))
    ticket = Ticket.objects.get()

    assert said(ticket) == turned(thread)
    assert (ticket.requester.name, ticket.subject, raw.state, raw.ticket_id) == (
        "Mara Lindqvist",
        "The steamer hisses",
        "message",
        ticket.pk,
    )
    assert Message.objects.get(visible="I am a bot").auto == "bulk"
    [told] = slack.server.told
    assert told["text"] == f"This is ticket {ticket.pk}: what is written in this thread comes onto it."
    assert told["response_type"] == "ephemeral"
    slack.says("And now it leaks", ts(7), above=ts(0))
    assert Message.objects.filter(ticket=ticket).count() == 5


def test_the_emoji_does_the_same_and_twice_is_once(slack, thread):
    for number in (1, 4):
        slack.happens(reaction("ticket", f"{HELP}:{ts(number)}", at=ts(9)))

    assert said(Ticket.objects.get()) == turned(thread)


def test_so_does_calling_the_app_by_name_in_the_thread(slack, thread):
    calls = message(f"<@{BOT}> please", ts(5), above=ts(0), who=SAM)
    thread.append(calls)
    slack.happens(calls)
    slack.happens({**calls, "type": "app_mention"})

    assert said(Ticket.objects.get()) == [*turned(thread), "please"]


def test_a_public_channel_is_joined_for_it_and_a_private_one_is_asked_for(slack, thread):
    slack.server.not_in = {HELP}
    slack.calls(shortcut(thread[0], slack.server.url))
    assert Ticket.objects.count() == 1

    slack.server.goes_wrong = [lambda asked: None, wrong("channel_not_found")]
    raw = slack.calls(shortcut(message("Secret", ts(20), channel="G0PRIV01"), slack.server.url))
    assert raw.state == "set_aside"
    assert raw.reason == "The channel is gone, or private without the app in it: invite the app there."
    assert slack.server.told[-1]["text"] == raw.reason


def test_while_slack_is_away_turning_waits(slack, thread):
    slack.server.goes_wrong = [Says(503)] * 2
    slack.call(shortcut(thread[0], slack.server.url))
    number = Raw.objects.order_by("-pk")[0].pk
    with pytest.raises(StorageIsAway):
        accept(number)

    slack.server.goes_wrong = []
    slack.read()
    assert said(Ticket.objects.get()) == turned(thread)


def test_a_command_opens_a_ticket_that_is_answered_in_a_direct_message(slack, ana):
    ticket = slack.calls(command("My grinder is loud")).ticket
    answered(ticket, "Turn it by half", ana)
    slack.says("Thank you, but no", ts(9), channel=DIRECT)

    assert (ticket.requester.name, slack.server.posted[0]["channel"]) == ("Mara Lindqvist", DIRECT)
    assert Message.objects.filter(ticket=ticket).count() == 3
    assert slack.calls(command("", trigger="t2")).state == "set_aside"


# One person


def test_a_confirmed_address_of_the_workspaces_own_domain_joins_one_person(opened):
    slack = opened(domains="brasswell.example")
    mara = person_for("mara@brasswell.example", "Mara by mail")

    assert slack.says("It drips", ts(0), channel=DIRECT).ticket.requester == mara
    assert set(Identity.objects.filter(person=mara).values_list("kind", "verified")) == {
        ("email", True),
        ("slack", True),
    }


@pytest.mark.parametrize(
    ("domains", "more"),
    [
        ("", {}),
        ("other.example", {}),
        ("well.example", {}),
        ("brasswell.example", {"is_email_confirmed": False}),
        ("brasswell.example", {"is_stranger": True}),
        ("brasswell.example", {"team_id": "T0OTHER1"}),
    ],
)
def test_otherwise_an_address_is_a_hint_and_joins_nobody(opened, domains, more):
    slack = opened(domains=domains)
    mara = person_for("mara@brasswell.example", "Mara by mail")
    slack.server.users[MARA] |= more

    assert slack.says("It drips", ts(0), channel=DIRECT).ticket.requester != mara


def test_a_name_joins_nobody(opened):
    slack = opened(domains="brasswell.example")
    person_for("mara@elsewhere.example", "Mara Lindqvist")
    slack.server.users[MARA]["profile"]["email"] = ""

    assert slack.says("It drips", ts(0), channel=DIRECT).ticket.requester.identities.get().kind == "slack"


def test_a_user_who_can_not_be_asked_for_holds_nothing_up_for_long(slack):
    slack.server.goes_wrong = [Says(500)] * 9
    slack.call(event(1, message("It drips", ts(0), channel=DIRECT)))
    number = Raw.objects.get().pk
    with pytest.raises(StorageIsAway):
        accept(number)

    with clock.at(clock.now() + timedelta(minutes=6)):
        accept(number)
    assert Ticket.objects.get().requester.name == f"Slack {TEAM}:{MARA}"
