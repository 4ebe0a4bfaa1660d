import re

import pytest
from django.http import UnreadablePostError

from towerdesk.accounts.keys import actor_for
from towerdesk.accounts.models import ApiKey, Team, User
from towerdesk.intake.models import Raw
from towerdesk.knowledge.models import Article
from towerdesk.testing import cast
from towerdesk.tickets.models import CustomField, Intent
from towerdesk.web.errors import TroubleMiddleware


def text_of(answer) -> str:
    return answer.content.decode()


def test_an_article_is_written_published_changed_and_retired(web, client, desk):
    form = {"title": "Change the gasket", "text": "Turn it *left*.", "audience": "public", "language": "en"}
    web.post("/articles/new", form | {"publish": "1"})
    article = Article.objects.get()
    assert "<em>left</em>" in text_of(client.get("/help/change-the-gasket"))

    web.post(f"/articles/{article.pk}/edit", form | {"text": "Turn it *right*.", "draft": "1"})
    assert "<em>left</em>" in text_of(client.get("/help/change-the-gasket"))
    assert "Publish version 2" in text_of(web.get(f"/articles/{article.pk}"))

    web.post(f"/articles/{article.pk}/publish")
    assert "<em>right</em>" in text_of(client.get("/help/change-the-gasket"))

    web.post(f"/articles/{article.pk}/retire")
    assert client.get("/help/change-the-gasket").status_code == 404


def test_an_article_that_is_not_complete_keeps_what_was_typed(web, desk):
    answer = web.post("/articles/new", {"title": "", "text": "Turn it left."})

    assert answer.status_code == 422
    assert "Turn it left." in text_of(answer)
    assert "no title" in text_of(answer)


def test_an_article_in_no_language_is_refused_in_a_sentence(web, desk):
    answer = web.post("/articles/new", {"title": "A", "text": "B", "language": "klingonese"})

    assert answer.status_code == 422
    assert "is no language" in text_of(answer)


def test_an_agent_reads_articles_and_does_not_write_them(bens_web, article):
    assert bens_web.get(f"/articles/{article.pk}").status_code == 200
    assert bens_web.get("/articles/new").status_code == 403


def test_the_preview_shows_markdown_and_no_scripts(web, desk):
    shown = text_of(
        web.post("/articles/preview", {"text": "# Hi\n\n**bold** <script>alert(1)</script> [x](javascript:y)"})
    )

    assert "<strong>bold</strong>" in shown
    assert "<h2>Hi</h2>" in shown
    assert "<script" not in shown
    assert 'href="javascript' not in shown


def test_every_inbox_adds_up_and_what_failed_is_shown_with_its_reason(web, desk):
    for state, reason in (("ticket", ""), ("message", ""), ("set_aside", "A vacation note"), ("failed", "Cut off")):
        Raw.objects.create(
            inbox=desk.inbox, door="smtp", content=b"x", size=1, digest="0" * 64, state=state, reason=reason
        )
    page = text_of(web.get("/intake"))

    assert "A vacation note" in page
    assert "Cut off" in page
    assert re.search(r"arrived\W+<b>4</b>", page)
    assert "A vacation note" not in text_of(web.get("/intake?state=failed"))
    assert "<b>4</b> seen = <b>2</b> on tickets" in text_of(web.get("/intake/account"))


def test_a_lead_has_a_failed_mail_read_again(web, bens_web, desk):
    raw = Raw.objects.create(
        inbox=desk.inbox, door="smtp", content=b"From: a@b.example\r\n\r\nHi", size=1, digest="0" * 64, state="failed"
    )
    assert bens_web.post(f"/intake/{raw.pk}/again").status_code == 403

    web.post(f"/intake/{raw.pk}/again")

    raw.refresh_from_db()
    assert raw.state == "stored"


def test_a_mail_that_was_set_aside_is_put_on_a_ticket(web, desk):
    content = b"From: Mara <mara@lindqvist.example>\r\nTo: support@brasswell.example\r\nSubject: Away\r\n\r\nI am away."
    raw = Raw.objects.create(
        inbox=desk.inbox,
        door="smtp",
        content=content,
        size=len(content),
        digest="0" * 64,
        state="set_aside",
        reason="A note",
    )

    answer = web.post(f"/intake/{raw.pk}/ticket")

    raw.refresh_from_db()
    assert raw.ticket is not None
    assert answer.headers["Location"] == f"/tickets/{raw.ticket_id}"


