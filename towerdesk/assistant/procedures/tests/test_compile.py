"""Olga writes down how orders are cancelled at her shop. It compiles, or she is told line by line why not."""

import json
import re
from textwrap import dedent

import pytest

from tests.house.tree import ROOT
from towerdesk.assistant.procedures import Faulty, compile_procedure, lint
from towerdesk.assistant.procedures.compile import Front
from towerdesk.assistant.procedures.expressions import FUNCTIONS
from towerdesk.assistant.procedures.lines import WORDS
from towerdesk.assistant.procedures.model import after
from towerdesk.assistant.procedures.schema import schema
from towerdesk.assistant.procedures.tests.tools import TOOLS

CANCEL = r"""---
intents: [order-cancel]
risk: money
---

# Cancel an order

An order can be cancelled until it has left us.

## What we need

- order (text like `BW-\d{5}`, from customer): The number of your order
    - de: Die Nummer Ihrer Bestellung
- reason (choice, from customer, optional): Why you no longer want it
    - no longer needed: changed my mind, don't need it
    - ordered by mistake: by mistake

## Find the order

- Ask: order, reason
- Read: found = shop.order(number=order, email=requester.email)
- Require: has(found)
- Otherwise ask again for order: We can't find an order {order} of yours.
- Require: found.status is "pending"
- Otherwise refuse: Order {order} has already left us.

## Cancel it

- Confirm: We cancel order {order} and give {found.total} back.
    - de: Wir stornieren {order} und erstatten {found.total}.
- Approve if found.total > 200: It is more than 200
- Write: cancelled = shop.cancel_order(number=order, email=requester.email)
- Read: now = shop.order(number=order, email=requester.email)
- Check: now.status is "cancelled"
- Say: Order {order} is cancelled.
"""


def with_steps(steps, needs="", risk="money"):
    return f"---\nrisk: {risk}\n---\n# Try it\n## What we need\n{dedent(needs)}\n## First\n{dedent(steps)}"


def told(text):
    return [fault.sentence for fault in lint(text, TOOLS)]


def test_a_page_compiles_to_a_graph_of_typed_nodes():
    procedure = compile_procedure(CANCEL, TOOLS)

    assert (procedure.key, procedure.intents, procedure.risk) == ("cancel-an-order", ("order-cancel",), "money")
    assert [step.title for step in procedure.steps] == ["Find the order", "Cancel it"]
    assert [node.do for node in procedure.nodes] == [
        "ask", "read", "branch", "ask_again", "branch", "refuse",
        "confirm", "approve", "write", "read", "check", "say",
    ]  # fmt: skip
    order, reason = procedure.slots
    assert (order.pattern, order.question["de"]) == (r"BW-\d{5}", "Die Nummer Ihrer Bestellung")
    assert reason.optional
    assert reason.options[0].said == ("changed my mind", "don't need it")


def test_every_node_knows_what_comes_next():
    procedure = compile_procedure(CANCEL, TOOLS)
    ask, read, _, again, may, refuse, confirm, *_, say = procedure.nodes

    assert procedure.start == ask.id
    assert after(ask) == (read.id,)
    assert after(again) == (ask.id,)
    assert after(may) == (confirm.id, refuse.id)
    assert after(refuse) == ()
    assert after(say) == ("",)


def test_branches_loops_and_jumps():
    procedure = compile_procedure(
        with_steps("""
            - Read: mine = shop.orders(email=requester.email)
            - If count(mine) == 0:
                - Go to: Last
            - Otherwise if count(mine) > 5:
                - Hand over: They have many orders
            - Otherwise:
                - For each one in mine:
                    - Say: {one.number} is {one.status}.

            ## Last

            - Say: That is all.
            """),
        TOOLS,
    )

    _, many, second, over, each, one, last = procedure.nodes
    assert after(many) == (last.id, second.id)
    assert after(second) == (over.id, each.id)
    assert after(each) == (one.id, last.id)
    assert after(one) == (each.id,)


def test_a_page_for_people_needs_no_tools():
    procedure = compile_procedure(
        with_steps(
            """
            - Do: Pull up the account
                - Ask for the full name or the account ID
                - Fill in: account
            - If account is "unknown":
                - Hand over: Nobody knows this account
            - Do: Offer the refund
            """,
            "- account (text, from agent): The account",
        ),
        {},
    )

    assert procedure.is_for_people
    assert procedure.nodes[0].points == ("Ask for the full name or the account ID",)


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ("- Read: a = shop.nothing(email=requester.email)", "There is no tool “shop.nothing”: there are"),
        ("- Read: a = till.open()", "There is no tool “till.open”: it is not connected."),
        ("- Read: a = shop.orders(mail=requester.email)", "“shop.orders” takes no “mail”: it takes email."),
        ("- Read: a = shop.orders()", "“shop.orders” is not told its “email”."),
        (
            '- Read: a = shop.cancel_order(number="1", email=requester.email)',
            "changes something: begin the line with “Write”",
        ),
        ("- Aks: order", "begins with no word for a line: did you mean “Ask”?"),
        ("- Say: Hello {who}", "“who” is not known: nothing is called so."),
        ("- Say: Hello {", "A { has no } to close it."),
        ('- Require: requester.name is "Ann"', "Say on the next line what happens otherwise"),
        ("- If True:\n", "Indent below “If” what is to be done then."),
        ("- Go to: Nowhere", "No heading is called “Nowhere”."),
        ("- Done\n- Say: Too late", "This line is never reached."),
        ("- Set: a = open('/etc/passwd')", "“open” is no function here"),
        ("- Set: a = requester.__class__", "“__class__” can't be a name"),
        ("- Set: a = (lambda: 1)()", "“lambda: 1” is no function here"),
        ("- Otherwise refuse: No", "stands right below a “Require” line"),
    ],
)
def test_one_clear_sentence_for_each_fault(steps, sentence):
    assert any(sentence in one for one in told(with_steps(steps))), told(with_steps(steps))


