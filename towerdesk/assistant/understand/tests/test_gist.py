"""Half of a short mail is greeting and thanks: what is left is what it is about."""

import pytest

from towerdesk.assistant.understand.gist import gist


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hello,\n\nWhere is B-18264?\n\nKind regards\nMara Lindqvist", "Where is?"),
        ("Guten Morgen,\n\nmeine Mühle ist laut.\n\nVielen Dank\nJo Weber\n0170 12", "meine Mühle ist laut."),
        ("Delivery\nDear Brasswell team,\n\nDo you ship to Oslo?", "Delivery\nDo you ship to Oslo?"),
        ("Bonjour Madame, la commande 20777 n'est pas là.\nCordialement", "la commande n'est pas là."),
        ("E3 is on the display, the Solo 2 is dead", "E3 is on the display, the Solo 2 is dead"),
    ],
)
def test_how_it_begins_and_ends_and_the_numbers_of_things_are_left_out(text, left):
    assert gist(text) == left


@pytest.mark.parametrize("text", ["Thanks a lot!", "Danke, aber wo ist das Paket?", "B-18264", "Hello"])
def test_what_is_nothing_else_stays(text):
    assert gist(text) == text


def test_a_thank_you_that_asks_something_stays():
    assert gist("It broke again.\nThanks for nothing, who pays for that now?").endswith("who pays for that now?")


@pytest.mark.parametrize(
    "text", ["hello " + "a" * 30_000 + "\0", "hello" + " " * 30_000 + "x", "a\nhello " + "a " * 9_000]
)
def test_a_long_one_is_read_in_one_pass(text):
    """Anybody can send one: with steps that grow faster than the text this would not end in our lifetime."""
    assert gist(text)
