import pytest

from towerdesk.delivery.models import Attempt
from towerdesk.intake.models import Raw
from towerdesk.lib.clock import now
from towerdesk.lib.files import keep
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.tag import tag


def page_of(client, ticket, query=""):
    answer = client.get(f"/tickets/{ticket.pk}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_story_is_told_in_sentences(web, ana, ana_user, ticket):
    assign(ticket, ana_user, by=ana)
    change(ticket, by=ana, priority="high")
    tag(ticket, add=["vip"], by=ana)
    note(ticket, "Third one this week.", by=ana)
    page = page_of(web, ticket)

    assert "It drips. What can I do?" in page
    assert "Ana Reyes took this" in page
    assert "Ana Reyes set priority to high" in page
    assert "Ana Reyes added vip" in page
    assert "note, inside only" in page
    assert "Third one this week." in page


def test_a_reply_is_queued_and_can_be_stopped(web, ticket):
    answers = Message.objects.get(ticket=ticket).pk
    web.post(f"/tickets/{ticket.pk}/reply", {"text": "Turn the ring.", "answers": answers, "then": "wait"})
    sent = Message.objects.get(ticket=ticket, direction="out")
    page = page_of(web, ticket)

    assert (sent.delivery, sent.author_name) == ("queued", "Ana Reyes")
    assert "leaves in" in page
    assert f"/messages/{sent.pk}/stop" in page

    web.post(f"/messages/{sent.pk}/stop")

    sent.refresh_from_db()
    ticket.refresh_from_db()
    assert (sent.delivery, ticket.step_kind) == ("withdrawn", "answer")


def test_a_reply_that_comes_too_late_to_stop_says_so(web, ticket):
    web.post(f"/tickets/{ticket.pk}/reply", {"text": "Turn the ring."})
    sent = Message.objects.get(ticket=ticket, direction="out")
    Message.objects.filter(pk=sent.pk).update(delivery="sending")

    answer = web.post(f"/messages/{sent.pk}/stop")

    assert answer.status_code == 409
    assert "Too late to stop this reply" in answer.content.decode()


def test_what_was_typed_survives_a_message_that_came_in_meanwhile(web, ticket):
    read = Message.objects.get(ticket=ticket).pk
    cast.says(ticket, "Wait, it stopped.")

    answer = web.post(f"/tickets/{ticket.pk}/reply", {"text": "Turn the ring.", "answers": read})
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "A new message came in while this was written" in page
    assert "Turn the ring.</textarea>" in page
    assert not Message.objects.filter(ticket=ticket, direction="out").exists()


def test_an_empty_reply_is_one_sentence(web, ticket):
    answer = web.post(f"/tickets/{ticket.pk}/reply", {"text": "  "})

    assert answer.status_code == 422
    assert "The reply is empty" in answer.content.decode()


def test_files_leave_with_the_reply(web, ticket, tmp_path):
    path = tmp_path / "label.pdf"
    path.write_bytes(b"%PDF-1.4")
    with path.open("rb") as file:
        web.post(f"/tickets/{ticket.pk}/reply", {"text": "See the label.", "files": file})

    [attachment] = Message.objects.get(ticket=ticket, direction="out").attachments.all()
    assert (attachment.name, attachment.size) == ("label.pdf", 8)


def test_one_key_approves_and_the_reply_goes_out_in_the_persons_name(web, ticket, suggested):
    run = suggested(ticket)
    page = page_of(web, ticket)
    assert 'class="rests"' in page
    assert "Leaks after descaling" in page
    assert 'data-key="a"' in page

    web.post(f"/runs/{run.pk}/approve", {"then": "resolve"})

    run.refresh_from_db()
    ticket.refresh_from_db()
    assert (run.state, run.sent.author_name, run.grade.right) == ("used", "Ana Reyes", True)
    assert ticket.status == "resolved"


def test_a_rejected_suggestion_needs_a_reason(web, ticket, suggested):
    run = suggested(ticket)

    refused = web.post(f"/runs/{run.pk}/reject", {"why": ""})
    assert refused.status_code == 422

    web.post(f"/runs/{run.pk}/reject", {"why": "It is the pump, not the gasket"})

    run.refresh_from_db()
    assert (run.state, run.grade.right, run.grade.note) == ("rejected", False, "It is the pump, not the gasket")


def test_an_edited_suggestion_goes_out_as_edited(web, ticket, suggested):
    run = suggested(ticket)

    web.post(
        f"/runs/{run.pk}/edit", {"text": "Hello Mara, the pump needs a look. We fetch it on Friday.", "then": "wait"}
    )

    run.refresh_from_db()
    assert (run.state, run.sent.visible[:10]) == ("edited", "Hello Mara")
    assert run.grade.right is False


def test_two_people_approve_at_once_and_one_reply_leaves(web, bens_web, ticket, suggested):
    run = suggested(ticket)
    web.post(f"/runs/{run.pk}/approve")

    answer = bens_web.post(f"/runs/{run.pk}/approve")

    assert answer.status_code == 409
    assert Message.objects.filter(ticket=ticket, direction="out").count() == 1


def test_giving_it_to_a_person_or_a_team(web, ben_user, desk, ticket):
    assert "Ben Okafor" in web.get(f"/tickets/{ticket.pk}/give").content.decode()

    web.post(f"/tickets/{ticket.pk}/give", {"to": f"user:{ben_user.pk}"})
    ticket.refresh_from_db()
    assert ticket.assignee == ben_user

    web.post(f"/tickets/{ticket.pk}/give", {"to": f"team:{desk.billing.pk}"})
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.team) == (None, desk.billing)

    assert web.post(f"/tickets/{ticket.pk}/give", {"to": "user:"}).status_code == 422


