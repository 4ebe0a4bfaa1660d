"""The bug desk through its pages: a report becomes a bug, an issue is created, it is fixed, everybody is asked."""

import pytest

from towerdesk.channels.fake_server import serving
from towerdesk.connectors.models import Connection
from towerdesk.connectors.trackers.tests.fake import FAKES
from towerdesk.problems.issues.push import push_due
from towerdesk.problems.models import Bug, Issue, Push
from towerdesk.problems.telling import tell
from towerdesk.problems.tests.test_issues import calls
from towerdesk.testing import cast
from towerdesk.tickets.models import Link, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def github(settings):
    with serving(FAKES["github"]()) as fake:
        settings.CONNECTOR_HOSTS = ["127.0.0.1"]
        yield fake


@pytest.fixture
def dana(client, desk):
    client.force_login(cast.agent("Dana Wolf", desk.repairs, role="admin"))
    return client


@pytest.fixture
def bug(dana, ticket):
    dana.post(f"/tickets/{ticket.pk}/bug", {"bug": "", "subject": "Group head drips"})
    return Bug.objects.get()


def connect(dana, github):
    dana.post("/settings/trackers/new/github", {"name": "Shop on GitHub", **github.given})
    return Connection.objects.get()


def test_a_ticket_becomes_a_report_of_a_new_bug_and_another_of_the_same(dana, bug, desk, jonas):
    other = cast.opened(desk, jonas, "Drips")

    dana.post(f"/tickets/{other.pk}/bug", {"bug": str(bug.pk)})

    assert Link.objects.filter(kind="report", other=bug.ticket).count() == 2
    listed = dana.get("/problems/bugs").content.decode()
    assert "Group head drips" in listed
    assert "It is a bug" in dana.get(f"/tickets/{other.pk}").content.decode()


def test_the_page_of_a_bug_shows_what_is_known(dana, bug, django_assert_max_num_queries):
    dana.post(
        f"/problems/bugs/{bug.pk}/describe",
        {"steps": "Open the tap\nWait", "expected": "", "actual": "It drips", "name": "Server", "value": "eu-1"},
    )

    with django_assert_max_num_queries(25):
        page = dana.get(f"/problems/bugs/{bug.pk}").content.decode()

    assert "Open the tap" in page
    assert "eu-1" in page
    assert "It drips. What can I do?" in page  # the evidence


def test_a_tracker_is_connected_tried_and_shown(dana, github):
    connection = connect(dana, github)

    page = dana.get(f"/settings/trackers/{connection.pk}").content.decode()
    assert f"/trackers/{connection.settings['hook']}" in page
    assert "token-of-the-desk" not in page
    assert dana.get("/settings/trackers").status_code == 200


def test_a_tracker_that_does_not_answer_is_kept_and_says_why(dana, github):
    connection = connect(dana, github)

    page = dana.post(
        f"/settings/trackers/{connection.pk}", {"name": "Shop", **github.given, "token": "no"}, follow=True
    )

    assert "refuses the access token" in page.content.decode()


def test_only_administrators_see_the_trackers(client, ana_user):
    client.force_login(ana_user)

    assert client.get("/settings/trackers").status_code == 403


def test_an_issue_is_read_before_it_goes_and_when_it_is_fixed_everybody_is_asked(dana, bug, github, mara):
    connection = connect(dana, github)
    draft = dana.get(f"/problems/bugs/{bug.pk}/issue").content.decode()
    assert "What customers write" in draft
    dana.post(
        f"/problems/bugs/{bug.pk}/issue",
        {"create": "", "tracker": connection.pk, "title": "Drips", "body": "It drips."},
    )
    push_due()
    issue = Issue.objects.get()

    calls(connection, github.comments(issue.remote, "Found it."))
    calls(connection, github.close(issue.remote))

    page = dana.get(f"/problems/bugs/{bug.pk}").content.decode()
    assert "Found it." in page
    assert "Tell 1 customer that it is fixed" in page
    dana.post(f"/tickets/{bug.pk}/tell", {"kind": "over", "text-en": "Is it fixed for you?"})
    tell.run(bug.ticket.tellings.get().pk)
    assert Message.objects.get(direction="out", public=True).text == "Is it fixed for you?"
    bug.ticket.refresh_from_db()
    assert bug.ticket.status == "resolved"
    assert not Push.objects.filter(what="close").exists()  # it is closed there already


def test_an_issue_that_is_there_already_is_linked_and_one_that_is_not_says_so(dana, bug, github):
    connection, made = connect(dana, github), github.open_issue()

    wrong = dana.post(f"/problems/bugs/{bug.pk}/issues", {"tracker": connection.pk, "issue": "77"})
    dana.post(f"/problems/bugs/{bug.pk}/issues", {"tracker": connection.pk, "issue": made["html_url"]})

    assert wrong.status_code == 503
    assert "knows nothing of the kind" in wrong.content.decode()
    assert Issue.objects.get().key == "brasswell/shop#1"
