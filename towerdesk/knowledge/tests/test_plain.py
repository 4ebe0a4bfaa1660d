import pytest

from towerdesk.knowledge.plain import plain


@pytest.mark.parametrize(
    ("markdown", "read"),
    [
        ("**Press** the _red_ button", "Press the red button"),
        ("see [the form](https://a.example/x(1)) now", "see the form) now"),
        ("mail <mailto:ana@roast.example>", "mail mailto:ana@roast.example"),
        ("1. one\n2. two", "one\ntwo"),
        ("- [x](y)\n* z", "x\nz"),
        ("| A | B |\n|---|---|\n| 1 | 2 |", "A B\n1 2"),
        ("```sh\nls -l\n```", "ls -l"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("AT&amp;T \\*really\\*", "AT&T *really*"),
        ("# Heading\n\n> quote", "Heading\nquote"),
        ("<b>bold</b> <!-- gone -->", "bold"),
    ],
)
def test_a_reader_sees_words_not_markdown(markdown, read):
    assert plain(markdown) == read
