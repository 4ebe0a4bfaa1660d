"""An inbox's page: opened, connected, watched, paused, read again."""

import re

import pytest

from towerdesk.channels.account import account_of
from towerdesk.channels.fake_server import Says, serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.telegram.fake import TOKEN, FakeTelegram
from towerdesk.intake.models import Raw
from towerdesk.testing.chats import chatting
from towerdesk.tickets.models import Message


@pytest.fixture
def chat(desk):
    with chatting(desk) as running:
        yield running


@pytest.fixture
def telegram(settings):
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with serving(FakeTelegram()) as running:
        yield running


def test_an_inbox_is_opened_and_connected(desk, admins_web, telegram):
    given = {"channel": "telegram", "name": "Bot", "address": "Brasswell_Bot", "team": "repairs"}
    page = admins_web.post("/settings/inboxes/new", given, follow=True).content.decode()
    inbox = Inbox.objects.get(address="telegram:brasswell_bot")
    assert f"/hooks/{inbox.hook}" in page
    assert "/newbot" in page

    told = admins_web.post(
        f"/settings/inboxes/{inbox.pk}/connect", {"token": TOKEN, "server": telegram.url}, follow=True
    ).content.decode()
    inbox.refresh_from_db()
    assert "Connected to @brasswell_bot" in told
    assert account_of(inbox).get("token") == TOKEN
    assert TOKEN not in told


def test_what_the_provider_says_against_it_is_shown(desk, admins_web, telegram):
    inbox = Inbox.objects.create(name="Bot", address="telegram:b", channel="telegram", team=desk.repairs, hook="k")
    telegram.goes_wrong = [Says(401)]
    page = admins_web.post(f"/settings/inboxes/{inbox.pk}/connect", {"token": "1:x", "server": telegram.url})

    assert "Telegram refuses the account" in page.content.decode()


def test_what_is_needed_is_asked_for_and_what_is_not_may_be_emptied(desk, admins_web, telegram):
    inbox = Inbox.objects.create(name="Bot", address="telegram:b", channel="telegram", team=desk.repairs, hook="k")
    connect = f"/settings/inboxes/{inbox.pk}/connect"
    assert "Token of the bot is needed." in admins_web.post(connect, {"token": ""}).content.decode()

    admins_web.post(connect, {"token": TOKEN, "server": telegram.url, "groups": "tickets"})
    admins_web.post(connect, {"token": ""})  # a form that asks for nothing else
    inbox.refresh_from_db()
    assert [account_of(inbox).get(name) for name in ("token", "server", "groups")] == [TOKEN, telegram.url, "tickets"]

    admins_web.post(connect, {"token": "", "server": telegram.url, "groups": ""})
    inbox.refresh_from_db()
    assert [account_of(inbox).get(name) for name in ("token", "server", "groups")] == [TOKEN, telegram.url, ""]


@pytest.mark.parametrize(
    "given", [{"channel": "pigeon"}, {"address": ""}, {"address": "a b"}, {"channel": "email", "address": "no-mail"}]
)
def test_an_inbox_that_can_not_be_is_refused_with_a_sentence(desk, admins_web, given):
    good = {"channel": "telegram", "name": "Bot", "address": "bot", "team": "repairs"}
    answer = admins_web.post("/settings/inboxes/new", good | given)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_the_page_accounts_for_everything_and_says_what_was_turned_away(chat, admins_web):
    chat.arrives("It drips")
    chat.arrives("x", happening="poll")
    chat.call(chat.one("Give me money"), **{"X-Fake-Signature": "t=1,v1=00"})
    page = admins_web.get(f"/settings/inboxes/{chat.inbox.pk}").content.decode()

    counted = dict(re.findall(r"<dt>([a-z ]+)</dt><dd[^>]*>(?:<a[^>]*>)?(\d+)", page))
    assert counted == {"arrived": "2", "on tickets": "1", "set aside": "1", "failed": "0"}
    assert "the signature does not fit" in page
    assert "t-1" not in page