def test_an_administrator_adds_a_person_whose_password_is_shown_once(admins_web, client, desk):
    form = {"name": "Ines Duarte", "email": "ines@brasswell.example", "role": "lead", "teams": [desk.repairs.pk]}
    page = text_of(admins_web.post("/settings/people/add", form))
    password = re.search(r'class="secret">([^<]+)<', page)[1]

    ines = User.objects.get(email="ines@brasswell.example")
    assert (ines.role, [*ines.teams.all()]) == ("lead", [desk.repairs])
    assert ines.check_password(password)
    assert password not in text_of(admins_web.get("/settings/people"))


def test_what_was_typed_of_a_person_a_team_or_a_key_stays_when_it_can_not_be_taken(admins_web, ben_user, desk):
    ines = {"name": "Ines Duarte", "email": ben_user.email, "role": "lead", "teams": [desk.repairs.pk]}
    for path, form, status, sentence in (
        ("/settings/people/add", ines, 409, f"already signs in as {ben_user.email}"),
        ("/settings/people/add", ines | {"email": "ines@ b"}, 422, "“ines@ b” is no mail address"),
        ("/settings/teams/add", {"name": desk.repairs.name}, 409, "There is a team Repairs already"),
        ("/settings/keys/add", {"name": "web shop", "role": "king"}, 422, "role"),
    ):
        answer = admins_web.post(path, form)
        page = text_of(answer)
        assert (answer.status_code, sentence in page) == (status, True)
        assert f'name="name" value="{form["name"]}"' in page
    assert f'value="{desk.repairs.pk}" checked' in text_of(admins_web.post("/settings/people/add", ines))


def test_names_in_any_script_get_a_key_of_their_own(admins_web, desk):
    admins_web.post("/settings/teams/add", {"name": "售后团队"})
    admins_web.post("/settings/teams/add", {"name": "退货"})
    admins_web.post(
        "/settings/intents/new",
        {"name": "退货", "team": "repairs", "risk": "information", "priority": "normal", "type": "question"},
    )
    admins_web.post("/settings/fields/add", {"name": "颜色", "kind": "text"})

    assert sorted(team.name for team in Team.objects.filter(slug__startswith="team-")) == ["售后团队", "退货"]
    assert Intent.objects.get(name="退货").slug.startswith("intent-")
    assert CustomField.objects.get(name="颜色").key.startswith("field_")
    assert admins_web.post("/settings/teams/add", {"name": "!!!"}).status_code == 422


def test_a_button_that_the_page_does_not_have_is_one_sentence(admins_web, desk):
    admins_web.post("/settings/fields/add", {"name": "Colour", "kind": "text"})

    answer = admins_web.post("/settings/fields/colour", {"does": "paint"})

    assert answer.status_code == 422
    assert "no such button" in text_of(answer)


def test_nobody_else_adds_people_teams_or_keys(web, desk):
    assert web.post("/settings/people/add", {"name": "X", "email": "x@y.example", "role": "admin"}).status_code == 403
    assert web.post("/settings/teams/add", {"name": "X"}).status_code == 403
    assert web.get("/settings/keys").status_code == 403
    assert web.post("/settings/keys/add", {"name": "X", "role": "admin"}).status_code == 403
    assert not User.objects.filter(email="x@y.example").exists()


def test_a_person_is_changed_and_deactivated_but_never_the_last_administrator(admins_web, ben_user, desk):
    admins_web.post(f"/settings/people/{ben_user.pk}", {"role": "lead", "teams": [desk.billing.pk]})
    admins_web.post(f"/settings/people/{ben_user.pk}", {"active": "no"})
    ben_user.refresh_from_db()
    assert (ben_user.role, [*ben_user.teams.all()], ben_user.is_active) == ("lead", [desk.billing], False)

    tomasz = User.objects.get(role="admin")
    answer = admins_web.post(f"/settings/people/{tomasz.pk}", {"active": "no"})
    assert answer.status_code == 409
    assert "only administrator" in text_of(answer)


def test_a_team_is_made_once(admins_web, desk):
    admins_web.post("/settings/teams/add", {"name": "Wholesale", "restricted": "on"})

    assert Team.objects.get(slug="wholesale").restricted
    assert admins_web.post("/settings/teams/add", {"name": "wholesale"}).status_code == 409


def test_a_key_is_shown_once_works_and_is_revoked(admins_web, desk):
    page = text_of(admins_web.post("/settings/keys/add", {"name": "web shop", "role": "agent"}))
    secret = re.search(r'class="secret">([^<]+)<', page)[1]
    assert actor_for(secret).name == "web shop"
    assert secret not in text_of(admins_web.get("/settings/keys"))

    admins_web.post(f"/settings/keys/{ApiKey.objects.get().pk}/revoke")

    assert actor_for(secret) is None


