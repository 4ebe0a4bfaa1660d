"""What leaves: once, together, in peace, tried again, and given up where it can be seen."""

from datetime import UTC, datetime, time, timedelta

import pytest

from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid
from towerdesk.notifications.hook import body, checked
from towerdesk.notifications.models import Notification, Post, Preference
from towerdesk.notifications.post import MOST_AN_HOUR, post, post_due, recover
from towerdesk.notifications.prefer import hook_team
from towerdesk.notifications.read import read_all
from towerdesk.notifications.tell import tell
from towerdesk.notifications.tests.conftest import all_is_told, later
from towerdesk.notifications.words import Item
from towerdesk.testing import cast
from towerdesk.testing.mails import arrives
from towerdesk.tickets.assign import assign

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def given(desk, ticket, ana, ben_user):
    """Ben has a ticket from Ana, and all is told."""
    assign(ticket, ben_user, by=ana)
    all_is_told()
    return ticket


def give_another(desk, person, user, by):
    ticket = cast.opened(desk, person, "Another one")
    assign(ticket, user, by=by)
    all_is_told()
    return ticket


def test_a_mail_leaves_when_the_window_is_over_and_once(given, server):
    assert post_due() == 0
    with later(minutes=3):
        assert [post_due(), post_due(), post(Post.objects.get().pk)] == [1, 0, False]

    [mail] = server.mails
    assert server.recipients == [["ben@brasswell.example"]]
    assert mail["Subject"] == f"Ticket {given.pk}, Group head drips: Ana Reyes gave you this"
    assert f"/notifications/{Notification.objects.get().pk}" in mail.get_content()
    assert Post.objects.get().state == "sent"


def test_no_machine_answers_it_and_our_own_door_sets_it_aside(given, desk, server):
    with later(minutes=3):
        post_due()
    [mail] = server.mails
    back = arrives(mail.as_bytes(), desk.inbox)

    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert (back.state, back.ticket_id) == ("set_aside", None)


def test_what_was_read_at_the_desk_first_is_not_mailed(given, ben_user, server):
    read_all(ben_user)
    with later(minutes=3):
        assert post_due() == 0

    assert (server.mails, Post.objects.get().state) == ([], "dropped")


def test_what_may_no_longer_be_read_is_not_mailed(given, desk, ana, server):
    desk.billing.restricted = True
    desk.billing.save()
    assign(given, desk.billing, by=ana)
    with later(minutes=3):
        assert post_due() == 0

    assert server.mails == []


def test_several_tickets_are_one_summary(given, desk, mara, ben_user, ana, server):
    give_another(desk, mara, ben_user, ana)
    with later(minutes=3):
        assert post_due() == 1

    [mail] = server.mails
    assert mail["Subject"] == "2 tickets with news for you"
    assert "Group head drips" in mail.get_content()
    assert "Another one" in mail.get_content()


def test_quiet_hours_end_in_one_mail(desk, mara, ana, ben_user, wishes, server):
    wishes(ben_user, "mail", zone="Europe/Amsterdam", quiet=(time(22), time(7)))
    for hours in (22, 24, 26):  # 23:00, 01:00 and 03:00 in Amsterdam
        with clock.at(NOON.replace(hour=0) + timedelta(hours=hours)):
            give_another(desk, mara, ben_user, ana)
            post_due()
    assert server.mails == []

    with clock.at(datetime(2026, 11, 24, 6, tzinfo=UTC)):
        assert post_due() == 1
    assert server.mails[0]["Subject"] == "3 tickets with news for you"


def test_what_is_urgent_wakes_somebody(desk, ticket, ana, ben_user, wishes, server):
    wishes(ben_user, "mail", zone="UTC", quiet=(time(10), time(14)))
    with clock.at(NOON):
        give_another(desk, ticket.requester, ben_user, ana)
        tell(ticket, ben_user, "The shop is under water", urgent=True, by=ana)
        all_is_told()
        assert post_due() == 1

    assert "The shop is under water" in server.mails[0].get_content()


def test_what_is_urgent_is_mailed_to_whoever_wants_no_mail(ticket, ana, ben_user, wishes, server):
    wishes(ben_user)
    tell(ticket, ben_user, "The shop is under water", urgent=True, by=ana)
    all_is_told()

    assert post_due() == 1


def test_after_too_many_in_an_hour_the_rest_is_one_summary(desk, mara, ana, ben_user, server):
    for number in range(MOST_AN_HOUR + 5):
        with clock.at(NOON + timedelta(minutes=3 * number)):
            post_due()
            give_another(desk, mara, ben_user, ana)
    with clock.at(NOON + timedelta(minutes=59)):
        post_due()
        assert len(server.mails) == MOST_AN_HOUR
    with clock.at(NOON + timedelta(minutes=64)):
        post_due()

    assert len(server.mails) == MOST_AN_HOUR + 1
    assert server.mails[-1]["Subject"] == "5 tickets with news for you"


def test_a_digest_comes_once_a_day_at_ones_own_time(desk, mara, ana, ben_user, wishes, server):
    wishes(ben_user, "desk", "digest", zone="Asia/Kolkata", digest_at=time(9))
    with clock.at(NOON):
        give_another(desk, mara, ben_user, ana)
    with clock.at(NOON + timedelta(hours=3)):
        give_another(desk, mara, ben_user, ana)
        read_all(ben_user)
    with clock.at(datetime(2026, 11, 24, 3, 29, tzinfo=UTC)):
        assert post_due() == 0
    with clock.at(datetime(2026, 11, 24, 3, 30, tzinfo=UTC)):
        assert [post_due(), post_due()] == [1, 0]

    assert server.mails[0]["Subject"] == "Your day: 2 tickets"


