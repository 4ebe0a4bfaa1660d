"""Tests beside a procedure, and what they say when it does something else."""

import re
from textwrap import dedent

import pytest

from tests.house.tree import ROOT
from towerdesk.assistant.procedures import compile_procedure
from towerdesk.assistant.procedures.tests.tools import TOOLS
from towerdesk.assistant.procedures.trials import read_trials, try_all
from towerdesk.lib.errors import Invalid

CANCEL = r"""---
risk: money
---
# Cancel an order
## What we need
- order (text like `BW-\d{5}`): The number of your order
## Find it
- Ask: order
- Read: found = shop.order(number=order, email=requester.email)
- Require: has(found)
- Otherwise ask again for order: We can't find {order}.
- Require: found.status is "pending"
- Otherwise refuse: Order {order} has already left us.
## Cancel it
- Confirm: We cancel order {order}.
- Approve if found.total > 200: It is more than 200
- Write: cancelled = shop.cancel_order(number=order, email=requester.email)
- Read: after = shop.order(number=order, email=requester.email)
- Check: after.status is "cancelled"
- Say: Order {order} is cancelled.
"""
PENDING, GONE = "{status: pending, total: 300}", "{status: sent, total: 3}"


def verdict(test, text=CANCEL):
    [found] = try_all(compile_procedure(text, TOOLS), dedent(test))
    return found


def test_a_whole_conversation_is_played_with_its_approval():
    found = verdict(f"""
        - test: It is cancelled
          requester: {{email: mara@example.com}}
          says: ["Cancel my order please", "It is BW-10001", "Yes, please do", yes]
          tools:
            shop.order: {PENDING}
            shop.cancel_order: {{}}
          afterwards: {{shop.order: {{status: cancelled}}}}
          expect:
            asks: [order]
            does: [{{shop.cancel_order: {{number: BW-10001, email: mara@example.com}}}}]
            ends: done
            says: is cancelled
        """)

    assert found.passed, found
    assert "Asks for a yes: We cancel order BW-10001." in found.trace


def test_a_guard_that_refuses_is_traced():
    found = verdict(f"""
        - test: It has left
          slots: {{order: BW-10001}}
          tools: {{shop.order: {GONE}}}
          expect: {{does: [], ends: refused}}
        """)

    assert found.passed
    assert 'Line 12: does not hold: found.status is "pending"' in found.trace


def test_what_is_otherwise_is_said_in_sentences():
    found = verdict(f"""
        - test: Wrong in every respect
          says: ["Cancel my order"]
          tools: {{shop.order: {PENDING}}}
          expect: {{asks: [reason], does: [shop.cancel_order], ends: done, says: cancelled}}
        """)

    assert found.wrong == (
        "It asks for order, not for reason.",
        "It does nothing, not shop.cancel_order().",
        "It ends as “asks”, not as “done”.",
        "It says “”, without “cancelled”.",
    )


def test_a_change_that_fails_and_one_that_is_not_seen_hand_over():
    for answers in ("{fails: The shop is closed}", "{}"):
        found = verdict(f"""
            - test: It does not come about
              slots: {{order: BW-10001}}
              says: [yes, yes]
              tools: {{shop.order: {PENDING}, shop.cancel_order: {answers}}}
              expect: {{does: [shop.cancel_order], ends: handed over}}
            """)
        assert found.passed, found


def test_a_list_answers_one_thing_after_the_other():
    text = """# Say how they stand
## What we need
- many (list of text like B\\d): Their numbers
## Say it
- Ask: many
- For each one in many:
    - Read: found = shop.order(number=one, email=requester.email)
    - Say: {one} is {found.status}.
"""
    found = verdict(
        """
        - test: Two
          says: ["B1 and B2"]
          tools: {shop.order: [{status: open}, {status: sent}]}
          expect: {ends: done, says: "B1 is open.\\n\\nB2 is sent."}
        """,
        text,
    )

    assert found.passed, found


def test_a_tool_of_which_the_test_says_nothing_is_told():
    found = verdict("""
        - test: No answer
          slots: {order: BW-10001}
          expect: {ends: done}
        """)

    assert "The test does not say what shop.order answers." in found.trace[-1]
    assert not found.passed


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [", "The tests are no YAML"),
        ("a: 1", "The tests are a list"),
        ("- test: x", "Test “x” can't be read: expect: field required."),
        ("- {test: x, expect: {ends: gone}}", "Test “x” can't be read: expect.ends: input should be"),
        ("- {test: x, epxect: {}}", "Test “x” can't be read"),
        ("- 7", "Test “1” can't be read"),
    ],
)
def test_what_can_not_be_read_is_said(text, sentence):
    with pytest.raises(Invalid, match=sentence.replace("(", r"\(")):
        read_trials(text)


def test_the_example_of_the_guide_can_be_read():
    [example] = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/howto/test-a-procedure.md").read_text(), re.S)

    [trial] = read_trials(example)
    assert trial.says == ["Please cancel my order B-10001, I ordered the wrong one", "Yes please"]
