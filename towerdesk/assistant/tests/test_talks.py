"""A talk is written down, summed up and its wishes put on the checklist, all without answering anybody."""

import pytest

from towerdesk.assistant.hearing import choose
from towerdesk.assistant.hearing.fake import FakeHearing
from towerdesk.assistant.hearing.whisper import PARTS, WhisperHearing
from towerdesk.assistant.sum_up import sum_up
from towerdesk.assistant.transcribe import transcribe
from towerdesk.assistant.understand.spoken import gist_of
from towerdesk.channels.talk import Talk, Turn
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.embedding.fake import FakeEmbedder
from towerdesk.lib.errors import Unavailable
from towerdesk.lib.files import keep
from towerdesk.tickets.hear import begin, hear
from towerdesk.tickets.models import Message
from towerdesk.tickets.receive import Received, receive

TALK = [
    Turn("My grinder has been very loud since Monday. The grinder makes a loud metal noise when it grinds.", "Mara"),
    Turn("Thank you for telling us about the loud grinder. I will send you a new burr by Friday.", "Ana"),
    Turn("The weather is lovely over here today by the way. Could you send the burr to the office instead?", "Mara"),
    Turn("Can you hear me all right now? We will change the address of the grinder order.", "Ana"),
]


@pytest.fixture
def call(desk, ticket, mara):
    message = receive(ticket, Received("Call", person=mara, channel="voice", auto="call"), by=mara.actor())
    begin(message, Talk("ringing", "+4930901820"), desk.inbox, by=CLOCK)
    hear(message, Talk("voicemail", seconds=9), [keep("voicemail.mp3", "audio/mpeg", b"ID3")], by=CLOCK)
    return message


@pytest.fixture
def engine():
    yield lambda *turns, trouble="": choose.put(FakeHearing(*turns, trouble=trouble)) or choose.hearing()
    choose.put(None)


def test_a_recording_is_written_down_once_where_an_engine_hears(call, engine):
    hears = engine(Turn("It drips.", "", 0.0, 1.5))
    assert [transcribe(call.pk) for _ in range(2)] == [True, False]

    message = Message.objects.get(pk=call.pk)
    assert (message.visible, message.call.turns[0]["end"], hears.heard) == ("It drips.", 1.5, [b"ID3"])


def test_what_the_provider_wrote_down_first_stays(call, engine):
    engine(Turn("It rips."))
    hear(call, Talk(turns=[Turn("It drips.")]), by=CLOCK)
    assert transcribe(call.pk) is False
    assert Message.objects.get(pk=call.pk).visible == "It drips."


@pytest.mark.parametrize(
    ("turns", "trouble", "said"),
    [([], "", "Nothing was said that could be made out."), ([], "The disk is full.", "The disk is full.")],
)
def test_what_could_not_be_made_out_is_said_beside_the_call(call, engine, turns, trouble, said):
    engine(*turns, trouble=trouble)
    assert transcribe(call.pk) is False
    call.call.refresh_from_db()
    assert call.call.trouble == said


def test_without_an_engine_the_desk_says_so_and_goes_on(call, monkeypatch):
    monkeypatch.delenv("TOWERDESK_SPEECH", raising=False)
    assert transcribe(call.pk) is False
    assert choose.why_no_transcript().startswith("No transcript: no speech-to-text engine is installed here.")


def test_an_engine_that_is_asked_for_and_not_there_is_a_sentence(tmp_path):
    with pytest.raises(Unavailable, match="holds no model"):
        WhisperHearing(str(tmp_path))
    for part in PARTS:
        (tmp_path / part).write_bytes(b"{}")
    with pytest.raises(Unavailable):
        WhisperHearing(str(tmp_path))


def test_the_gist_is_in_the_talks_own_words_and_order():
    gist = gist_of(TALK, FakeEmbedder())

    said = " ".join(turn.text for turn in TALK)
    assert len(gist.lines) == 3
    assert all(line.partition(": ")[2] in said for line in gist.lines)
    assert not any("weather" in line for line in gist.lines)
    assert gist.points == (
        "Ana: I will send you a new burr by Friday.",
        "Mara: Could you send the burr to the office instead?",
        "Ana: We will change the address of the grinder order.",
    )


@pytest.mark.parametrize(
    "said",
    [
        "Bitte rufen Sie mich morgen früh zurück.",
        "Je vais vous envoyer la facture demain.",
        "Please call me back after ten.",
    ],
)
def test_wishes_in_other_languages(said):
    assert gist_of([Turn(said)], FakeEmbedder()).points == (said,)


def test_a_short_voicemail_is_its_own_summary():
    assert gist_of([Turn("It drips. What now?")], FakeEmbedder()) == gist_of([], FakeEmbedder())


def test_a_talk_is_summed_up_on_its_ticket_and_nobody_is_answered(call, ticket):
    hear(call, Talk(turns=TALK), by=CLOCK)
    assert sum_up(call.pk, by=FakeEmbedder()) is True
    assert sum_up(call.pk, by=FakeEmbedder()) is False

    call.call.refresh_from_db()
    ticket.refresh_from_db()
    assert len(call.call.summary.splitlines()) == 3
    assert ticket.points.order_by("id").first().text == "Ana: I will send you a new burr by Friday."
    assert (ticket.step_kind, ticket.messages.filter(direction="out").count()) == ("call", 0)
