from datetime import UTC, datetime, timedelta

import pytest

from towerdesk.web.words import due_words, score_words, size_words, span_words, when_words

TUESDAY = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        (-18, "18 m late"),
        (-60 * 26, "1 day late"),
        (0, "under 1 m"),
        (9, "9 m"),
        (70, "1 h 10 m"),
        (60 * 9 + 59, "9 h 59 m"),
        (60 * 20, "Wed 10:00"),
        (60 * 24 * 40, "3 Jan 2027"),
    ],
)
def test_a_due_time_is_said_as_people_say_it(minutes, says):
    assert due_words(TUESDAY + timedelta(minutes=minutes), TUESDAY) == says


def test_a_moment_today_is_a_time_and_in_this_week_a_day():
    assert when_words(TUESDAY - timedelta(hours=5), TUESDAY) == "09:00"
    assert when_words(TUESDAY - timedelta(days=1), TUESDAY) == "Mon 14:00"
    assert when_words(TUESDAY - timedelta(days=30), TUESDAY) == "25 Oct"


def test_a_score_is_cut_so_that_it_never_looks_better_than_it_is():
    assert score_words(0.939) == ".93"
    assert score_words(1.0) == "1.0"
    assert score_words(0.05) == ".05"


def test_sizes_and_spans():
    assert [size_words(size) for size in (812, 14_200, 1_800_000)] == ["812 B", "14 kB", "1.8 MB"]
    assert span_words(timedelta(days=3, hours=2)) == "3 days"
