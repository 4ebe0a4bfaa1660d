"""A bug and its issue at a tracker, over real HTTP both ways: created, linked, closed, opened again, commented, never echoed."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from towerdesk.channels.fake_server import Says, serving
from towerdesk.connectors.trackers.connect import change_tracker, check_tracker, connect_tracker, switch_tracker
from towerdesk.connectors.trackers.tests.fake import FAKES, SECRET
from towerdesk.events.models import Event
from towerdesk.lib import clock
from towerdesk.lib.errors import Conflict, Invalid, Refused, Unavailable
from towerdesk.problems.bugs.gather import begin_bug
from towerdesk.problems.issues import look
from towerdesk.problems.issues.ask import comment_issue, create_issue, link_issue, move_issues, settle_push
from towerdesk.problems.issues.push import push_due
from towerdesk.problems.models import Comment, Delivery, Issue, Push
from towerdesk.testing import cast
from towerdesk.tickets.resolve import resolve

pytestmark = pytest.mark.django_db
NUMBERED = {"github": "#1", "gitlab": "1", "jira": "shop-1"}


@pytest.fixture
def boss(desk) -> "cast.Actor":
    return cast.acting(cast.agent("Dana Wolf", desk.repairs, role="admin"))


@pytest.fixture(params=FAKES)
def there(request, settings):
    with serving(FAKES[request.param]()) as fake:
        settings.CONNECTOR_HOSTS = ["127.0.0.1"]
        yield fake


@pytest.fixture
def github(settings):
    with serving(FAKES["github"]()) as fake:
        settings.CONNECTOR_HOSTS = ["127.0.0.1"]
        yield fake


def connected(fake, boss):
    return connect_tracker(fake.kind, "", fake.given, by=boss)


@pytest.fixture
def bug(desk, ticket, ana):
    return begin_bug(ticket, by=ana)


def issue_of(bug, fake, boss, ana):
    connection = connected(fake, boss)
    create_issue(bug, connection, "Checkout fails", "It fails.", by=ana)
    push_due()
    return Issue.objects.select_related("bug__ticket", "connection").get(bug=bug)


def calls(connection, said):
    """A call at our door, as the tracker makes it."""
    headers, body = said
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return Client().post(f"/trackers/{connection.settings['hook']}", body, content_type="application/json", **named)


def test_a_tracker_is_tried_and_says_its_name(there, boss):
    assert "answers" in check_tracker(connected(there, boss), by=boss)


def test_a_wrong_token_is_said_and_kept(there, boss):
    connection = connected(there, boss)
    change_tracker(connection, "", there.given | {"token": "no"}, by=boss)

    with pytest.raises(Unavailable, match="refuses the access token"):
        check_tracker(connection, by=boss)

    connection.refresh_from_db()
    assert "refuses the access token" in connection.trouble


def test_only_an_administrator_connects_one(there, ana):
    with pytest.raises(Refused):
        connected(there, ana)


def test_what_is_missing_is_said_at_its_field(github, boss):
    with pytest.raises(Invalid) as wrong:
        connect_tracker("github", "", {"repository": "shop"}, by=boss)

    assert set(wrong.value.fields) == {"token"}


def test_an_issue_is_created_once(there, bug, boss, ana):
    issue = issue_of(bug, there, boss, ana)

    assert (issue.state, len(there.issues)) == ("open", 1)
    with pytest.raises(Conflict):
        create_issue(bug, issue.connection, "Again", "It fails.", by=ana)


def test_an_issue_whose_answer_was_lost_is_found_again_and_not_made_twice(there, bug, boss, ana):
    connection = connected(there, boss)
    create_issue(bug, connection, "Checkout fails", "It fails.", by=ana)
    there.goes_wrong = [lambda asked: there.respond(asked) and Says(hangs_up=True)]

    push_due()
    assert Push.objects.get().fate == "unknown"
    with clock.at(datetime.now(UTC) + timedelta(minutes=2)):
        push_due()

    assert (Push.objects.get().fate, Issue.objects.count(), len(there.issues)) == ("done", 1, 1)


def test_a_tracker_in_trouble_is_asked_again_later(there, bug, boss, ana):
    create_issue(bug, connected(there, boss), "Checkout fails", "It fails.", by=ana)
    there.goes_wrong = [Says(503)]
    push_due()
    assert Push.objects.get().fate == "waits"

    with clock.at(datetime.now(UTC) + timedelta(minutes=2)):
        push_due()

    assert Push.objects.get().fate == "done"


def test_one_that_is_there_already_is_linked_by_its_address(there, bug, boss, ana):
    made = there.open_issue()
    address = made.get("html_url") or made.get("web_url") or f"{there.url}/browse/{made['key']}"

    issue = link_issue(bug, connected(there, boss), address, by=ana)

    assert issue.title == "Checkout fails"
    assert issue.url.startswith("http")


def test_an_issue_belongs_to_one_bug(there, bug, desk, jonas, boss, ana):
    there.open_issue()
    connection = connected(there, boss)
    link_issue(bug, connection, NUMBERED[there.kind], by=ana)
    other = begin_bug(cast.opened(desk, jonas, "It leaks"), by=ana)

    with pytest.raises(Conflict, match="belongs to bug"):
        link_issue(other, connection, NUMBERED[there.kind], by=ana)


def test_what_is_fixed_there_becomes_the_next_step_here(there, bug, boss, ana):
    issue = issue_of(bug, there, boss, ana)

    answer = calls(issue.connection, there.close(issue.remote))

    issue.refresh_from_db()
    bug.ticket.refresh_from_db()
    assert (answer.status_code, issue.state) == (200, "done")
    assert "is fixed" in bug.ticket.next_step
    assert bug.ticket.status == "new"  # a person tells the customers, and says that it is over


def test_closed_without_a_fix_is_something_else(there, bug, boss, ana):
    issue = issue_of(bug, there, boss, ana)

    calls(issue.connection, there.close(issue.remote, "not_planned"))

    issue.refresh_from_db()
    bug.ticket.refresh_from_db()
    assert issue.state == "dropped"
    assert "without a fix" in bug.ticket.next_step


def test_the_same_call_twice_is_one_and_an_older_one_changes_nothing(there, bug, boss, ana):
    issue = issue_of(bug, there, boss, ana)
    closed, opened = there.close(issue.remote), there.reopen(issue.remote)

    said = [calls(issue.connection, one).content.decode() for one in (opened, closed, closed)]

    issue.refresh_from_db()
    assert issue.state == "open"
    assert said == ["Taken.", "Taken.", "This came before."]


def test_opened_again_there_is_open_here_and_nothing_goes_back(there, bug, boss, ana):
    issue = issue_of(bug, there, boss, ana)
    calls(issue.connection, there.close(issue.remote))
    resolve(bug.ticket, "Fixed", by=ana)

    calls(issue.connection, there.reopen(issue.remote))

    bug.ticket.refresh_from_db()
    bug.refresh_from_db()
    assert bug.ticket.status == "open"
    assert move_issues(bug, "open", by=ana) == []


def test_our_own_state_goes_there_once_and_its_echo_is_no_news(there, bug, boss, ana):
    issue = issue_of(bug, there, boss, ana)
    resolve(bug.ticket, "Fixed", by=ana)
    move_issues(bug, "done", by=ana)
    push_due()

    calls(issue.connection, there.hook(*there_says_closed(there, issue)))

    issue.refresh_from_db()
    assert issue.state == "done"
    assert not Event.objects.filter(kind="issue.changed").exists()
    assert Push.objects.filter(what="close").count() == 1


def there_says_closed(there, issue):
    """Arguments of the hook that the tracker sends of what we did there ourselves."""
    if there.kind == "github":
        return "issues", "closed", issue.remote
    if there.kind == "gitlab":
        return "issue", there._attributes(issue.remote, "close"), issue.remote
    return "jira:issue_updated", issue.remote


def test_comments_come_here_once_and_our_own_do_not_come_back(there, bug, boss, ana):
    issue = issue_of(bug, there, boss, ana)
    comment_issue(issue, "Three more customers have it.", by=ana)
    push_due()

    calls(issue.connection, there.comments(issue.remote, "Fixed in 3.2."))
    look.look(issue)

    told = [(one.ours, one.text) for one in Comment.objects.order_by("at", "pk")]
    assert told == [(True, "Three more customers have it."), (False, "Fixed in 3.2.")]
    assert Event.objects.filter(kind="issue.commented").count() == 1
    assert len(there.texts(issue.remote)) == 2


def test_a_comment_of_ours_that_comes_back_before_we_wrote_it_down_is_known_by_its_mark(there, bug, boss, ana):
    issue = issue_of(bug, there, boss, ana)
    push = comment_issue(issue, "Any news?", by=ana)

    calls(issue.connection, there.comments(issue.remote, f"Any news? ({push.mark})"))

    assert Comment.objects.get().ours
    assert not Event.objects.filter(kind="issue.commented").exists()


def test_a_call_that_is_not_signed_is_turned_away_and_shown(there, bug, boss, ana):
    issue = issue_of(bug, there, boss, ana)
    headers, body = there.close(issue.remote)

    changed = calls(issue.connection, (headers, body.replace(b"Checkout", b"Chocolate")))
    nothing = calls(issue.connection, ({}, body))

    issue.refresh_from_db()
    assert (changed.status_code, nothing.status_code, issue.state) == (401, 401, "open")
    assert Delivery.objects.filter(trusted=False).count() == 2


@pytest.mark.parametrize("there", ["gitlab", "jira"], indirect=True)
def test_the_calls_of_long_ago_are_turned_away_where_they_are_dated(there, bug, boss, ana):
    """GitHub dates nothing that it signs: there a replay is known by its id and by the time of the issue."""
    issue = issue_of(bug, there, boss, ana)
    there.close(issue.remote)
    old = datetime.now(UTC) - timedelta(hours=2)

    answer = calls(issue.connection, there.hook(*there_says_closed(there, issue), at=old))

    assert answer.status_code == 401


def test_gitlabs_older_secret_token_is_compared_as_it_is(settings, bug, boss, ana):
    with serving(FAKES["gitlab"]()) as there:
        settings.CONNECTOR_HOSTS = ["127.0.0.1"]
        issue = issue_of(bug, there, boss, ana)
        change_tracker(issue.connection, "", there.given | {"secret": SECRET}, by=boss)
        _, body = there.close(issue.remote)

        right = calls(issue.connection, ({"X-Gitlab-Token": SECRET, "X-Gitlab-Event-UUID": "1"}, body))
        wrong = calls(issue.connection, ({"X-Gitlab-Token": "x", "X-Gitlab-Event-UUID": "2"}, body))

    assert (right.status_code, wrong.status_code) == (200, 401)


def test_a_call_of_something_else_is_taken_and_forgotten(github, bug, boss, ana):
    issue = issue_of(bug, github, boss, ana)
    stray = str(github.open_issue("Another")["number"])

    calls(issue.connection, github.hook("issues", "closed", stray))
    calls(issue.connection, github.hook("ping", "", issue.remote))

    outcomes = set(Delivery.objects.values_list("outcome", flat=True))
    assert outcomes == {"An issue that no bug is linked to", "Of no concern"}


def test_without_a_webhook_it_is_asked_every_few_minutes(there, bug, boss, ana):
    issue = issue_of(bug, there, boss, ana)
    there.close(issue.remote)
    assert look.look_due() == 0

    with clock.at(datetime.now(UTC) + timedelta(minutes=6)):
        assert look.look_due() == 1

    issue.refresh_from_db()
    assert issue.state == "done"


def test_one_that_is_switched_off_is_neither_called_nor_listened_to(there, bug, boss, ana):
    issue = issue_of(bug, there, boss, ana)
    switch_tracker(issue.connection, False, by=boss)

    answer = calls(issue.connection, there.close(issue.remote))

    assert answer.status_code == 404
    with clock.at(datetime.now(UTC) + timedelta(hours=1)):
        assert look.look_due() == 0


def test_other_hosts_than_its_own_are_never_called(github, bug, boss, ana):
    connection = connected(github, boss)
    connection.settings["api"] = "https://evil.example"
    connection.save()

    create_issue(bug, connection, "Checkout fails", "It fails.", by=ana)
    push_due()

    assert "no host of this connection" in Push.objects.get().why


def test_a_person_settles_what_nobody_knows(github, bug, boss, ana):
    create_issue(bug, connected(github, boss), "Checkout fails", "It fails.", by=ana)
    github.goes_wrong = [Says(hangs_up=True)]
    push_due()

    settle_push(Push.objects.get(), False, by=ana)

    assert (Push.objects.get().fate, Push.objects.get().why) == ("failed", "Ana Reyes: not there")


def test_secrets_are_sealed(there, boss):
    connection = connected(there, boss)

    assert "token-of-the-desk" not in json.dumps(connection.secrets)
    assert "token-of-the-desk" not in json.dumps(connection.settings)