def test_changing_what_a_ticket_is(web, leaks, ticket):
    form = {
        "subject": "It drips",
        "priority": "high",
        "type": "incident",
        "intent": "leak",
        "tags": "VIP, august batch",
    }
    web.post(f"/tickets/{ticket.pk}/do", form | {"status": "hold", "product_area": "Solo 2"})

    ticket.refresh_from_db()
    assert (ticket.subject, ticket.priority, ticket.type, ticket.intent, ticket.status) == (
        "It drips", "high", "incident", leaks, "hold",
    )  # fmt: skip
    assert ticket.tags == ["august batch", "vip"]


def test_a_next_step_needs_a_time(web, ticket):
    refused = web.post(f"/tickets/{ticket.pk}/step", {"sentence": "Ana rings Mara", "due": "", "kind": "answer"})
    assert refused.status_code == 422
    assert "Choose a day and a time" in refused.content.decode()

    web.post(
        f"/tickets/{ticket.pk}/step", {"sentence": "The carrier traces it", "due": "2027-01-04T10:00", "kind": "others"}
    )

    ticket.refresh_from_db()
    assert (ticket.next_step, ticket.step_kind) == ("The carrier traces it", "others")


def test_resolve_open_again_take_watch_and_merge(web, ana_user, desk, mara, ticket):
    other = cast.opened(desk, mara, "It drips again")

    web.post(f"/tickets/{ticket.pk}/take")
    web.post(f"/tickets/{ticket.pk}/watch")
    web.post(f"/tickets/{ticket.pk}/resolve", {"note": "Ring turned", "kind": "solved"})
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.status, ticket.watchers.get()) == (ana_user, "resolved", ana_user)

    web.post(f"/tickets/{ticket.pk}/reopen")
    ticket.refresh_from_db()
    assert ticket.status == "open"

    web.post(f"/tickets/{other.pk}/merge", {"into": str(ticket.pk)})
    other.refresh_from_db()
    assert other.merged_into == ticket
    assert "Merged into" in page_of(web, other)


def test_what_a_customer_writes_is_text_and_nothing_else(web, desk, mara):
    evil = cast.opened(desk, mara, "<img src=x onerror=alert(1)>", "<script>alert(1)</script> see http://x.example")
    page = page_of(web, evil)

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


