from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data import data
from towerdesk.knowledge.chunk import FEWEST, MOST, chunks, size, title_of

RETURNS = """---
title: "Sending a grinder back"
---
# Sending a grinder back

You have 30 days.

## What to pack

- the grinder
- the burr brush
- the slip

## Refunds

### By card

{card}

### By voucher

{voucher}
"""


def words(count, word="coffee"):
    return " ".join([word] * count) + "."


def returns():
    return RETURNS.format(card=words(90), voucher=words(70, "voucher"))


def test_every_chunk_is_a_span_of_the_source():
    source = returns()
    assert [chunk.text for chunk in chunks(source)] == [source[chunk.start : chunk.end] for chunk in chunks(source)]


def test_the_headings_above_a_chunk_are_kept():
    paths = [chunk.path for chunk in chunks(returns())]
    assert paths == [(), ("Refunds", "By voucher")]
    assert {chunk.title for chunk in chunks(returns())} == {"Sending a grinder back"}


def test_what_is_embedded_reads_as_title_headings_and_plain_words():
    [*_, last] = chunks("# Returns\n\n## By **card**\n\nSee [the form](https://x.example/f) and pack `it`.")
    assert last.meaning == "Returns. By card.\nSee the form and pack it."


def test_a_list_of_steps_stays_whole():
    steps = "\n".join(f"{number}. Turn the knob {words(5)}" for number in range(1, 12))
    found = chunks(f"# Descaling\n\n{words(100)}\n\n{steps}\n\n{words(100)}")
    assert [chunk.text.count("Turn the knob") for chunk in found if "Turn" in chunk.text] == [11]


def test_long_sections_are_cut_and_short_ones_join():
    lengths = [size(chunk.text) for chunk in chunks("# T\n\n" + "\n\n".join(words(50) for _ in range(20)))]
    assert len(lengths) == 7
    assert all(FEWEST <= length <= MOST for length in lengths[:-1])


def test_a_paragraph_of_a_thousand_words_is_cut_between_sentences():
    found = chunks("# T\n\n" + " ".join(words(20) for _ in range(50)))
    assert all(size(chunk.text) <= MOST and chunk.text.endswith(".") for chunk in found)


def test_text_without_spaces_is_cut_too():
    found = chunks("# 退货\n\n" + "咖啡研磨机可以退回。" * 400)
    assert len(found) > 1
    assert all(size(chunk.text) <= MOST for chunk in found)


def test_a_heading_inside_code_is_not_a_heading():
    found = chunks("# Setup\n\n```\n# not a heading\n```\n")
    assert [chunk.path for chunk in found] == [()]


def test_line_ends_of_windows_keep_the_spans_right():
    source = "# Returns\r\n\r\n## Card\r\n\r\nPack it.\r\n\r\n> Then send it.\r\n"
    [one] = chunks(source)
    assert one.text == source[one.start : one.end] == "Pack it.\r\n\r\n> Then send it."


def test_the_title_is_front_matter_or_first_heading():
    assert title_of(returns()) == "Sending a grinder back"
    assert title_of("Returns\n=======\n\ntext") == "Returns"
    assert title_of("only text") is None


def test_an_empty_article_has_no_chunks():
    assert chunks("") == chunks("# Only a title\n") == chunks("---\ntitle: x\n---\n") == []


def test_real_documentation_loses_no_words():
    for file in sorted(data("kb-healthchecks-docs").glob("*.md")):
        source = file.read_text()
        found = chunks(source)
        kept = sum(len(chunk.text.split()) for chunk in found)
        assert kept >= 0.9 * len(source.split()), file.name
        assert all(chunk.text == source[chunk.start : chunk.end] for chunk in found)
        assert [chunk.start for chunk in found] == sorted(chunk.start for chunk in found)


@settings(deadline=None)
@given(st.text(alphabet="ab #-*`>|\n\r\t.1[](){}<!\\_~é\x0b\x0c\u2028", max_size=300))
def test_any_text_can_be_cut(source):
    end = 0
    for chunk in chunks(source):
        assert end <= chunk.start < chunk.end
        assert chunk.text == source[chunk.start : chunk.end]
        end = chunk.end
