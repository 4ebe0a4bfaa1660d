import pytest

from towerdesk.assistant.understand.language import language_of
from towerdesk.assistant.understand.mood import mood_of
from towerdesk.assistant.understand.priority import priority_of
from towerdesk.lib.errors import Invalid


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("My grinder has not arrived yet, could you look into it?", "en"),
        ("Meine Mühle ist noch nicht angekommen, könnt ihr bitte nachsehen?", "de"),
        ("Mon moulin n'est pas encore arrivé, pouvez-vous vérifier ?", "fr"),
        ("Mi molinillo todavía no ha llegado, ¿pueden revisarlo?", "es"),
        ("ok", ""),
        ("4711-0815", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_message_is_told_when_it_can_be(text, language):
    assert language_of(text) == language


def test_a_language_that_does_not_exist_is_one_clear_sentence(settings):
    from towerdesk.assistant.understand.language import _detector

    settings.LANGUAGES_SPOKEN = ["en", "xx"]
    _detector.cache_clear()
    with pytest.raises(Invalid, match="no ISO 639-1 code"):
        language_of("My grinder has not arrived yet")
    _detector.cache_clear()


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("Could you tell me when my parcel arrives?", "calm"),
        ("This is the third time I write. Still no answer.", "annoyed"),
        ("This is unacceptable, I want my money back", "angry"),
        ("WHERE IS MY PARCEL, ANSWER ME", "angry"),
        ("Das ist eine Frechheit", "angry"),
        ("I love the new grinder, thank you", "happy"),
        ("", "calm"),
    ],
)
def test_the_mood_of_a_message_is_a_hint(text, mood):
    assert mood_of(text) == mood


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("There was smoke from the machine", "critical"),
        ("Please answer, it is urgent", "high"),
        ("Es ist dringend, wir öffnen morgen", "high"),
        ("How do I descale it?", "normal"),
        ("She fired her supplier", "normal"),
    ],
)
def test_urgent_words_raise_the_priority_and_are_named(text, priority):
    level, reason = priority_of(text)
    assert level == priority
    assert (reason == "") == (priority == "normal")
    assert reason == "" or level in reason