def test_what_is_needed_is_asked_for_and_what_is_asked_for_is_described():
    assert told(with_steps("- Ask: colour", "- size (text): Your size")) == [
        "“size” is never filled: no line asks for it.",
        "“colour” is asked for, but not described under “What we need”.",
    ]


def test_what_may_not_be_known_on_every_way_is_not_used():
    steps = """
        - If requester.name is "Ann":
            - Set: gift = "tea"
        - Say: You get {gift}.
        """

    assert told(with_steps(steps)) == ["“gift” may not be known here yet: it is read or set on another way."]


def test_nobody_says_in_a_mail_whose_data_it_is():
    steps = "- Ask: address\n- Set: mine = lower(address)\n- Read: orders = shop.orders(email=mine)"

    [sentence] = told(with_steps(steps, "- address (email, from customer): Your address"))
    assert "may not come from what the customer wrote" in sentence


def test_nothing_is_written_unasked_unchecked_or_above_the_stated_risk():
    write = '- Write: done = shop.refund(number="1", email=requester.email, sum=5)'

    assert told(with_steps(write, risk="account")) == [
        "Nothing makes sure that “shop.refund” came about: read it back and add a “Check” line below it.",
        "“shop.refund” is called before it was confirmed: put a “Confirm” line before it.",
        "“shop.refund” moves money: the head of the page must say “risk: money”.",
    ]


def test_a_new_question_wants_a_new_yes():
    steps = """
        - Confirm: We change your address.
        - Ask: address
        - Write: done = shop.change_address(number="1", email=requester.email, address=address)
        """

    assert "is called before it was confirmed" in told(with_steps(steps, "- address (address): The new address"))[0]


def test_a_value_that_a_tool_can_not_take_is_named():
    steps = """
        - Confirm: We refund you.
        - Write: done = shop.refund(number="1", email=requester.email, sum=5, reason="whim")
        - Check: has(done)
        """

    assert told(with_steps(steps)) == ["“reason” of “shop.refund” is one of broken, late, not “whim”."]


@pytest.mark.parametrize(
    ("need", "sentence"),
    [
        ("- order: The number", "Write what is needed like"),
        ("- order (numeral): The number", "is no kind of value"),
        ("- order (text like `(`): The number", "is no pattern"),
        ("- order (text, from neighbour): The number", "is nobody to have a value from"),
        ("- order (choice): Which", "is a choice of nothing"),
    ],
)
def test_a_need_that_can_not_be_read(need, sentence):
    assert any(sentence in one for one in told(with_steps("- Ask: order", need)))


def test_faults_carry_the_line_of_the_page():
    with pytest.raises(Faulty) as faulty:
        compile_procedure(CANCEL.replace("found.status is", "lost.status is"), TOOLS)

    [fault] = faulty.value.faults
    assert CANCEL.splitlines()[fault.line - 1].startswith("- Require: found.status")


def test_the_head_of_the_page():
    assert told(CANCEL.replace("risk: money", "risk: high\ncolour: red")) == [
        "“colour” in the head of the page is not understood: there are key, intents, if_said, risk, language, attempts.",
        "“risk” in the head of the page is not understood: input should be 'information', 'account' or 'money'.",
    ]
    assert told("---\nrisk: [\n---\n# A") == ["The head of the page is not “name: value” lines."]


def test_the_published_schema_is_what_the_code_says():
    assert (ROOT / "docs/reference/procedure.schema.json").read_text() == schema()
    assert json.loads(schema())["$defs"]["Procedure"]["required"] == ["key", "title", "steps", "nodes"]


def test_the_reference_leaves_nothing_out():
    page = (ROOT / "docs/reference/procedures.md").read_text()
    [example] = re.findall(r"```markdown\n(.*?)```", page, re.S)
    assert lint(example, TOOLS) == []
    assert all(f"`{word.capitalize()}" in page for word in WORDS)
    assert all(f"`{name}`" in page for name in (*FUNCTIONS, *Front.model_fields))
