"""Every error is a problem with one sentence, whatever went wrong."""

import pytest
from django.test import Client

from towerdesk.accounts.keys import revoke_key
from towerdesk.accounts.models import ApiKey
from towerdesk.lib.actor import CLOCK


def is_problem(answer, status, says=""):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"].endswith((".", "?"))
    assert says in told["detail"]
    return told


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer td_", "Bearer td_00000000_x", "Basic eDp5", "Bearer é"])
def test_without_a_valid_key_nothing_is_answered(desk, ticket, header):
    answer = Client().get("/api/v1/tickets", headers={"Authorization": header} if header is not None else {})

    is_problem(answer, 401, "valid API key")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_key_ends_at_once(api):
    assert api.get("/me").status_code == 200
    revoke_key(ApiKey.objects.get(), by=CLOCK)

    is_problem(api.get("/me"), 401)


def test_a_signed_in_browser_is_not_a_key(client, ana_user, ticket):
    client.force_login(ana_user)

    is_problem(client.get("/api/v1/tickets"), 401)


def test_nowhere_and_no_such_method_are_told(api):
    is_problem(api.get("/nowhere"), 404, "/api/v1/docs")
    is_problem(Client(enforce_csrf_checks=True).post("/api/v1/nowhere"), 404, "/api/v1/docs")
    is_problem(api.get("/tickets/99999999"), 404, "no ticket 99999999")
    answer = api.ask("DELETE", "/tickets")
    is_problem(answer, 405, "use ")
    assert {"GET", "POST"} <= set(answer["Allow"].replace(" ", "").split(","))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "requester"),
        ({"requester": {"email": "nonsense"}, "subject": "x", "text": "x"}, "requester.email"),
        ({"requester": {"email": "a@b.example"}, "subject": "x", "text": ""}, "text"),
        ({"requester": {"email": "a@b.example"}, "subject": "x", "text": "x", "colour": "red"}, "colour"),
        ({"requester": {"email": "a@b.example"}, "subject": "x", "text": "x", "team": "nowhere"}, "team"),
        ({"requester": {"email": "a@b.example"}, "subject": "x", "text": "x", "inbox": "no@b.example"}, "inbox"),
        ({"requester": {"email": "a@b.example"}, "subject": "x", "text": "x", "attachments": [{}]}, "attachments.0"),
    ],
)
def test_what_cannot_be_used_names_its_field(api, body, field):
    assert field in is_problem(api.post("/tickets", body), 422)["fields"]


def test_bodies_that_cannot_be_read(api):
    for body in (b"{", b"\xff\xfe", b"[1", b"nonsense"):
        is_problem(api.post("/tickets", body), 400, "one JSON object")


@pytest.mark.parametrize(
    "query", ["q=sttus:open", "q=(", "cursor=rubbish", "limit=0", "limit=x", "q=team:nowhere", "cursor=%00"]
)
def test_bad_questions_are_one_sentence(api, query):
    is_problem(api.get(f"/tickets?{query}"), 422)


def test_a_body_that_is_too_big(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    is_problem(api.post("/tickets", {"text": "x" * 2000}), 413, "too big")


def test_what_breaks_on_our_side_says_so_and_shows_nothing(api, settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "no.such.Storage"}}

    answer = api.post("/tickets", {**NEW, "attachments": [{"name": "x", "content": "eA=="}]})

    assert "no.such" not in answer.content.decode()
    is_problem(answer, 500, "nothing was changed")


NEW = {"requester": {"email": "mara@lindqvist.example"}, "subject": "x", "text": "x"}


def test_the_docs_and_the_schema_need_no_key_and_nothing_from_elsewhere(client, db):
    page = client.get("/api/v1/docs")

    assert page.status_code == 200
    text = page.content.decode()
    assert "/api/v1/tickets/{number}/reply" in text
    assert "<script" not in text
    assert "//" not in text.replace("https://json-schema.org", "").split("<main>")[0]
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Towerdesk"
