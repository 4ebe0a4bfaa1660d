from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client
from django.urls import URLPattern

from towerdesk.web.gate import is_public
from towerdesk.web.urls import urlpatterns

PAGES = [pattern for pattern in urlpatterns if isinstance(pattern, URLPattern)]


def path_of(pattern: URLPattern) -> str:
    route = str(pattern.pattern)
    for name, sample in (("<slug:slug>", "leak"),):
        route = route.replace(name, sample)
    while "<int:" in route:
        route = route[: route.index("<")] + "1" + route[route.index(">") + 1 :]
    return f"/{route}"


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path_of(pattern) for pattern in PAGES])
def test_a_stranger_is_asked_to_sign_in_on_every_page(path):
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/login/?next=")


@pytest.mark.django_db
def test_a_part_of_a_page_only_hears_that_nobody_is_signed_in():
    answer = Client().get("/strips/1001", headers={"HX-Request": "true"})

    assert answer.status_code == 401


@pytest.mark.django_db
def test_a_browser_finds_the_icon_and_a_search_engine_the_help_centre_alone():
    icon, robots = Client().get("/favicon.ico"), Client().get("/robots.txt")
    rules = RobotFileParser()
    rules.parse(robots.content.decode().splitlines())

    assert (icon.status_code, icon.headers["Content-Type"], icon.content[:4]) == (200, "image/x-icon", b"\0\0\1\0")
    assert [path for path in ("/help", "/help/ask", "/", "/tickets/1", "/rate/x/3") if rules.can_fetch("*", path)] == [
        "/help",
        "/help/ask",
    ]
    assert Client().post("/favicon.ico").status_code == 405


def test_only_what_is_listed_is_public():
    assert is_public("/help")
    assert is_public("/help/cancel-an-order")
    assert is_public("/healthz")
    assert not any(map(is_public, ("/", "/tickets", "/helpers", "/files/1", "/live", "/ratex")))


def test_whoever_is_deactivated_is_out_at_the_next_click(web, ana_user):
    assert web.get("/").status_code == 200

    ana_user.is_active = False
    ana_user.save()

    assert web.get("/").status_code == 302


def test_times_are_in_the_readers_own_zone(web, ticket):
    at = ticket.messages.get().created_at
    web.cookies["tz"] = "Asia/Tokyo"

    page = web.get(f"/tickets/{ticket.pk}").content.decode()

    assert f">{(at.hour + 9) % 24:02d}:{at.minute:02d}</time>" in page


def test_a_zone_that_is_none_does_no_harm(web):
    web.cookies["tz"] = "../../etc/passwd"

    assert web.get("/").status_code == 200


def test_the_pages_run_no_script_and_no_style_of_their_own(web, ticket):
    for path in ("/", f"/tickets/{ticket.pk}", "/tickets", "/licences", "/me"):
        answer = web.get(path)
        page = answer.content.decode()

        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
        assert ' style="' not in page
        assert " onclick=" not in page
        assert "<style" not in page


def test_signing_in_and_out(ana_user, client):
    answer = client.post(
        "/account/login/?next=/tickets", {"login": ana_user.email, "password": "correct horse battery"}
    )
    assert answer.headers["Location"] == "/tickets"
    assert client.get("/tickets").status_code == 200

    assert client.get("/tickets").headers["Cache-Control"] == "private, no-cache"

    assert client.post("/account/logout/").headers["Clear-Site-Data"] == '"cache"'

    assert client.get("/tickets").status_code == 302


def test_a_wrong_password_is_one_clear_sentence(ana_user, client):
    answer = client.post("/account/login/", {"login": ana_user.email, "password": "wrong"})

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.django_db
def test_nobody_signs_up_and_nobody_gets_a_password_by_mail(client, mailoutbox):
    assert "Sign Up" not in client.get("/account/login/").content.decode()
    client.post("/account/password/reset/", {"email": "ana@brasswell.example"})

    assert mailoutbox == []


def test_the_sign_in_pages_of_two_steps_wear_our_look(web):
    for path in ("/account/2fa/", "/account/2fa/webauthn/", "/account/password/change/"):
        answer = web.get(path, follow=True)

        assert answer.status_code == 200
        assert "web/desk." in answer.content.decode()
