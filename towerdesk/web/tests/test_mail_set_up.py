"""Ida connects an inbox to where its mail comes from: a provider, or a mailbox whose owner says yes."""

from datetime import timedelta
from urllib.parse import urlsplit

import httpx2
import pytest
from django.test import Client

from towerdesk.channels.account import account_of
from towerdesk.channels.models import Inbox
from towerdesk.channels.oauth.fake import CLIENT, SECRET, USER
from towerdesk.channels.oauth.grant import grant_of
from towerdesk.lib import clock
from towerdesk.lib.errors import Unavailable
from towerdesk.testing import cast
from towerdesk.testing.dovecot import dovecot
from towerdesk.testing.leave import at_imap, company


@pytest.fixture
def ida(desk):
    client = Client()
    client.force_login(cast.agent("Ida Berg", desk.repairs, role="admin"))
    return client


def page(ida, inbox):
    return ida.get(f"/settings/inboxes/{inbox.pk}").content.decode()


def test_a_provider_is_chosen_and_its_steps_are_shown(desk, ida):
    where = f"/settings/inboxes/{desk.inbox.pk}"
    assert "Set it up:" not in page(ida, desk.inbox)
    ida.post(f"{where}/provider", {"provider": "postmark"})
    desk.inbox.refresh_from_db()

    shown = page(ida, desk.inbox)
    assert "Set it up: Postmark" in shown
    assert f"towerdesk:{account_of(desk.inbox).get('password')}@" in shown
    assert ida.post(f"{where}/connect", {"token": "server-token-0"}).status_code == 302
    assert "server-token-0" not in page(ida, desk.inbox)
    desk.inbox.refresh_from_db()
    assert account_of(desk.inbox).get("token") == "server-token-0"


def test_another_provider_knows_nothing_of_what_the_first_was_told(desk, ida):
    where = f"/settings/inboxes/{desk.inbox.pk}"
    ida.post(f"{where}/provider", {"provider": "mailgun"})
    ida.post(f"{where}/connect", {"key": "k-0"})
    ida.post(f"{where}/provider", {"provider": "ses"})
    desk.inbox.refresh_from_db()

    assert desk.inbox.settings["provider"] == "ses"
    assert "key" not in desk.inbox.settings["account"]
    ida.post(f"{where}/provider", {"provider": ""})
    assert Inbox.objects.get().settings == {}


def test_no_page_shows_what_is_secret_and_no_list_either(desk, ida):
    ida.post(f"/settings/inboxes/{desk.inbox.pk}/leave", {"company": "google", "client": CLIENT, "secret": SECRET})

    assert SECRET not in ida.get("/settings").content.decode() + page(ida, desk.inbox)
    assert "oauth" not in ida.get("/settings").content.decode()


def test_an_agent_may_not(desk, ana_user):
    agent = Client()
    agent.force_login(cast.agent("Tom Agent", desk.repairs))
    where = f"/settings/inboxes/{desk.inbox.pk}"

    told = [agent.post(f"{where}/{what}", {"company": "google", "provider": "ses"}) for what in ("leave", "provider")]
    assert {answer.status_code for answer in told} == {403}
    assert agent.get("/settings/inboxes/granted?state=1.x&code=c").status_code == 403
    assert Inbox.objects.get().settings == {}


def test_leave_is_given_shown_renewed_taken_back_and_given_again(desk, ida, settings):
    """Over real HTTP to the company, and by IMAP to a real server."""
    settings.HOOK_HOSTS = ["127.0.0.1"]
    where = f"/settings/inboxes/{desk.inbox.pk}"
    with company() as (fake, _), dovecot(f"{fake.url}/introspect") as server:
        at_imap(server.port)
        asked = ida.post(f"{where}/leave", {"company": "google", "client": CLIENT, "secret": SECRET, "user": USER})
        assert "Go on at Google" in asked.content.decode()
        assert ida.get(_back(asked)).headers["Location"] == where
        shown = page(ida, desk.inbox)
        assert "then renewed by itself" in shown
        assert Inbox.objects.get().settings["imap"]["host"] == "127.0.0.1"

        fake.is_taken_back = True
        with clock.at(clock.now() + timedelta(hours=2)), pytest.raises(Unavailable):
            grant_of(Inbox.objects.get()).token()
        shown = page(ida, desk.inbox)
        assert f"Google no longer lets the desk use {USER}: connect the inbox again." in shown
        assert "Reconnect" in shown
        assert "nothing is lost" in shown

        fake.is_taken_back = False
        ida.get(_back(ida.post(f"{where}/leave", {"company": "google"})))
        assert "no longer lets" not in page(ida, desk.inbox)
        ida.post(f"{where}/leave/end")
        assert Inbox.objects.get().settings == {}


def _back(answer):
    """Where the person's browser is sent after they said yes."""
    url = answer.context["go_on"].replace("https:", "http:", 1)
    location = httpx2.get(url, follow_redirects=False).headers["Location"]
    parts = urlsplit(location)
    return f"{parts.path}?{parts.query}"


def test_a_no_is_said_on_the_inboxs_page(desk, ida, settings):
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with company():
        asked = ida.post(
            f"/settings/inboxes/{desk.inbox.pk}/leave", {"company": "google", "client": CLIENT, "secret": SECRET}
        )
        back = _back(asked).replace("code=", "error=access_denied&nothing=")
        answer = ida.get(back)

    assert "Google gave no leave (access_denied). Nothing has changed." in answer.content.decode()
