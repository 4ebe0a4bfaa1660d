"""A program opens, reads and works on tickets."""

import base64

import pytest
from django.test import Client

from towerdesk.api.tests.program import program
from towerdesk.events.models import Event
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.note import note

NEW = {
    "requester": {"email": "Mara@Lindqvist.example", "name": "Mara"},
    "subject": "It drips",
    "text": "It drips!",
}


def test_a_program_opens_a_ticket_in_the_requesters_words(api):
    answer = api.post("/tickets", {**NEW, "tags": ["Shop", "shop"], "priority": "high", "team": "billing"})

    assert answer.status_code == 201, answer.content
    made = answer.json()
    ticket = Ticket.objects.get(pk=made["number"])
    assert (made["team"], made["priority"], made["tags"], made["channel"]) == ("billing", "high", ["shop"], "email")
    assert made["next_step"]["sentence"] == "Someone in Billing answers Mara"
    message = ticket.messages.get()
    assert (message.text, message.sender, message.author_kind) == (
        "It drips!",
        "mara@lindqvist.example",
        "customer",
    )
    assert not message.trust["verified"]
    opened, received = Event.objects.filter(ticket_id=ticket.pk).order_by("id")
    assert (opened.kind, opened.actor_kind) == ("ticket.opened", "key")
    assert (received.kind, received.is_from_outside) == ("message.received", True)


def test_a_program_works_on_a_ticket_as_an_agent_would(api, ticket, mara, ben_user, desk):
    number = ticket.number
    other = cast.opened(desk, mara, "The same")

    assert api.post(f"/tickets/{number}/reply", {"text": "Turn it"}).json()["delivery"] == "queued"
    assert api.post(f"/tickets/{number}/note", {"text": "Loose gasket"}).json()["public"] is False
    assert api.post(f"/tickets/{number}/assign", {"user": "ben@brasswell.example"}).json()["assignee"] == ben_user.email
    assert api.post(f"/tickets/{number}/tags", {"add": ["gasket"]}).json()["tags"] == ["gasket"]
    assert api.ask("PATCH", f"/tickets/{number}", {"priority": "low"}).json()["priority"] == "low"
    assert api.post(f"/tickets/{number}/resolve", {"note": "New gasket"}).json()["status"] == "resolved"
    assert api.post(f"/tickets/{number}/reopen", {"why": "It drips again"}).json()["known_by"] == "reopened"
    assert api.post(f"/tickets/{number}/actions", {"do": "ask_assistant"}).status_code == 200
    assert (
        "Moves the conversation"
        in api.post(f"/tickets/{number}/preview", {"do": "merge", "into": other.pk}).json()["would"][0]
    )
    assert api.post(f"/tickets/{number}/merge", {"into": other.number}).json()["merged_into"] == other.number
    closed = api.post(f"/tickets/{other.number}/close", {}).json()
    assert (closed["status"], closed["next_step"]) == ("closed", {"kind": "none", "sentence": "", "due": None})
    kinds = [event["kind"] for event in api.get(f"/tickets/{number}/events").json()["items"]]
    assert kinds[0] == "ticket.opened"
    assert "assistant.asked" in kinds


@pytest.mark.parametrize("q", ["", "requester:mara"])
def test_a_list_comes_in_pages_that_fit_together(api, desk, mara, q):
    made = [cast.opened(desk, mara, f"Order {count}").number for count in range(5)]

    assert [one["number"] for one in walked(api, f"/tickets?limit=2&q={q}")] == made[::-1]


def test_a_conversation_comes_in_pages_that_fit_together(api, ticket, ana):
    for count in range(4):
        note(ticket, f"Note {count}", by=ana)

    _, *notes = walked(api, f"/tickets/{ticket.number}/messages?limit=2")

    assert [one["text"] for one in notes] == [f"Note {count}" for count in range(4)]


def walked(api, path):
    """All rows of a list, page by page."""
    rows, cursor = [], ""
    while cursor is not None:
        page = api.get(f"{path}&cursor={cursor}").json()
        rows += page["items"]
        cursor = page["next"]
    return rows


def test_a_search_shows_where_the_words_stand(api, ticket):
    [hit] = api.get("/search?q=drips").json()["items"]

    assert hit["ticket"]["number"] == ticket.number
    [[start, end]] = hit["marks"]
    assert hit["snippet"][start:end] == "drips"


def test_the_conversation_and_one_message(api, ticket, ana):
    note(ticket, "For us only", by=ana)

    first, second = api.get(f"/tickets/{ticket.number}/messages").json()["items"]

    assert (first["direction"], second["public"]) == ("in", False)
    assert api.get(f"/messages/{second['id']}").json() == second