def test_files_are_only_ever_downloaded(web, desk, mara, ticket):
    page_file = keep("page.html", "text/html", b"<script>alert(1)</script>")
    picture = keep("ring.png", "image/png", b"\x89PNG\r\n\x1a\n")
    message = cast.says(ticket, "See the file.", files=[page_file, picture])
    html, png = message.attachments.order_by("id")

    answer = web.get(f"/files/{html.pk}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"

    assert web.get(f"/pictures/{html.pk}").status_code == 404
    assert web.get(f"/pictures/{png.pk}").headers["Content-Type"] == "image/png"


def test_files_of_tickets_one_may_not_read_are_not_there(bens_web, desk, ticket):
    from towerdesk.accounts.models import Team

    message = cast.says(ticket, "See the file.", files=[keep("a.txt", "text/plain", b"hello")])
    Ticket.objects.filter(pk=ticket.pk).update(team=Team.objects.create(name="Legal", slug="legal", restricted=True))

    assert bens_web.get(f"/files/{message.attachments.get().pk}").status_code == 404
    assert bens_web.get(f"/messages/{message.pk}/original").status_code == 404


def test_an_inline_picture_is_shown_where_it_was(web, desk, ticket):
    ring = keep("ring.png", "image/png", b"\x89PNG\r\n\x1a\n", content_id="ring@x", inline=True)
    html = '<p>Look: <img src="cid:ring@x"> <img data-src="https://spy.example/p.gif"></p>'
    message = cast.says(ticket, "Look:", html=html, files=[ring])
    page = page_of(web, ticket)

    assert f'src="/pictures/{message.attachments.get().pk}"' in page
    assert "1 picture from elsewhere not loaded" in page
    assert 'class="clip"' not in page


def test_the_original_is_one_click_away_and_dead(web, desk, ticket):
    content = b"From: mara@lindqvist.example\r\nSubject: Drip\r\nContent-Type: text/html\r\n\r\n<h1>Hi</h1><script>x()</script>"
    message = Message.objects.get(ticket=ticket)
    Raw.objects.create(
        inbox=desk.inbox, door="smtp", content=content, size=len(content), digest="0" * 64, message=message
    )

    assert "As it came" in web.get(f"/messages/{message.pk}/original").content.decode()
    source = web.get(f"/messages/{message.pk}/source")
    assert source.content == content
    assert source.headers["Content-Type"].startswith("text/plain")
    frame = web.get(f"/messages/{message.pk}/frame")
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert "default-src 'none'" in frame.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("delivery", "says"),
    [
        ("sent", "sent "),
        ("bounced", "did not arrive: no such mailbox"),
        ("failed", "could not be sent: no such mailbox"),
        ("unsure", "nobody knows whether it went out"),
    ],
)
def test_the_fate_of_a_reply_is_shown(web, ticket, delivery, says):
    web.post(f"/tickets/{ticket.pk}/reply", {"text": "Turn the ring."})
    Message.objects.filter(ticket=ticket, direction="out").update(
        delivery=delivery, delivery_note="no such mailbox" if delivery != "sent" else "", sent_at=now()
    )

    assert says in page_of(web, ticket)
    assert not Attempt.objects.exists()


def test_quoted_text_is_folded_and_trust_is_said(web, ticket):
    cast.says(
        ticket,
        "From the rim.\n\nOn Tue Ben wrote:\n> Where does it drip?",
        visible="From the rim.",
        sender="mara@lindqvist.example",
        trust={"verified": True, "sentence": "sender verified by DKIM"},
    )
    page = page_of(web, ticket)

    assert "sender verified by DKIM" in page
    assert "Where does it drip?" in page.split('class="fold"', 1)[1]
    assert "sender not verified" in page  # Mara's first message carried no proof


def test_a_viewer_reads_but_can_change_nothing(desk, ticket):
    from towerdesk.web.tests.conftest import signed_in

    viewer = signed_in(cast.agent("Vera Lind", role="viewer"))
    page = page_of(viewer, ticket)

    assert 'id="draft"' not in page
    assert "Give to" not in page
    assert viewer.post(f"/tickets/{ticket.pk}/reply", {"text": "Hi"}).status_code == 403
    assert viewer.post(f"/tickets/{ticket.pk}/take").status_code == 403


def test_the_assistants_pending_send_is_stopped_from_its_strip(web, ticket):
    Message.objects.create(
        ticket=ticket, direction="out", author_kind="assistant", author_name="Assistant", text="Hi", visible="Hi",
        delivery="queued", warrant="licence:1",
    )  # fmt: skip

    web.post(f"/tickets/{ticket.pk}/stop")

    assert Message.objects.get(author_kind="assistant").delivery == "withdrawn"
    assert web.post(f"/tickets/{ticket.pk}/stop").status_code == 404


def test_a_very_long_ticket_shows_its_newest_messages(web, ticket):
    for number in range(105):
        cast.says(ticket, f"Drop number {number}.")

    assert "Drop number 3." not in page_of(web, ticket)
    assert "Drop number 104." in page_of(web, ticket)
    assert "Drop number 3." in page_of(web, ticket, "?all")


def test_a_ticket_that_is_over_shows_no_heading_without_anything_below(web, ticket, ana):
    assert '<section class="procedure" id="procedure">' in web.get(f"/tickets/{ticket.pk}").content.decode()
    resolve(ticket, by=ana)
    assert '<section class="procedure" id="procedure" hidden>' in web.get(f"/tickets/{ticket.pk}").content.decode()
