"""What was said, from whatever a program wrote down; speakers stay apart."""

import json

import pytest

from towerdesk.channels.recording.fake import VTT, WHISPER
from towerdesk.channels.talk import Turn
from towerdesk.channels.transcripts import turns_in


def told(content):
    return [(turn.speaker, turn.text) for turn in turns_in(content)]


def test_webvtt_with_voices():
    assert turns_in(VTT) == [
        Turn("My grinder is loud.", "Mara Lindqvist", 0.0, 2.0),
        Turn("I will send you a new burr by Friday.", "Ana Reyes", 2.0, 5.0),
    ]


def test_what_one_speaker_says_in_a_row_is_one_turn():
    content = "WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<v.loud Ana>One &amp;\n<i>two</i>\n\n00:03.000 --> 00:04.000\n<v Ana>three"
    assert turns_in(content) == [Turn("One & two three", "Ana", 1.0, 4.0)]


@pytest.mark.parametrize("content", [json.dumps(WHISPER), json.dumps(WHISPER["segments"])])
def test_whispers_segments_with_the_labels_of_a_diarisation(content):
    assert told(content) == [("Speaker 1", "My grinder is loud."), ("Speaker 2", "I will send you a new burr.")]


def test_json_that_holds_nothing_but_text():
    assert told('{"text": " It drips. "}') == [("", "It drips.")]


def test_plain_text_with_names_and_times():
    content = "[00:01:04] Ana Reyes: It drips?\nMara: Yes:\n  all day.\n\n01:09 Ana Reyes: Then turn it."
    assert told(content) == [("Ana Reyes", "It drips?"), ("Mara", "Yes: all day."), ("Ana Reyes", "Then turn it.")]
    assert [turn.start for turn in turns_in(content)] == [64.0, 64.0, 69.0]


def test_one_colon_makes_no_speaker():
    assert told("Please note: it drips.\nAll day.") == [("", "Please note: it drips. All day.")]


@pytest.mark.parametrize(
    "content",
    ["", "\ufeff", "WEBVTT", "{", "[", "[1, 2]", '{"segments": [{"text": 7}]}', '{"segments": "x"}', "WEBVTT\n\n1\nx --> y\n"],
)  # fmt: skip
def test_odd_content_is_never_an_error(content):
    assert isinstance(turns_in(content), list)


def test_odd_times_count_as_none():
    content = json.dumps(
        [{"text": "a", "start": -1, "end": "x"}, {"text": "b", "start": True, "end": 1e30, "speaker": "B"}]
    )
    assert [(turn.start, turn.end) for turn in turns_in(content)] == [(0.0, 0.0), (0.0, 0.0)]


def test_markup_stays_text():
    assert told("Ana: <script>alert(1)</script>\nBen: ok") == [("Ana", "<script>alert(1)</script>"), ("Ben", "ok")]
