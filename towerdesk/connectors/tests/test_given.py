"""Whose word a tool takes: kinds, sources, and whose data it is."""

import pytest

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.connectors.contract import SOURCES, Argument, ToolSpec, Value
from towerdesk.connectors.given import checked
from towerdesk.connectors.kinds import fitting
from towerdesk.connectors.tests.conftest import MARA
from towerdesk.connectors.use import use
from towerdesk.lib.errors import Invalid, Refused

JO = "jo@example.com"


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("amount", "12.5", "12.50"), ("amount", 0, "0.00"), ("amount", "1e2", "100.00"),
        ("integer", "042", 42), ("number", "0.5", 0.5), ("number", 3.0, 3), ("date", "2026-02-28", "2026-02-28"),
        ("yes_no", "yes", True), ("yes_no", False, False), ("text", " a ", "a"), ("text", 12, "12"),
        ("list", ("a",), ["a"]), ("record", {"a": 1}, {"a": 1}),
    ],
)  # fmt: skip
def test_a_value_is_kept_as_its_kind(kind, given, kept):
    assert fitting(Argument("a", kind), given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("amount", "-0.01"), ("amount", "1.005"), ("amount", "NaN"), ("amount", "1e99"), ("amount", True),
        ("amount", "12,50"), ("integer", "1.5"), ("integer", "٣"), ("integer", True), ("number", "inf"),
        ("date", "2026-02-30"), ("date", "tomorrow"), ("yes_no", 1), ("text", ""), ("text", "a\0"), ("text", ["a"]),
        ("text", "x" * 20_001), ("list", "abc"), ("record", []),
    ],
)  # fmt: skip
def test_what_is_no_such_value_is_none(kind, given):
    with pytest.raises(ValueError, match="must"):
        fitting(Argument("a", kind), given)


def test_choices_and_patterns_hold_for_the_whole_value():
    with pytest.raises(ValueError, match="one of"):
        fitting(Argument("a", "choice", choices=("red", "blue")), "green")
    with pytest.raises(ValueError, match="look"):
        fitting(Argument("a", pattern=r"B-\d{5}"), "B-12345\nDELETE")


def test_every_fault_is_said_by_name():
    spec = ToolSpec("t", "Do it", arguments=(Argument("a"), Argument("n", "integer", required=False)))

    with pytest.raises(Invalid) as found:
        checked(spec, {"n": Value("x", "agent"), "b": Value("y", "agent")}, by=THE_ASSISTANT)
    assert set(found.value.fields) == {"a", "n", "b"}


def test_whose_data_it_is_may_never_be_said_by_text():
    with pytest.raises(ValueError, match="may not be said by a customer's text"):
        ToolSpec("t", "T", arguments=(Argument("who", sources=SOURCES),), person="who")
    with pytest.raises(ValueError, match="must say whose data"):
        ToolSpec("t", "T", effect="outside", person="result.mail")
    with pytest.raises(ValueError, match="no argument"):
        ToolSpec("t", "T", person="who")
    with pytest.raises(ValueError, match="amount"):
        ToolSpec("t", "T", arguments=(Argument("a"),), amount="a")


def look(order="BW-1", person=MARA, ticket=7, key="look", **more):
    given = {"order": Value(order, "customer", "1")}
    return use("shop.get_order", given, key=key, by=THE_ASSISTANT, ticket=ticket, person=person, **more)


def give(order: Value, who: Value, person=MARA, ticket=7, by=THE_ASSISTANT):
    given = {"order": order, "amount": Value("1", "procedure"), "person": who}
    return use("shop.refund", given, key="refund", by=by, ticket=ticket, person=person)


MARAS = Value(MARA, "requester")


def test_what_an_earlier_call_gave_is_taken(shop):
    assert give(Value("bw-1", "tool", str(look().pk)), MARAS).state == "done"


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (lambda call: Value("BW-9", "tool", str(call.pk)), "did not give this order"),
        (lambda call: Value("BW-1", "tool", "999999"), "no call on this ticket"),
        (lambda call: Value("BW-1", "tool", "said so"), "no call on this ticket"),
        (lambda call: Value("BW-1", "customer"), "does not take the word of the text of a message"),
        (lambda call: Value("BW-1", "procedure"), "does not take the word of a procedure"),
        (lambda call: Value("BW-1", "nobody"), "does not take the word of nobody"),
    ],
)
def test_what_nobody_gave_is_not(shop, refund, order, why):
    with pytest.raises(Refused, match=why):
        give(order(look()), MARAS)
    assert refund.calls == []


def test_what_was_found_on_another_ticket_or_for_somebody_else_is_not_taken(shop, refund):
    elsewhere = look(ticket=8, key="elsewhere")
    with pytest.raises(Refused, match="no call on this ticket"):
        give(Value("BW-1", "tool", str(elsewhere.pk)), MARAS)

    theirs = look("BW-2", person=JO, key="theirs")
    with pytest.raises(Refused, match="found for somebody else"):
        give(Value("BW-2", "tool", str(theirs.pk)), MARAS)
    assert refund.calls == []


def test_a_call_that_failed_gave_nothing(shop):
    theirs = look("BW-2")
    assert (theirs.state, theirs.result) == ("failed", {})

    with pytest.raises(Refused, match="no call on this ticket"):
        give(Value("BW-2", "tool", str(theirs.pk)), MARAS)


@pytest.mark.parametrize("who", [Value(JO, "requester"), Value("", "requester"), Value(MARA, "customer")])
def test_who_it_is_for_is_who_the_server_knows(shop, refund, who):
    order = Value("BW-1", "tool", str(look().pk))
    with pytest.raises((Refused, Invalid)):
        give(order, who)
    assert refund.calls == []


def test_somebody_may_be_known_by_more_than_one_address(shop):
    order = Value("BW-1", "tool", str(look().pk))
    assert give(order, Value("MARA@example.com", "requester"), person=[JO, MARA]).state == "done"


def test_without_a_requester_only_an_agent_may_say_for_whom(shop, ana):
    order = Value("BW-1", "agent", str(ana.id))
    with pytest.raises(Refused):
        give(order, Value(MARA, "requester"), person="")
    with pytest.raises(Refused):
        give(order, Value(MARA, "agent"), person="")
    assert give(order, Value(MARA, "agent"), person="", by=ana).state == "done"