def test_secrets_of_an_inbox_are_never_shown(admins_web, desk):
    desk.inbox.settings = {"imap": {"host": "mail.example", "password": "geheim"}}
    desk.inbox.save()
    page = text_of(admins_web.get("/settings"))

    assert "mail.example" in page
    assert "geheim" not in page


def test_the_theme_and_the_keys_belong_to_the_screen(web, desk):
    web.post("/me/theme", {"theme": "dark"})
    web.post("/me/keys", {"keys": "off"})
    page = text_of(web.get("/"))

    assert 'data-theme="dark"' in page
    assert 'data-keys="off"' in page


def test_leaving_the_theme_form_leads_only_to_pages_of_ours(web, desk):
    for referer in ("https://evil.example/", "http://testserver//evil.example/"):
        location = web.post("/me/theme", {"theme": "dark"}, headers={"Referer": referer}).headers["Location"]
        assert location.startswith("/")
        assert not location.startswith("//")


def test_finding_and_doing_in_one_field(web, ben_user, ticket, article):
    by_number = text_of(web.get(f"/find?q={ticket.pk}"))
    by_words = text_of(web.get("/find?q=drips"))
    gift = text_of(web.get(f"/find?q=give {ticket.pk} to be", headers={"HX-Request": "true"}))

    assert f'href="/tickets/{ticket.pk}' in by_number
    assert f'href="/tickets/{ticket.pk}' in by_words
    assert f'value="user:{ben_user.pk}"' in gift
    assert "Inside only" in gift
    assert "<html" not in gift
    assert "Leaks after descaling" in text_of(web.get("/find?q=leaks"))
    assert 'href="/licences"' in text_of(web.get("/find?q=licen"))


def test_the_reports_show_their_numbers_of_cases(web, ticket):
    page = text_of(web.get("/reports?days=7"))

    assert "First response time" in page
    assert "cases</a>" in page
    assert "nothing measured yet" in page


def test_what_is_not_there_is_one_sentence(web, client, desk):
    for path in ("/tickets/99999", "/receipts/1", "/files/1", "/nowhere", "/articles/77", "/licences/none"):
        answer = web.get(path)
        assert answer.status_code == 404
        assert "<h1>Not found</h1>" in text_of(answer)
    assert client.get("/help/none").status_code == 404


def test_a_customer_with_an_old_link_is_led_to_the_help_centre(client, settings, desk):
    settings.DESK_NAME = "Brasswell"
    page = text_of(client.get("/rate/nonsense/3"))

    assert "Brasswell" in page
    assert "<b>Towerdesk</b>" not in page
    assert 'href="/help/"' in page


def test_a_character_that_no_text_can_hold_is_one_sentence(web, ticket):
    for answer in (
        web.get("/articles?q=%00"),
        web.get("/settings/fields/%00"),
        web.post(f"/tickets/{ticket.pk}/resolve", {"note": "a\0b"}),
    ):
        assert answer.status_code == 422
        assert "no text can hold (NUL)" in text_of(answer)


def test_a_form_from_elsewhere_is_refused_in_a_sentence(ana_user, ticket):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana_user)
    answer = strict.post(f"/tickets/{ticket.pk}/take")

    assert answer.status_code == 403
    assert "This form is too old" in text_of(answer)


def test_a_person_of_no_team_is_at_home_too(desk):
    from towerdesk.web.tests.conftest import signed_in

    assert signed_in(cast.agent("Vera Lind", role="viewer")).get("/me").status_code == 200


@pytest.mark.parametrize("name", ["do", "give", "step", "snooze", "handoff", "macro"])
def test_a_small_form_on_a_page_of_its_own_says_whose_it_is_and_leads_back(web, ticket, name):
    page = text_of(web.get(f"/tickets/{ticket.pk}/{name}"))
    alone = text_of(web.get(f"/tickets/{ticket.pk}/{name}", headers={"HX-Request": "true"}))

    assert f'<a class="text-link" href="/tickets/{ticket.pk}">Ticket {ticket.pk}</a>' in page
    assert f">{ticket.subject}</h1>" in page
    assert "<h1" not in alone


def test_a_page_says_that_nothing_was_done_of_what_came_in_part(rf) -> None:
    answer = TroubleMiddleware(lambda request: None).process_exception(rf.post("/"), UnreadablePostError())
    assert answer is not None
    assert answer.status_code == 422
    assert "nothing of it was done" in answer.content.decode()
