"""The bell, its list, and how I am told."""

from datetime import time

import pytest

from towerdesk.events.hub import Heard
from towerdesk.events.models import Event
from towerdesk.notifications.models import Notification, Post, Preference, TeamHook
from towerdesk.notifications.notify import notify
from towerdesk.notifications.tell import tell
from towerdesk.web.live import _lines
from towerdesk.web.pages.policies import _actions, _said


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def told(ticket, ana, ben_user):
    """Ana tells Ben something."""
    tell(ticket, ben_user, "She rings at two", by=ana)
    notify(Event.objects.latest("id"))
    return Notification.objects.get()


def bell(client) -> int:
    return client.get("/notifications/count").json()["unread"]


def test_the_bell_counts_and_the_list_says_what_and_why(told, bens_web, web):
    page = text_of(bens_web.get("/notifications"))

    assert "Ana Reyes: She rings at two" in page
    assert (bell(bens_web), bell(web)) == (1, 0)


def test_following_it_reads_it_and_leads_to_the_ticket(told, ticket, bens_web):
    answer = bens_web.get(f"/notifications/{told.pk}")

    assert answer["Location"] == f"/tickets/{ticket.pk}"
    assert bell(bens_web) == 0
    assert "She rings at two" in text_of(bens_web.get("/notifications"))


def test_it_is_read_one_by_one_all_at_once_or_by_being_at_the_ticket(told, ticket, ana, ben_user, bens_web):
    bens_web.post("/notifications/read", {"number": told.pk})
    assert bell(bens_web) == 0

    for way in ({"path": "/notifications/read"}, {"path": f"/tickets/{ticket.pk}/here"}):
        tell(ticket, ben_user, "Once more", by=ana)
        notify(Event.objects.latest("id"))
        assert bell(bens_web) == 1
        bens_web.post(**way)
        assert bell(bens_web) == 0


def test_somebody_elses_news_is_nobodys_business(told, web):
    assert web.get(f"/notifications/{told.pk}").status_code == 404
    web.post("/notifications/read", {"number": told.pk})

    assert Notification.objects.unread().count() == 1


def test_a_ticket_that_became_secret_is_no_longer_on_the_list(told, desk, ticket, bens_web):
    desk.billing.restricted = True
    desk.billing.save()
    ticket.team = desk.billing
    ticket.save()

    assert "She rings" not in text_of(bens_web.get("/notifications"))
    assert bell(bens_web) == 0


def test_a_long_list_goes_on(desk, ticket, ben_user, bens_web):
    Notification.objects.bulk_create(
        Notification(user=ben_user, ticket=ticket, kind="told", at_desk=True) for _ in range(60)
    )

    first = text_of(bens_web.get("/notifications"))
    older = Notification.objects.order_by("-pk")[49].pk
    assert f"/notifications?before={older}" in first
    assert text_of(bens_web.get(f"/notifications?before={older}")).count("row-link") == 10
    assert bens_web.get("/notifications?before=x").status_code == 200


def test_open_pages_of_whoever_may_read_the_ticket_hear_that_there_is_news(ticket, ben):
    heard = Heard(0, "told:7", ticket.pk)

    assert '"kind": "told:7"' in _lines(ben, [heard])


def test_the_grid_is_saved_and_shown_as_it_was_chosen(bens_web, ben_user):
    chosen = {
        "assigned.desk": "on",
        "told.mail": "on",
        "digest_at": "09:30",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
    }
    answer = bens_web.post("/me/notifications", chosen | {"zone": "Europe/Amsterdam"})
    kept = Preference.objects.get(user=ben_user)

    assert answer.status_code == 302
    assert (kept.ways_of("assigned"), kept.ways_of("told"), kept.ways_of("broken")) == (["desk"], ["mail"], [])
    assert (kept.zone, kept.quiet_from, kept.digest_at) == ("Europe/Amsterdam", time(22), time(9, 30))
    page = text_of(bens_web.get("/me/notifications"))
    assert 'name="assigned.desk" aria-label="Given to me: At the desk" checked' in page
    assert 'name="assigned.mail" aria-label="Given to me: By mail">' in page
    assert 'value="22:00"' in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"quiet_from": "22:00"}, "Quiet hours need a beginning and an end"),
        ({"quiet_from": "25 o'clock", "quiet_until": "07:00"}, "is no time of day"),
        ({"zone": "Atlantis/Capital"}, "There is no time zone"),
        ({"hook": "http://10.0.0.1/x"}, "https://host/path"),
    ],
)
def test_what_does_not_fit_is_refused_and_stays_typed(bens_web, said, sentence):
    answer = bens_web.post("/me/notifications", {"digest_at": "08:00", "told.digest": "on"} | said)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'aria-label="Told by a colleague or a rule: Daily digest" checked' in text_of(answer)
    assert not Preference.objects.exists()


def test_a_webhook_is_kept_replaced_and_forgotten_but_never_shown(bens_web, ben_user):
    form = {"digest_at": "08:00", "told.hook": "on"}
    bens_web.post("/me/notifications", form | {"hook": "https://hooks.example/secret"})
    assert Preference.objects.get().ways_of("told") == ["hook"]
    assert "secret" not in text_of(bens_web.get("/me/notifications"))

    bens_web.post("/me/notifications", form)
    assert Preference.objects.get().hook
    bens_web.post("/me/notifications", form | {"remove_hook": "on"})
    assert Preference.objects.get().hook == ""


def test_what_was_given_up_is_shown(told, ben_user, bens_web):
    Post.objects.update(state="failed", said="The relay refuses the recipient.", ended_at=told.first_at, tries=6)

    assert "did not arrive" in text_of(bens_web.get("/notifications"))
    assert "given up after 6 tries. The relay refuses the recipient." in text_of(bens_web.get("/me/notifications"))


def test_an_administrator_gives_a_team_its_webhook(desk, bens_web, admins_web):
    path = f"/me/notifications/teams/{desk.repairs.pk}"
    assert bens_web.post(path, {"hook": "https://hooks.example/1"}).status_code == 403
    assert "Where teams are told" not in text_of(bens_web.get("/me/notifications"))

    admins_web.post(path, {"hook": "https://hooks.example/1"})
    assert TeamHook.objects.get().team == desk.repairs
    assert "Forget it" in text_of(admins_web.get("/me/notifications"))
    admins_web.post(path, {"remove": "1"})
    assert not TeamHook.objects.exists()


def test_a_step_of_a_policy_can_tell_and_page():
    for act, said in (("tell", "repairs: it is late"), ("page", "ana@brasswell.example: now")):
        [action] = _actions(act, said)
        assert _said(action) == (act, said)
