"""Which licences a past would have earned: by the same certificates as on the desk, and never by what came later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from towerdesk.assistant import betting
from towerdesk.assistant.policy import DELTA
from towerdesk.rehearsal.past.book import MEASURED, Decided, Policy
from towerdesk.rehearsal.past.licensing import license_past
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


def test_a_licence_is_earned_by_bets_and_answers_what_comes_then():
    earned, alone = license_past(past(160), Policy())

    [licence] = earned
    needed = betting.needed(0, licence.alpha, DELTA)
    assert licence.since > day(needed / 8)
    assert (licence.k, licence.bound <= 0.05) == (0, True)
    assert min(map(int, alone)) >= needed
    assert len(alone) > 60


def test_intents_with_few_grades_earn_one_together():
    shared = [replace(one, intent=f"intent-{number % 5}") for number, one in enumerate(past(160))]

    earned, alone = license_past(shared, Policy())

    [licence] = earned
    assert licence.intent == "information together"
    assert licence.members == {f"intent-{number}" for number in range(5)}
    assert len(alone) > 60


def test_a_member_that_is_worse_is_left_out_and_its_errors_count():
    many = [replace(one, intent=f"intent-{number % 10}") for number, one in enumerate(past(900))]
    some = [replace(one, verdict="wrong") if one.intent == "intent-3" and int(one.key) % 4 else one for one in many]

    earned, alone = license_past(some, Policy(alpha={"information": 0.2}))

    together = next(licence for licence in reversed(earned) if licence.intent == "information together")
    assert "intent-3" not in together.members
    assert together.k > 5
    last = {one.intent for one in some if one.key in alone and int(one.key) > 700}
    assert last == {f"intent-{number}" for number in range(10)} - {"intent-3"}


def test_audits_take_a_licence_back_for_good():
    good, bad = past(160), past(600)[160:]
    turned = [*good, *(replace(one, verdict="wrong") for one in bad)]

    earned, alone = license_past(turned, Policy(audited=0.5))

    assert "audited were wrong" in earned[0].why
    assert max(map(int, alone)) < 220


def test_what_rests_on_an_article_that_nobody_was_graded_on_goes_to_people():
    known = [replace(one, version=7, known_at=None) if int(one.key) > 150 else one for one in past(180)]

    _, alone = license_past(known, Policy())

    assert alone
    assert max(map(int, alone)) <= 150


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
    decided = [replace(one, **changed) for one in past(160)]

    assert license_past(decided, Policy())[1] == set()


def test_agreement_counts_only_when_asked_for():
    assert license_past(past(160, measured_by="words"), Policy(evidence=MEASURED))[1]


def test_new_heads_end_a_licence():
    before, after = (
        past(120),
        [replace(one, key=f"b{one.key}", at=one.at + timedelta(days=15), period=1) for one in past(20)],
    )

    earned, alone = license_past([*before, *after], Policy())

    assert earned[0].why == "The heads were trained again"
    assert not any(key.startswith("b") for key in alone)


def test_an_article_that_changed_takes_its_grades_along():
    published = lambda moment: {1} if moment < day(15) else {2}  # noqa: E731

    earned, _ = license_past(past(160), Policy(), published)

    assert earned[0].until is not None
    assert earned[0].until >= day(15)


def test_errors_keep_a_licence_away_and_a_level_holds_it_back():
    assert license_past(past(160, wrong=12), Policy())[1] == set()
    assert license_past(past(160), Policy(levels={"returns": "suggest"}))[1] == set()
