"""Procedures on their pages: Olga writes one, is told what is wrong with it, and lets it run."""

import re
from html import unescape

import pytest

from towerdesk.assistant.models import Procedure, ProcedureRun
from towerdesk.assistant.procedures import compile_procedure
from towerdesk.assistant.procedures.runs import start
from towerdesk.assistant.procedures.write import write
from towerdesk.connectors import registry
from towerdesk.connectors.contract import Argument, ToolSpec
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.lib.actor import CLOCK
from towerdesk.testing import cast
from towerdesk.web.graphs import draw

STATUS = r"""---
intents: [order-status]
---

# Say how an order stands

## What we need

- order (text like BW-\d+): The number of your order

## Look it up

- Ask: order
- Read: found = shop.get_order(order=order)
- Require: has(found)
- Otherwise ask again for order: We find no order {order}.
- Say: {order} is {found.status}.
"""
TESTS = """
- test: It is found
  says: ["Where is it?", "BW-7"]
  tools: {shop.get_order: {status: packed}}
  expect: {asks: [order], ends: done, says: BW-7 is packed}
"""
LIST = """1. Pull up the account
   - ask for the full name
2. Offer the refund: at most 50
"""


def text_of(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.fixture
def shop(desk):
    spec = ToolSpec("get_order", "Look up an order", arguments=(Argument("order"),), effect="read")
    yield connect("shop", FakeTool(spec))
    registry.put("fake", None)


@pytest.fixture
def status(web, shop):
    web.post("/procedures/new", {"text": STATUS, "publish": "1"})
    return Procedure.objects.get()


def test_olga_writes_a_procedure_and_lets_it_run(web, status):
    page = web.get(f"/procedures/{status.key}")

    assert (status.status, status.current.number, status.intents) == ("published", 1, ["order-status"])
    assert "Say how an order stands" in text_of(web.get("/procedures"))
    assert "shop.get_order" in text_of(page)
    assert '<svg class="graph"' in page.content.decode()


def test_what_is_wrong_is_said_with_its_line_as_one_types(web, shop):
    said = text_of(web.post("/procedures/preview", {"text": STATUS.replace("order=order", "number=order")}))
    fine = text_of(web.post("/procedures/preview", {"text": STATUS}))

    assert "Line 14 “shop.get_order” takes no “number”: it takes order." in said
    assert "It can run." in fine


def test_a_faulty_text_is_kept_as_a_draft_but_does_not_run(web, status):
    answer = web.post(f"/procedures/{status.key}/edit", {"text": STATUS + "- Sya: bye\n", "based_on": 1, "publish": 1})

    status.refresh_from_db()
    assert answer.status_code == 422
    assert "It is kept as a draft, but not published. Line 18:" in text_of(answer)
    assert (status.current.number, status.versions.count()) == (1, 2)
    assert web.post(f"/procedures/{status.key}/publish").status_code == 422


def test_tests_run_as_one_types_and_a_failing_one_is_not_published(web, shop):
    said = text_of(web.post("/procedures/preview", {"text": STATUS, "tests": TESTS}))
    failing = TESTS.replace("is packed}", "is sent}")
    answer = web.post("/procedures/new", {"text": STATUS, "tests": failing, "publish": "1"})

    assert "Passes: It is found" in said
    assert answer.status_code == 422
    assert "The test “It is found” fails: It says “BW-7 is packed.”, without “BW-7 is sent”." in text_of(answer)
    assert Procedure.objects.get().status == "draft"
    assert "Fails: It is found" in text_of(web.get("/procedures/say-how-an-order-stands"))
    assert "The tests are no YAML" in text_of(web.post("/procedures/preview", {"text": STATUS, "tests": "a: ["}))


def test_two_who_write_at_once_do_not_lose_anything(web, status):
    web.post(f"/procedures/{status.key}/edit", {"text": STATUS + "- Say: Bye.\n", "based_on": 1})
    late = web.post(f"/procedures/{status.key}/edit", {"text": STATUS + "- Say: Ciao.\n", "based_on": 1})

    assert late.status_code == 409
    assert "Say: Ciao." in late.content.decode()


def test_an_old_version_is_compared_and_brought_back(web, status):
    web.post(f"/procedures/{status.key}/edit", {"text": STATUS + "- Say: Bye.\n", "based_on": 1, "publish": 1})
    page = text_of(web.get(f"/procedures/{status.key}/versions/1"))
    web.post(f"/procedures/{status.key}/versions/1")

    status.refresh_from_db()
    assert "+ - Say: Bye." in page
    assert (status.current.number, status.versions.first().number) == (2, 3)
    assert status.versions.first().text == STATUS


def test_a_retired_one_is_not_begun_and_comes_back(web, status):
    web.post(f"/procedures/{status.key}/retire")
    assert not Procedure.objects.published().exists()

    web.post(f"/procedures/{status.key}/publish")
    assert Procedure.objects.published().exists()


def test_one_intent_has_one_procedure(web, status):
    answer = web.post("/procedures/new", {"text": STATUS.replace("# Say", "# Tell"), "publish": "1"})

    assert answer.status_code == 422
    assert "“Say how an order stands” is the procedure for order-status already" in text_of(answer)


def test_a_list_that_somebody_has_becomes_a_checklist(web):
    answer = web.post("/procedures/from-list", {"title": "Refund by hand", "steps": LIST})
    made = Procedure.objects.get()

    assert answer.url == f"/procedures/{made.key}/edit"
    procedure = compile_procedure(made.versions.get().text, {})
    assert [step.title for step in procedure.steps] == ["Pull up the account", "Offer the refund"]
    assert procedure.nodes[0].points == ("ask for the full name",)
    page = text_of(web.get(f"/procedures/{made.key}"))
    assert (
        "As the checklist of whoever goes by it Pull up the account Pull up the account ask for the full name" in page
    )
    assert web.post("/procedures/from-list", {"title": "Empty", "steps": " "}).status_code == 422


def test_who_may_not_change_procedures_reads_what_is_published(bens_web, shop):
    write(None, STATUS, by=CLOCK)

    assert bens_web.get("/procedures/say-how-an-order-stands").status_code == 404
    assert bens_web.post("/procedures/new", {"text": STATUS}).status_code == 403
    assert bens_web.post("/procedures/preview", {"text": STATUS}).status_code == 403
    Procedure.objects.update(status="published")
    assert bens_web.get("/procedures/say-how-an-order-stands").status_code == 200
    assert bens_web.post("/procedures/say-how-an-order-stands/retire").status_code == 403


def test_no_box_of_a_picture_lies_upon_another():
    text = """# Everything
## What we need
- a (number, optional): A number
- many (list of number): Numbers
## First
- Ask: a, many
- If has(a):
  - Say: One
  - If has(a):
    - Say: Two
  - Otherwise:
    - Hand over: It is odd
- Otherwise:
  - For each one in many:
    - If one > 3:
      - Say: {one}
- Require: count(many) > 1
- Otherwise ask again for many: More, please
- Go to: Last
## Never
- Say: x
## Last
- Done
"""
    text = text.replace("## Never\n- Say: x\n", "")
    graph = draw(compile_procedure(text, {}))
    places = {(box.x, box.y) for box in graph.boxes}

    assert len(places) == len(graph.boxes) == len(compile_procedure(text, {}).nodes)
    assert any(edge.back for edge in graph.edges)
    assert all(box.x >= 0 and box.right <= graph.width and box.low <= graph.height for box in graph.boxes)


def test_the_list_says_how_often_each_ran_and_how_that_ended(
    web, status, desk, mara, jonas, django_assert_max_num_queries
):
    for person, state in ((mara, "done"), (mara, "refused"), (jonas, "handed_over"), (jonas, "asking")):
        run = start(cast.opened(desk, person), status.current, None, language="en")
        ProcedureRun.objects.filter(pk=run.pk).update(state=state)

    with django_assert_max_num_queries(15):
        shown = text_of(web.get("/procedures"))
    with django_assert_max_num_queries(15):
        page = text_of(web.get(f"/procedures/{status.key}"))
    assert "4 , 1 done , 1 refused , 1 to a person , 1 under way" in shown
    assert "Waits for an answer" in page
    assert "The rules do not allow it" in page


def test_a_picture_marks_what_is_wrong_in_it(web, shop):
    page = web.post("/procedures/preview", {"text": STATUS.replace("order=order", "number=order")})

    assert 'class="node read wrong" data-line="14"' in page.content.decode()