def test_files_come_and_go_as_bytes(api, ticket):
    page = b"<script>alert(1)</script>"
    inside = {"name": "../a/evil.html", "type": "text/html", "content": base64.b64encode(page).decode()}
    upload = send_file(api, "photo.png", b"\x89PNG")

    said = api.post(f"/tickets/{ticket.number}/note", {"text": "See", "attachments": [inside, {"upload": upload}]})

    evil, photo = said.json()["attachments"]
    assert (evil["name"], photo["name"], photo["size"]) == (".._a_evil.html", "photo.png", 4)
    back = api.get(f"/attachments/{evil['id']}")
    assert back.content == page
    assert back["Content-Type"] == "application/octet-stream"
    assert back["Content-Disposition"].startswith("attachment")
    assert back["X-Content-Type-Options"] == "nosniff"


def send_file(api, name, content):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = Client().post(
        "/api/v1/attachments",
        {"file": SimpleUploadedFile(name, content)},
        headers={"Authorization": f"Bearer {api.secret}"},
    )
    assert answer.status_code == 201, answer.content
    return answer.json()["upload"]


def test_an_upload_that_is_not_ours_is_refused(api, ticket):
    for stolen in ("x", "é", base64.urlsafe_b64encode(b"a" * 26 + b'["x","y",1,"z","../../secret"]').decode()):
        answer = api.post(f"/tickets/{ticket.number}/note", {"text": "x", "attachments": [{"upload": stolen}]})
        assert answer.status_code == 422
        assert "upload the file again" in answer.json()["detail"]


def test_what_a_key_may_not_see_is_as_if_it_were_not_there(ticket, desk):
    desk.repairs.restricted = True
    desk.repairs.save()
    message = ticket.messages.get()
    outside = program("agent", desk.billing)

    for path in (f"/tickets/{ticket.number}", f"/tickets/{ticket.number}/messages", f"/messages/{message.pk}"):
        assert outside.get(path).status_code == 404
        assert program("agent", desk.repairs).get(path).status_code == 200
    assert outside.get(f"/tickets/{ticket.number}/events").status_code == 404
    assert outside.get("/tickets").json()["items"] == outside.get("/search?q=drips").json()["items"] == []
    assert outside.post(f"/tickets/{ticket.number}/note", {"text": "x"}).status_code == 404
    assert ticket.messages.count() == 1


def test_a_viewer_reads_and_changes_nothing(ticket, desk):
    viewer = program("viewer", desk.repairs)

    assert viewer.get(f"/tickets/{ticket.number}").status_code == 200
    for path, body in (("reply", {"text": "x"}), ("close", {}), ("tags", {"add": ["x"]}), ("actions", {"do": "watch"})):
        answer = viewer.post(f"/tickets/{ticket.number}/{path}", body)
        assert answer.status_code == 403
        assert "may not do this" in answer.json()["detail"]
    assert viewer.post("/tickets", NEW).status_code == 403


def test_a_newer_message_is_a_conflict_for_who_has_not_read_it(api, ticket):
    read = ticket.messages.get()
    cast.says(ticket, "Never mind")

    answer = api.post(f"/tickets/{ticket.number}/reply", {"text": "Turn it", "answers": read.pk})

    assert answer.status_code == 409
    assert "new message came in" in answer.json()["detail"]


def test_people_articles_actions_and_me(api, ticket, mara):
    person = api.get(f"/people/{mara.pk}").json()
    assert person["identities"][0]["value"] == "mara@lindqvist.example"
    assert api.get("/people/999999").status_code == 404
    assert api.get("/articles").json() == api.get("/articles?q=gasket").json() == {"items": [], "next": None}
    assert "Reply" in api.get("/actions").json()["$defs"]
    assert "ticket.reply" in api.get("/me").json()["permissions"]


@pytest.mark.parametrize(("method", "path", "most"), [("GET", "/tickets", 6), ("GET", "/search?q=drips", 8)])
def test_a_page_of_many_needs_no_more_queries_than_one_of_few(
    api, desk, mara, ticket, django_assert_max_num_queries, method, path, most
):
    for count in range(12):
        cast.opened(desk, mara, f"Order {count}")

    with django_assert_max_num_queries(most):
        assert len(api.ask(method, path).json()["items"]) == 13


def test_opening_and_answering_need_few_queries(api, ticket, mara, django_assert_max_num_queries):
    """Each is counted: the begin and end of transactions, too."""
    api.post("/tickets", NEW)
    with django_assert_max_num_queries(8):
        assert api.post("/tickets", NEW).status_code == 201
    with django_assert_max_num_queries(7):
        assert api.post(f"/tickets/{ticket.number}/reply", {"text": "Turn it"}).status_code == 201


def test_a_program_gives_an_agent_the_next_ticket(api, ticket, ben_user):
    assert api.post("/tickets/next", {"user": "BEN@brasswell.example"}).json()["number"] == ticket.number
    assert "Nothing waits" in api.post("/tickets/next", {"user": "ben@brasswell.example"}).json()["detail"]
    assert api.post("/tickets/next", {"user": "nobody@brasswell.example"}).status_code == 422
