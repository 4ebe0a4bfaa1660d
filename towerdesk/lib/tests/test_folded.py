"""A text as it is read out: plain letters go the short way, and come out the same."""

import unicodedata

import pytest

from towerdesk.lib.folded import INVISIBLE, LOOKALIKES, UNTAGGED, folded


def the_long_way(text):
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", text.translate(UNTAGGED))).translate(LOOKALIKES)
    bare = "".join(char for char in unicodedata.normalize("NFD", plain) if not unicodedata.combining(char))
    return " ".join(bare.lower().split())


@pytest.mark.parametrize(
    "text",
    [
        "Talk to\ta HUMAN\x00 please\r\n",
        "".join(map(chr, range(128))),
        "Ich möchte mit einem Menschen sprechen – “sofort”",
        "tаlk to а humаn",
        "ta\u200blk \U000e0061\U000e0062 to a hu\u0301man",
        "تحدث إلى شخص",
    ],
)
def test_both_ways_read_the_same(text):
    assert folded(text) == the_long_way(text)
    assert folded(text * 2) == the_long_way(text * 2)
