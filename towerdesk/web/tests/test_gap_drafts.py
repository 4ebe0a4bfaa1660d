"""Ana reads where a procedure stopped, puts a drafted change of it in, takes it back, and sets a gap aside."""

import pytest

from towerdesk.assistant.models import Licence, Procedure
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.publish import publish
from towerdesk.assistant.procedures.write import write
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.rehearsal.models import Draft, Gap

PAGE = """---
key: leaks
intents: [leak]
---

# Help with a leak

## What we need

- place (choice, from customer): Where does it leak?
    - ring: the ring

## Look

- Ask: place
- Say: Turn the ring.
"""
CHANGED = PAGE.replace("ring: the ring", "ring: gasket, the ring")
TRIAL = {
    "tickets": 3, "tickets_fresh": 1, "wins": [1, 2], "wins_fresh": [2], "minutes": 9.0, "others": 5, "moved": [], "breaks": [7],
    "untold": [], "examples": {
        "wins": [{"ticket": 1, "said": "The gasket!", "before": "Handed over", "after": "Done", "people": "Nothing was changed"}],
        "breaks": [{"ticket": 7, "said": "No gasket", "before": "Done", "after": "Asks", "people": "Nothing was changed"}],
        "others": [],
    },
}  # fmt: skip


@pytest.fixture
def procedure(leaks) -> Procedure:
    made = write(None, PAGE, by=CLOCK)
    publish(made, desk_tools(), by=CLOCK)
    return made


@pytest.fixture
def gap(procedure, ticket) -> Gap:
    about = {"slot": "place", "step": "Look"}
    values = {"kind": "slot", "procedure": procedure, "about": about, "why": "They were asked twice", "count": 3}
    return Gap.objects.create(name="Help with a leak: place", tickets=[ticket.pk], **values)


@pytest.fixture
def draft(web, gap) -> Draft:
    web.post(f"/reports/gaps/{gap.pk}/draft")
    rows = [{"text": "“gasket” was said", "tickets": gap.tickets, "times": 1}]
    Draft.objects.update(
        state="open", text=CHANGED, title="More words", sentences=rows, trial=TRIAL, notes=["One word."]
    )
    return Draft.objects.get()


def test_a_gap_of_a_procedure_says_which_step_and_why(web, bens_web, gap, ticket):
    listed = web.get("/reports/gaps").content.decode()
    assert "Where procedures stopped" in listed
    page = web.get(f"/reports/gaps/{gap.pk}").content.decode()

    assert "at “Look”" in page
    assert "Draft a change of it" in page
    assert ticket.subject in page
    assert "What led nowhere" not in page
    assert bens_web.get(f"/reports/gaps/{gap.pk}").status_code == 403


def test_what_no_draft_closes_says_what_does(web, gap):
    Gap.objects.update(kind="unsure", about={})
    page = web.get(f"/reports/gaps/{gap.pk}").content.decode()

    assert "Draft a change" not in page
    assert "More examples on the intent" in page
    assert web.post(f"/reports/gaps/{gap.pk}/draft").status_code == 422


def test_a_gap_is_set_aside_and_taken_up_again(web, gap):
    page = web.post(f"/reports/gaps/{gap.pk}/dismiss", follow=True).content.decode()
    assert "Where procedures stopped" not in page
    assert "1 dismissed" in page

    web.post(f"/reports/gaps/{gap.pk}/restore")
    assert "Where procedures stopped" in web.get("/reports/gaps").content.decode()


def test_before_it_is_put_in_the_page_shows_the_change_the_trial_and_what_it_costs(
    web, leaks, draft, django_assert_max_num_queries
):
    terms = {"threshold": 0.8, "alpha": 0.02, "n": 400, "k": 2, "bound": 0.018, "expires_at": now().replace(year=2099)}
    Licence.objects.create(intent=leaks, kind="action", **terms)
    with django_assert_max_num_queries(15):
        page = web.get(f"/reports/gaps/drafts/{draft.pk}").content.decode()

    assert 'data-sign="+">+     - ring: gasket, the ring' in page
    assert "at most 1.8 % wrong, from 400 graded" in page
    assert "Put it in as version 2" in page
    assert "It would break" in page
    assert "One word." in page


def test_it_is_put_in_as_a_version_and_taken_back(web, procedure, draft):
    here = f"/reports/gaps/drafts/{draft.pk}"
    web.post(f"{here}/publish", {"title": draft.title, "text": CHANGED.replace("gasket", "seal"), "tests": ""})
    procedure.refresh_from_db()
    assert (procedure.current.number, "ring: seal" in procedure.current.text) == (2, True)
    page = web.get(here).content.decode()
    assert "Take it back" in page
    assert "0 graded of this version so far" in page

    web.post(f"{here}/undo")
    procedure.refresh_from_db()
    assert (procedure.current.number, procedure.current.text) == (3, PAGE)


def test_a_text_that_can_not_run_is_not_put_in_and_says_why(web, procedure, draft):
    answer = web.post(
        f"/reports/gaps/drafts/{draft.pk}/publish", {"text": CHANGED.replace("- Ask", "- Aks"), "tests": ""}
    )

    assert answer.status_code == 422
    assert "It is not put in." in answer.content.decode()
    assert procedure.versions.count() == 1