def test_a_relay_that_is_away_is_asked_again_and_then_given_up(given, server):
    server.answers = ["451 4.3.0 later"] * 6
    moment = clock.now() + timedelta(minutes=3)
    for minutes in (0, 1, 5, 15, 60, 180):
        moment += timedelta(minutes=minutes, seconds=1)
        with clock.at(moment):
            post_due()
            assert post_due() == 0

    kept = Post.objects.get()
    assert (kept.state, kept.tries) == ("failed", 6)
    assert "451" in kept.said


def test_news_that_come_while_a_mail_is_tried_again_leave_on_their_own(given, desk, mara, ana, ben_user, server):
    server.answers = ["451 4.3.0 later"]
    with later(minutes=3):
        post_due()
        give_another(desk, mara, ben_user, ana)
    with later(minutes=6):
        assert post_due() == 2

    assert len(server.mails) == 2


def test_a_mail_whose_fate_is_unknown_is_never_sent_again(given, server):
    def breaks(smtp):
        smtp.transport.abort()
        return "250 too late"

    server.answers = [breaks]
    with later(minutes=3):
        post_due()
    with later(days=1):
        assert post_due() == 0

    assert Post.objects.get().state == "unsure"


def test_without_a_relay_it_waits_and_says_so(given, settings):
    settings.RELAY_URL = ""
    with later(minutes=3):
        assert post_due() == 0

    kept = Post.objects.get()
    assert kept.state == "waiting"
    assert "No mail relay is set" in kept.said


def test_a_worker_that_died_leaves_a_mail_unsure_and_a_webhook_to_be_tried_again(given, ben_user):
    Post.objects.update(state="sending", claimed_at=clock.now(), tries=1)
    hooked = Post.objects.create(
        user=ben_user, way="hook", state="sending", claimed_at=clock.now(), tries=1, due_at=clock.now()
    )
    assert recover() == 0
    with later(minutes=6):
        assert recover() == 2

    assert Post.objects.get(way="mail").state == "unsure"
    assert Post.objects.get(pk=hooked.pk).state == "retry"


def test_a_webhook_hears_it_as_json(desk, ticket, ana, ben_user, hooks, wishes):
    wishes(ben_user, "hook", hook=hooks.url)
    ticket.subject = "@channel <!here> drips"
    ticket.save()
    assign(ticket, ben_user, by=ana)
    all_is_told()
    with later(minutes=3):
        assert post_due() == 1

    [heard] = hooks.heard
    assert heard["id"] == f"towerdesk-{Post.objects.get().pk}"
    [news] = heard["notifications"]
    assert (news["kind"], news["ticket"], news["subject"]) == ("assigned", ticket.pk, "@channel <!here> drips")
    assert "@channel" not in heard["text"]


def test_a_webhook_that_fails_is_tried_again_with_the_same_id_and_given_up(desk, ticket, ana, ben_user, hooks, wishes):
    wishes(ben_user, "hook", hook=hooks.url)
    hooks.answers = [503, 429, 404]
    assign(ticket, ben_user, by=ana)
    all_is_told()
    for minutes in (3, 5, 11):
        with later(minutes=minutes):
            assert post_due() == 0

    assert len({heard["id"] for heard in hooks.heard}) == 1
    assert len(hooks.heard) == 3
    assert (Post.objects.get().state, Post.objects.get().said) == ("failed", "The webhook does not take this (404).")


def test_a_redirect_is_not_followed_and_a_private_address_is_not_reached(given, ben_user, hooks, wishes, settings):
    wishes(ben_user, "hook", hook=hooks.url)
    hooks.answers = [307]
    tell(given, ben_user, "Look", urgent=True, by=CLOCK)
    all_is_told()
    assert post_due() == 0
    assert Post.objects.filter(state="failed", way="hook").count() == 1

    settings.HOOK_HOSTS = []
    tell(given, ben_user, "Look again", urgent=True, by=CLOCK)
    all_is_told()
    assert post_due() == 0
    assert "not a public address" in Post.objects.filter(way="hook").latest("id").said
    assert len(hooks.heard) == 1


def test_a_teams_channel_hears_what_is_given_to_the_team(desk, ticket, ana, hooks):
    hook_team(desk.billing, hooks.url, by=CLOCK)
    assign(ticket, desk.billing, by=ana)
    all_is_told()
    with later(minutes=3):
        assert post_due() == 1

    assert "Ana Reyes gave this to Billing" in hooks.heard[0]["text"]
    assert f"/tickets/{ticket.pk}" in hooks.heard[0]["text"]


def test_slack_gets_text_only_and_nothing_in_it_calls_anybody():
    said = [Item("answered", 1042, "<!channel> & co", ("Mara: “@here”",), "https://desk.example/notifications/1")]

    content = body(Post(pk=7), "https://hooks.slack.com/services/T/B/x", said)
    assert set(content) == {"text"}
    assert "&lt;!channel&gt; &amp; co" in content["text"]
    assert "@here" not in content["text"]


@pytest.mark.parametrize(
    "url", ["http://hooks.example/x", "ftp://x", "https://", "javascript:alert(1)", "https://x:0/y", "x" * 600]
)
def test_an_address_that_cannot_be_used_is_refused(url):
    with pytest.raises(Invalid, match="https://host/path"):
        checked(url)


def test_the_address_of_a_webhook_is_kept_sealed(ben_user, wishes):
    wishes(ben_user, "hook", hook="https://hooks.example/secret")

    assert "secret" not in Preference.objects.get().hook
