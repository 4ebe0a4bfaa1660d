"""Hours as people write them."""

import pytest

from towerdesk.hours.words import read_days, read_hours, say_days, say_hours
from towerdesk.lib.errors import Invalid


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("09:00–12:00, 13:00–17:00", ((540, 720), (780, 1020))),
        ("13 to 17 and 9-12", ((540, 720), (780, 1020))),
        ("9.30 - 17.15", ((570, 1035),)),
        ("22:00-24:00", ((1320, 1440),)),
        ("closed", ()),
        ("all day", ((0, 1440),)),
    ],
)
def test_hours_are_read_and_said_again(text, hours):
    assert read_hours(text, "Monday") == hours
    assert read_hours(say_hours(hours), "Monday") == hours


def test_days_are_read_and_said_again():
    text = "2026-12-24 09:00–12:00 # Christmas Eve\n2026-12-31 closed"

    assert say_days(read_days(text)) == text


def test_what_cannot_be_read_says_where():
    with pytest.raises(Invalid, match="2026-12-24: “nine” can't be understood"):
        read_days("2026-12-24 nine")
