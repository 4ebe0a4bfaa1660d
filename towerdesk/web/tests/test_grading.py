"""Ana and Ben grade, one decision after the other."""

import pytest

from towerdesk.assistant import terms
from towerdesk.assistant.models import Grade, Licence, Run, SecondGrade
from towerdesk.assistant.queue import agreement, next_to_grade
from towerdesk.events.models import Event
from towerdesk.insights.models import TicketFact
from towerdesk.lib.clock import now
from towerdesk.testing import cast
from towerdesk.testing.evidence import decided


@pytest.fixture
def runs(ticket, leaks) -> list[Run]:
    return decided(ticket, leaks, [None, None, None], outcome="shadow", score=0.8137)


def test_one_after_the_other_by_one_key_each(web, runs):
    page = web.get("/grade").content.decode()
    assert f'action="/grade/{runs[0].pk}"' in page
    assert all(f'data-key="{key}"' in page for key in "yns123456")

    after = web.post(f"/grade/{runs[0].pk}", {"says": "wrong_fact", "seconds": "4.2"}, follow=True).content.decode()

    grade = Grade.objects.get(run=runs[0])
    assert (grade.right, grade.reason, grade.seconds, grade.by_name) == (False, "wrong_fact", 4.2, "Ana Reyes")
    assert grade.note == "Says something that is not so"
    assert f'action="/grade/{runs[1].pk}"' in after
    assert "<b data-done>1</b> graded today, 4 s each" in after


def test_the_next_one_is_on_the_page_already(web, runs):
    page = web.get("/grade").content.decode()
    assert page.index(f"/grade/{runs[0].pk}") < page.index("data-next") < page.index(f'/grade/{runs[1].pk}"')

    part = web.post(f"/grade/{runs[0].pk}", {"says": "right", "ahead": str(runs[1].pk)}).content.decode()

    assert f'data-run="{runs[2].pk}"' in part
    assert "<html" not in part


def test_graders_see_no_score_and_no_fate(web, runs):
    page = web.get("/grade").content.decode()

    assert "How?" in page
    assert "In 30 days." in page
    assert "0.81" not in page
    assert "shadow" not in page


def test_the_last_one_is_taken_back(web, bens_web, runs):
    web.post(f"/grade/{runs[0].pk}", {"says": "right"})
    assert bens_web.post(f"/grade/{runs[0].pk}/undo").status_code == 409

    web.post(f"/grade/{runs[0].pk}/undo")

    assert not Grade.objects.exists()
    assert Event.objects.filter(kind="assistant.ungraded").count() == 1
    assert f'action="/grade/{runs[0].pk}"' in web.get("/grade").content.decode()


def test_two_who_cannot_tell_make_it_wrong(web, bens_web, runs):
    web.post(f"/grade/{runs[0].pk}", {"says": "unsure"})
    assert not Grade.objects.exists()
    assert f'data-run="{runs[1].pk}"' in web.get("/grade").content.decode()

    bens_web.post(f"/grade/{runs[0].pk}", {"says": "unsure"})

    grade = Grade.objects.get()
    assert (grade.right, grade.verdict) == (False, "unsure")


def test_audits_come_first_then_what_came_back_then_what_may_soon_be_licensed(ticket, leaks, desk, mara, ana):
    licence = Licence.objects.create(intent=leaks, threshold=0.5, alpha=0.05, n=99, k=0, bound=0.04, expires_at=now())
    [watched] = decided(ticket, leaks, [None], outcome="shadow")
    back = cast.opened(desk, mara)
    TicketFact.objects.create(ticket_id=back.pk, opened_at=now(), recontact=True)
    [again] = decided(back, leaks, [None], outcome="sent", licence=licence, asked=False)
    [audit] = decided(ticket, leaks, [None], outcome="sent", licence=licence)
    decided(ticket, leaks, [None], outcome="sent", licence=licence, asked=False)  # neither drawn nor come back

    found = []
    while run := next_to_grade(ana, besides=found):
        found.append(run.pk)
    assert found == [audit.pk, again.pk, watched.pk]


def test_a_second_person_is_asked_without_knowing_and_agreement_is_told(web, bens_web, ben, runs, ana):
    terms.set_terms(second_share=1.0, by=ana)
    for run in runs:
        web.post(f"/grade/{run.pk}", {"says": "right" if run != runs[2] else "wrong"})
    assert next_to_grade(ana) is None

    for _ in range(3):
        run = next_to_grade(ben)
        bens_web.post(f"/grade/{run.pk}", {"says": "right" if run == runs[0] else "wrong"})

    told = agreement()
    assert (SecondGrade.objects.count(), told.pairs, told.same) == (3, 3, 2)
    assert told.kappa == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
    assert Grade.objects.get(run=runs[1]).right  # the first one is what counts
    assert "2 of 3 second opinions agree (κ 0.40)" in web.get("/grade").content.decode()


def test_an_empty_queue_says_so(web, desk):
    assert "Nothing waits for a grade" in web.get("/grade").content.decode()


def test_who_may_not_read_a_ticket_does_not_grade_it(runs, desk):
    from towerdesk.web.tests.conftest import signed_in

    stranger = signed_in(cast.agent("Vera Novak", role="viewer"))
    assert stranger.get("/grade").status_code == 403
    assert stranger.post(f"/grade/{runs[0].pk}", {"says": "right"}).status_code == 403