def test_pausing_and_reading_again(chat, admins_web):
    raw = chat.arrives("It drips")
    Raw.objects.filter(pk=raw.pk).update(state="failed", message=None)
    admins_web.post(f"/settings/inboxes/{chat.inbox.pk}/pause")
    admins_web.post(f"/settings/inboxes/{chat.inbox.pk}/again")

    chat.inbox.refresh_from_db()
    raw.refresh_from_db()
    assert (chat.inbox.paused, raw.state) == (True, "stored")


def test_a_preview_reads_the_last_call_and_keeps_nothing(chat, admins_web):
    chat.call(chat.one("It drips"))
    page = admins_web.post(f"/settings/inboxes/{chat.inbox.pk}/preview", {}).content.decode()

    assert "It drips" in page
    assert Message.objects.count() == 0


@pytest.mark.parametrize("path", ["/settings/inboxes/new", "/settings/inboxes/{}", "/settings/inboxes/{}/preview"])
def test_only_who_may_change_inboxes_sees_their_secrets(chat, bens_web, path):
    ask = bens_web.post if path.endswith("preview") else bens_web.get

    assert ask(path.format(chat.inbox.pk)).status_code == 403


def test_marks_on_the_ticket(chat, web):
    message = chat.arrives("It drpis").message
    chat.arrives("It drips", happening="edit", about=message.message_id, external_id="")
    page = web.get(f"/tickets/{message.ticket_id}").content.decode()
    assert ">edited<" in page
    assert "which was: “It drpis”" in page

    chat.arrives(happening="deletion", about=message.message_id, external_id="")
    assert ">deleted by its writer<" in web.get(f"/tickets/{message.ticket_id}").content.decode()


def test_a_chat_inbox_goes_through_the_set_up_as_a_file(chat, ana):
    from towerdesk.setup.sections.inboxes import Inboxes

    entry = next(one for one in Inboxes().entries() if one.address == "fakechat:brasswell")
    assert "account" not in entry.settings
    from towerdesk.lib.actor import CLOCK

    Inboxes().write(entry, by=CLOCK)
    chat.inbox.refresh_from_db()
    assert account_of(chat.inbox).get("token") == "t-1"


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"undo_seconds": "601", "reopen_days": "7"}, "undo_seconds", "Choose a number from 0 to 600."),
        ({"undo_seconds": "10", "reopen_days": "soon"}, "reopen_days", "Give a whole number from 0 to 365."),
        ({"undo_seconds": "10", "reopen_days": "9" * 5000}, "reopen_days", "Give a whole number from 0 to 365."),
    ],
)
def test_limits_that_cant_be_are_shown_again_as_typed(admins_web, desk, given, field, said):
    answer = admins_web.post(f"/settings/inboxes/{desk.inbox.pk}", given)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'<span class="wrong" id="wrong-{field}">{said}</span>' in page
    assert all(f'name="{name}" value="{value}"' in page for name, value in given.items())
    assert Inbox.objects.get(pk=desk.inbox.pk).undo_seconds == desk.inbox.undo_seconds


def test_an_inboxs_settings_are_said_in_words(admins_web, desk):
    desk.inbox.settings = {
        "catch_all": True,
        "most_per_hour": 40,
        "imap": {"host": "mail.example", "password": "sealed", "only_new": False, "move_to": None},
        "account": {"token": "sealed"},
        "of_tomorrow": False,
    }
    desk.inbox.save()

    page = admins_web.get("/settings").content.decode()

    for name, said in [
        ("Mail to unknown addresses", "comes in here"),
        ("From one sender in an hour", "40 tickets at most"),
        ("Mailbox password", "set"),
        ("Older mail", "is taken in too"),
        ("Read mail is moved to", "not set"),
        ("Of tomorrow", "no"),
    ]:
        assert f"<dt>{name}</dt><dd>{said}</dd>" in page
    assert not [word for word in ("True", "False", "None", "sealed", "catch_all") if f">{word}" in page]
