"""Recordings and transcripts that programs hand in, over real HTTP and from files."""

import base64
import json
import time

import pytest
from django.test import Client

from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.recording.fake import VTT, WHISPER, FakeRecorder
from towerdesk.channels.webhook.fake import call
from towerdesk.channels.webhook.signing import shown
from towerdesk.delivery.send import send
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.intake.store import store
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid
from towerdesk.lib.files import read
from towerdesk.people.find import person_for
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply


@pytest.fixture
def recorder(settings):
    settings.HOOK_HOSTS = ["127.0.0.1"]
    settings.PUBLIC_URL = "https://desk.example"
    with serving(FakeRecorder()) as running:
        yield running


@pytest.fixture
def inbox(desk, recorder):
    made = Inbox.objects.create(name="Talks", address="recording:talks", channel="recording", team=desk.repairs)
    connect(made, {}, by=CLOCK)
    return made


def work():
    while waiting := list(Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True)):
        for number in waiting:
            accept(number)


def arrives(inbox, id_="d1", signed_at=None, **told):
    body, headers = call(account_of(inbox), id_, signed_at, **told)
    answer = Client().post(f"/hooks/{inbox.hook}", body, content_type="application/json", headers=headers)
    work()
    return answer.status_code, Raw.objects.order_by("-pk").first()


def test_a_transcript_is_on_a_ticket_of_the_caller_in_turns(inbox):
    mara = person_for("+4930901820", "Mara Lindqvist", kind="phone")
    _, raw = arrives(inbox, id="r1", sender="+49 30 901820", subject="Grinder", transcript=VTT)

    message = raw.message
    assert (raw.ticket.requester, raw.ticket.subject, raw.ticket.step_kind) == (mara, "Grinder", "answer")
    assert [(turn["speaker"], turn["text"]) for turn in message.call.turns] == [
        ("Mara Lindqvist", "My grinder is loud."),
        ("Ana Reyes", "I will send you a new burr by Friday."),
    ]
    assert message.visible.startswith("Mara Lindqvist: My grinder is loud.\nAna Reyes: ")


def test_sound_comes_along_or_is_fetched_with_nothing_that_tells_who_we_are(inbox, recorder):
    recorder.sounds = {"r1.mp3": b"ID3 one"}
    given = {"name": "two.wav", "content": base64.b64encode(b"RIFF two").decode()}
    _, first = arrives(inbox, "d1", id="r1", sender="m@l.example", audio={"url": f"{recorder.url}/r1.mp3?key=1"})
    _, second = arrives(inbox, "d2", id="r2", sender="m@l.example", audio=given)

    files = [raw.message.attachments.get() for raw in (first, second)]
    assert [(one.name, read(one.path)) for one in files] == [("r1.mp3", b"ID3 one"), ("two.wav", b"RIFF two")]
    assert files[1].type in ("audio/x-wav", "audio/wav")
    assert "authorization" not in recorder.asked[0].headers


def test_a_transcript_may_be_ready_before_its_recording_is_here(inbox):
    arrives(inbox, "d1", about="r1", transcript=WHISPER)
    arrives(inbox, "d2", id="r1", sender="m@l.example", audio={"name": "a.mp3", "content": "SUQz"})

    message = Message.objects.get()
    assert [turn["speaker"] for turn in message.call.turns] == ["Speaker 1", "Speaker 2"]


@pytest.mark.parametrize(
    "told", [{}, {"id": "r1"}, {"transcript": ""}, {"audio": {"content": "?"}}, {"audio": 7, "id": {}}]
)
def test_what_holds_neither_is_kept_and_shown(inbox, told):
    _, raw = arrives(inbox, **told)
    assert (raw.state, raw.reason) == ("set_aside", "There is neither a recording nor a transcript in it.")


def test_signed_long_ago_by_somebody_else_or_twice(inbox):
    assert arrives(inbox, id="r1", transcript=VTT, signed_at=time.time() - 900)[0] == 401
    assert Client().post(f"/hooks/{inbox.hook}", b"{}", content_type="application/json").status_code == 401
    assert Raw.objects.count() == 0
    assert [arrives(inbox, id="r1", transcript=VTT)[0] for _ in range(2)] == [200, 200]
    assert (Raw.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [("talk.vtt", VTT.encode()), ("talk.json", json.dumps(WHISPER).encode()), ("a.txt", b"Ana: Hi\nBen: Ho")],
)
def test_a_file_at_hand_is_taken_in_and_taken_in_twice_is_one(inbox, name, content):
    for _ in range(2):
        store(content, inbox, door="file", envelope={"path": f"/somewhere/{name}"})
    work()

    message = Message.objects.get()
    assert (message.ticket.subject, len(message.call.turns), message.call.outcome) == (name, 2, "recorded")


def test_a_sound_file_at_hand_is_taken_in(inbox):
    store(b"ID3", inbox, door="file", envelope={"path": "/somewhere/talk.mp3"})
    work()
    assert Message.objects.get().attachments.get().name == "talk.mp3"


def test_a_reply_is_posted_where_the_inbox_says_and_else_refused_in_a_sentence(inbox, recorder, ana):
    _, raw = arrives(inbox, id="r1", sender="m@l.example", transcript=VTT)
    with pytest.raises(Invalid, match="What is typed here goes nowhere"):
        reply(raw.ticket, "As we said.", by=ana)

    connect(inbox, {"reply_url": f"{recorder.url}/replies"}, by=CLOCK)
    recorder.secret = shown(account_of(inbox))
    assert send(reply(Ticket.objects.get(), "As we said.", by=ana).pk) == "sent"


def test_the_command_takes_in_files(inbox, tmp_path):
    from towerdesk.cli.intake import command

    (tmp_path / "talk.vtt").write_text(VTT)
    assert command([tmp_path / "talk.vtt"], inbox=inbox.address) == 0
    assert Message.objects.get().ticket.subject == "talk.vtt"
