"""Exports of other desks, in the shapes of their APIs, read without importing anything."""

import json

import pytest

from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.rehearsal.past.export import read_export
from towerdesk.rehearsal.past.run import begin, go_on
from towerdesk.tickets.models import Ticket

ZENDESK = {
    "tickets": [
        {
            "id": 2, "subject": "Return", "description": "How do I return it?", "status": "solved", "type": "question",
            "requester_id": 7, "created_at": "2026-06-03T02:23:47Z", "updated_at": "2026-06-05T01:13:24Z", "tags": ["return"],
        },
        {"id": 3, "subject": "?", "description": "?", "status": "open", "requester_id": 7, "created_at": "2026-06-03T02:23:47Z"},
    ]
}  # fmt: skip
COMMENTS = {
    "comments": [
        {
            "id": 1,
            "author_id": 7,
            "public": True,
            "plain_body": "How do I return it?",
            "created_at": "2026-06-03T02:23:47Z",
        },
        {"id": 2, "author_id": 9, "public": False, "plain_body": "Who knows?", "created_at": "2026-06-03T02:25:00Z"},
        {"id": 3, "author_id": 9, "public": True, "plain_body": "Print a label.", "created_at": "2026-06-03T03:00:00Z"},
    ]
}
FRESHDESK = [
    {
        "id": 5, "subject": "Invoice", "description_text": "Where is it?", "status": 4, "requester_id": 1, "type": "Billing Copy",
        "created_at": "2026-05-18T04:36:04Z", "stats": {"resolved_at": "2026-05-19T04:36:04Z"}, "spam": False,
    }
]  # fmt: skip
CONVERSATIONS = [
    {
        "id": 1,
        "ticket_id": 5,
        "incoming": False,
        "private": False,
        "body_text": "Under Orders.",
        "created_at": "2026-05-18T05:36:14Z",
    }
]
SOLUTIONS = [
    {
        "id": 4, "status": 2, "folder_id": 3, "title": "Invoices", "description": "Steps: <ol><li>Open <b>Orders</b>.</li></ol>",
        "description_text": "Steps: Open Orders.", "created_at": "2026-01-06T11:05:53Z", "updated_at": "2026-01-06T11:05:53Z",
    },
    {"id": 5, "status": 1, "folder_id": 3, "title": "A draft", "description_text": "No.", "created_at": "2026-01-06T11:05:53Z"},
]  # fmt: skip
LINES = [
    {
        "kind": "ticket", "id": "a1", "subject": "Milk", "intent": "milk", "resolved_at": "2026-07-02T10:00:00Z", "messages": [
            {"at": "2026-07-01T10:00:00Z", "from": "customer", "text": "Which milk gives the best foam?"},
            {"at": "2026-07-01T12:00:00Z", "from": "agent", "text": "Cold whole milk gives the best foam."},
        ],
    },
    {"kind": "article", "title": "Foam", "text": "Cold whole milk gives the best foam.", "published_at": "2026-06-01T00:00:00Z"},
    {"kind": "article", "title": "Later", "text": "Which milk gives the best foam: oat.", "published_at": "2026-08-01T00:00:00Z"},
]  # fmt: skip


def put(folder, **pages):
    for name, page in pages.items():
        (folder / f"{name}.json").write_text(json.dumps(page))
    return folder


def test_a_zendesk_export_tells_what_was_asked_and_answered(tmp_path):
    found = read_export(put(tmp_path, tickets=ZENDESK, comments_2=COMMENTS), "tag")

    [story] = found.stories
    assert (found.format, story.key, story.visible, story.answer) == (
        "zendesk",
        "2",
        "How do I return it?",
        "Print a label.",
    )
    assert [slug for _, slug in story.labels] == ["return"]
    assert story.minutes == pytest.approx(4.0 + 1.5 + 0.3)
    assert found.passed_over["tickets that are not resolved, or hold no text"] == 1


def test_comments_that_name_no_ticket_are_counted_not_guessed(tmp_path):
    found = read_export(put(tmp_path, tickets=ZENDESK, comments=COMMENTS))

    assert found.stories[0].answer == ""
    assert found.passed_over["pages of comments that name no ticket"] == 1


def test_a_freshdesk_export_brings_its_published_articles(tmp_path):
    found = read_export(put(tmp_path, tickets=FRESHDESK, conversations=CONVERSATIONS, solutions=SOLUTIONS))

    assert (found.format, found.stories[0].answer, found.stories[0].labels[0][1]) == (
        "freshdesk",
        "Under Orders.",
        "billing-copy",
    )
    [article] = found.articles or []
    assert (article["title"], "- Open Orders." in article["text"]) == ("Invoices", True)


def test_an_export_is_looked_back_on_with_its_own_articles_of_the_day_and_nothing_is_imported(desk, tmp_path, model):
    file = tmp_path / "export.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in [*LINES, {**LINES[0], "id": "a2", "intent": "foam"}]))
    found = read_export(file)

    replay = begin(stories=found.stories, library=found.articles, source=found.format, retrain=1, by=CLOCK)
    go_on(replay, model)

    replay.refresh_from_db()
    assert replay.state == "done"
    assert {source["slug"] for item in replay.items.all() for source in item.evidence} <= {"foam"}
    assert not Ticket.objects.exists()


def test_what_is_no_export_is_said(tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"kind": "ticket"\n{')

    with pytest.raises(Invalid, match="line 1"):
        read_export(tmp_path)
    with pytest.raises(NotFound):
        read_export(tmp_path / "nowhere")
