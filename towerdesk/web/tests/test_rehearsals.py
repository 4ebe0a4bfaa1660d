"""Ana looks back, asks the model, and drafts what is missing; who may not read every ticket sees none of it."""

import pytest

from towerdesk.lib.actor import CLOCK
from towerdesk.rehearsal.models import Draft, Gap, Replay, ReplayItem, Simulation
from towerdesk.rehearsal.past.run import begin, finish
from towerdesk.rehearsal.past.story import Story
from towerdesk.rehearsal.simulator import measure
from towerdesk.rehearsal.simulator.run import settings_of
from towerdesk.rehearsal.tests.conftest import day

LETTER = (
    "Hello Mara,\n\nSend it back.\n\nYou can read more here:\nhttps://help.example/help/returns\n\n"
    "If this does not solve it, just write back and a person takes over."
)
STORY = Story(
    "7",
    day(0),
    "Return",
    "How do I return it?",
    "Mara",
    answer="Dear Mara,\n\nPrint a label.\n\nKind regards\nBen",
    resolved_at=day(1),
)


@pytest.fixture
def replay(desk) -> Replay:
    return begin(stories=[STORY], library=[], source="lines", name="export.jsonl", by=CLOCK)


@pytest.fixture
def done(replay) -> Replay:
    ReplayItem.objects.update(decided=True, reply=LETTER, blind=2, agreement="unknown")
    finish(replay, None)
    return replay


def test_the_list_is_empty_and_says_what_to_expect(web):
    for path, words in (
        ("replays", "Nobody has looked back"),
        ("simulations", "look back first"),
        ("gaps", "Nothing found yet"),
    ):
        page = web.get(f"/reports/{path}")
        assert (page.status_code, words in page.content.decode()) == (200, True)


def test_ben_who_may_not_read_every_ticket_sees_none_of_it(bens_web, replay):
    for path in ("replays", f"replays/{replay.pk}", f"replays/{replay.pk}.json", "simulations", "gaps"):
        assert bens_web.get(f"/reports/{path}").status_code == 403
    assert "Time machine" not in bens_web.get("/reports").content.decode()


def test_looking_back_begins_by_a_form_and_can_be_stopped_resumed_and_removed(web, replay):
    assert web.post("/reports/replays", {"last": "x", "retrain": "7"}).status_code == 422
    assert "nothing to look back on" in web.post("/reports/replays", {"last": "5", "retrain": "7"}).content.decode()
    here = f"/reports/replays/{replay.pk}"

    web.post(f"{here}/stop")
    assert Replay.objects.get().state == "stopping"
    Replay.objects.update(state="stopped")
    web.post(f"{here}/resume")
    assert Replay.objects.get().state == "waiting"
    Replay.objects.update(state="stopped")
    web.post(f"{here}/remove")
    assert not Replay.objects.exists()


def test_a_report_shows_its_figures_and_gives_them_as_json(web, done, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        page = web.get(f"/reports/replays/{done.pk}").content.decode()

    assert "Licences it would have earned" in page
    assert "Grade 1 blind" in page
    assert web.get(f"/reports/replays/{done.pk}.json").json()["tickets"] == 1


def test_two_answers_are_graded_without_knowing_whose_they_are_and_it_can_be_undone(web, done):
    here = f"/reports/replays/{done.pk}/sample"
    page = web.get(here).content.decode()
    assert page.index("Print a label.") < page.index("Send it back.")
    assert "Hello Mara" not in page
    assert "a person takes over" not in page
    item = ReplayItem.objects.get()

    assert web.post(here, {"item": item.pk, "first": "right"}).status_code == 422
    web.post(here, {"item": item.pk, "first": "right", "second": "wrong"})

    item.refresh_from_db()
    assert (item.blind_person, item.blind_assistant, item.verdict, item.measured_by) == (True, False, "wrong", "blind")
    web.post(f"{here}/{item.pk}/back")
    item.refresh_from_db()
    assert (item.blind_at, item.verdict) == (None, "")


def test_a_simulation_is_drawn_beside_how_far_the_model_is_off(web, done):
    figures = {name: {"mean": 1.0, "low": 0.5, "high": 1.5} for name in measure.NAMES}
    change = {name: {"share": {"mean": -0.1, "low": -0.2, "high": 0.0}} for name in measure.NAMES}
    one = {
        "figures": figures,
        "change": change,
        "licences": [],
        "backlog": {"mean": [1, 2, 3], "low": [0, 1, 2], "high": [2, 3, 4]},
        "spread": [1 / 12] * 12,
    }
    told = {
        "names": measure.NAMES,
        "bins": [float(edge) for edge in measure.BINS[:-1]],
        "world": {"a_week": 10, "people": 2, "weeks": 8},
        "check": {
            "load": 0.1,
            "pickup": 1.0,
            "rows": {"backlog": {"log": 1.0, "model": figures["backlog"], "off": 0.1}},
        },
        "replay": {"error": None},
        "scenarios": [
            one | {"scenario": {"name": "Without autonomy", "autonomy": False}, "against": ""},
            one | {"scenario": {"name": "With autonomy", "autonomy": True}, "against": "Without autonomy"},
        ],
    }
    found = Simulation.objects.create(replay=done, settings=settings_of(), state="done", result=told, by_name="Ana")

    page = web.get(f"/reports/simulations/{found.pk}").content.decode()

    assert "−10.0 %" in page
    assert page.count('<svg class="plot"') == 2
    assert web.get(f"/reports/simulations/{found.pk}.json").json()["state"] == "done"
    assert web.post("/reports/simulations", {"people": "one"}).status_code == 422
    web.post(f"/reports/simulations/{found.pk}/remove")
    assert not Simulation.objects.exists()


def test_a_gap_is_drafted_tried_published_and_taken_back_at_the_desk(web, ticket, article):
    gap = Gap.objects.create(name="milk, foam", why="No article answers this", tickets=[ticket.pk], count=1, minutes=5)
    assert ticket.subject in web.get(f"/reports/gaps/{gap.pk}").content.decode()

    answer = web.post(f"/reports/gaps/{gap.pk}/draft")
    made = Draft.objects.get()
    assert answer.headers["Location"] == f"/reports/gaps/drafts/{made.pk}"
    assert "Is being made" in web.get(answer.headers["Location"]).content.decode()
    Draft.objects.update(state="open", text="Use cold milk.")

    here = f"/reports/gaps/drafts/{made.pk}"
    web.post(f"{here}/try", {"title": "Milk", "text": "Use cold whole milk."})
    assert Draft.objects.get().state == "trying"
    Draft.objects.update(state="open")
    web.post(f"{here}/publish", {"title": "Milk", "text": "Use cold whole milk.", "into": ""})
    made.refresh_from_db()
    assert (made.state, made.title) == ("merged", "Milk")
    assert "Take it back" in web.get(here).content.decode()
    web.post(f"{here}/undo")
    web.post(f"{here}/drop")
    made.refresh_from_db()
    assert made.state == "dropped"
