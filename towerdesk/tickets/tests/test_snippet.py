"""The few words around what was searched for."""

import pytest

from towerdesk.tickets.snippet import LENGTH, snippet


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("The café is shut", ("cafe",), ["café"]),
        ("STRASSE und Straße", ("straße",), ["Straße"]),
        ("spare part for a spare-part", ("spare part",), ["spare part", "spare-part"]),
        ("cats in a category", ("cat",), []),
        ("a (b) c", ("(b)", "???"), ["b"]),
        ("", ("x",), []),
    ],
)
def test_the_words_are_marked(text, words, marked):
    assert [piece for piece, is_marked in snippet(text, words).pieces() if is_marked] == marked


def test_a_long_text_is_cut_around_its_first_mark():
    cut = snippet("word " * 500 + "kettle " + "more " * 500, ("kettle",))

    assert cut.text.startswith("…word ")
    assert cut.text.endswith("…")
    assert len(cut.text) <= LENGTH + 2
    assert "".join(piece for piece, _ in cut.pieces()) == cut.text
    assert ("kettle", True) in cut.pieces()
