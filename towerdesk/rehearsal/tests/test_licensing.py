"""Which licences a past would have earned: by the same certificate as on the desk, and never by what came later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from towerdesk.rehearsal.past.licensing import MEASURED, Decided, Policy, license_past
from towerdesk.rehearsal.tests.conftest import day

ONE = Decided("0", day(0), "returns", "information", 0.9, True, 0, 1, "right", "grade", day(0) + timedelta(hours=2))


def past(count: int, *, wrong: int = 0, **values: object) -> list[Decided]:
    """One every three hours; the wrong ones first."""
    return [
        replace(
            ONE,
            key=str(number),
            at=day(number / 8),
            known_at=day(number / 8) + timedelta(hours=2),
            verdict="wrong" if number < wrong else "right",
            **values,
        )
        for number in range(count)
    ]


def test_a_licence_is_earned_after_59_right_ones_and_answers_what_comes_then():
    earned, alone = license_past(past(120), Policy())

    [licence] = earned
    assert licence.since > day(59 / 8)
    assert (licence.k, licence.bound <= 0.05) == (0, True)
    assert min(map(int, alone)) >= 59
    assert len(alone) > 30


@pytest.mark.parametrize(
    "changed",
    [
        {"risk": "money"},
        {"eligible": False},
        {"measured_by": "words"},
        {"known_at": day(999)},
    ],
)
def test_what_gives_no_licence(changed):
    decided = [replace(one, **changed) for one in past(120)]

    assert license_past(decided, Policy())[1] == set()


def test_agreement_counts_only_when_asked_for():
    assert license_past(past(120, measured_by="words"), Policy(evidence=MEASURED))[1]


def test_new_heads_end_a_licence():
    before, after = (
        past(80),
        [replace(one, key=f"b{one.key}", at=one.at + timedelta(days=10), period=1) for one in past(20)],
    )

    earned, alone = license_past([*before, *after], Policy())

    assert earned[0].why == "The heads were trained again"
    assert not any(key.startswith("b") for key in alone)


def test_an_article_that_changed_takes_its_grades_along():
    published = lambda moment: {1} if moment < day(10) else {2}  # noqa: E731

    earned, _ = license_past(past(120), Policy(), published)

    assert earned[0].until is not None
    assert earned[0].until >= day(10)


def test_errors_keep_a_licence_away_and_a_level_holds_it_back():
    assert license_past(past(90, wrong=8), Policy())[1] == set()
    assert license_past(past(120), Policy(levels={"returns": "suggest"}))[1] == set()
