"""Custom fields and forms: typed, demanded where it matters, found by the one language of conditions."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.events.models import Event
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.testing import cast
from towerdesk.tickets.asks import asks_of
from towerdesk.tickets.change import change
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import CustomField, Ticket
from towerdesk.tickets.receive import Received
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.submit import submit
from towerdesk.tickets.taxonomy.edit import make_value
from towerdesk.tickets.taxonomy.merge import merge_value
from towerdesk.tickets.taxonomy.retire import remove, retire
from towerdesk.tickets.taxonomy.say_field import say_field
from towerdesk.tickets.taxonomy.shape_fields import save_field, save_form
from towerdesk.tickets.taxonomy.things import the_value

KINDS = {"note": "text", "cups": "number", "color": "choice", "signs": "multi", "bought": "date"}
KINDS |= {"warranty": "check", "contact": "person", "photo": "link"}


@pytest.fixture
def fields(desk, mara, ana):
    for key, kind in KINDS.items():
        save_field(key, name=key.capitalize(), kind=kind, by=ana)
    for name in ("Red", "Blue", "Crimson"):
        make_value("field.color", name, by=ana)
        make_value("field.signs", name, by=ana)
    merge_value(the_value("field.color", "crimson"), the_value("field.color", "red"), by=ana)
    merge_value(the_value("field.signs", "crimson"), the_value("field.signs", "red"), by=ana)


def test_each_kind_is_kept_as_what_it_is(fields, ticket, ana):
    said = {"note": " As is ", "cups": "2,5", "color": "Red", "signs": ["blue", "red"], "bought": "2026-01-31"}
    said |= {"warranty": "yes", "contact": "Mara@Lindqvist.example", "photo": "https://x.example/1.jpg"}

    change(ticket, fields=said, by=ana)

    assert ticket.fields == {
        "note": "As is",
        "cups": 2.5,
        "color": "red",
        "signs": ["blue", "red"],
        "bought": "2026-01-31",
        "warranty": True,
        "contact": "mara@lindqvist.example",
        "photo": "https://x.example/1.jpg",
    }
    assert say_field("signs", ["blue", "red"]) == "Blue, Red"
    assert say_field("bought", "2026-01-31") == "31 Jan 2026"


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("cups", "many", "“Cups” is a number: write for example 12 or 2.5."),
        ("cups", True, "is a number"),
        ("cups", "nan", "is a number"),
        ("bought", "31.1.2026", "“Bought” is a date: write for example 2026-11-30."),
        ("warranty", "perhaps", "“Warranty” is yes or no."),
        ("color", "green", "There is no choice of “Color” “green”."),
        ("signs", ["red", "green"], "There is no choice of “Signs” “green”."),
        ("contact", "nobody@x.example", "nobody known has “nobody@x.example”"),
        ("photo", "http://[", "“Photo” is a link: it begins with https:// or http://."),
        ("photo", "javascript:alert(1)", "“Photo” is a link: it begins with https:// or http://."),
        ("note", "x" * 1001, "“Note” is too long: use at most 1000 characters."),
        ("notes", "x", "There is no field “notes”. Did you mean “note”?"),
    ],
)
def test_what_does_not_fit_is_one_sentence(fields, ticket, ana, key, value, says):
    with pytest.raises(Invalid) as refused:
        change(ticket, fields={key: value}, by=ana)
    assert says in str(refused.value)


def test_only_what_is_given_changes_and_the_history_says_so(fields, ticket, ana):
    change(ticket, fields={"note": "One", "cups": 3}, by=ana)

    change(ticket, fields={"cups": None}, by=ana)

    assert ticket.fields == {"note": "One"}
    assert Event.objects.of(ticket.pk).last().data["changes"] == {"field.cups": [3, None]}


def test_a_status_demands_a_field(fields, ticket, ana):
    save_field("note", name="Root cause", kind="text", required_for=["resolved", "pending"], by=ana)

    for act in (
        lambda: resolve(ticket, by=ana),
        lambda: reply(ticket, "Done.", then="resolve", by=ana),
        lambda: reply(ticket, "When?", by=ana),
        lambda: change(ticket, status="pending", by=ana),
    ):
        with pytest.raises(Invalid, match=rf"Fill in “Root cause” before ticket {ticket.number} (is|waits)"):
            act()
    assert Ticket.objects.get(pk=ticket.pk).messages.count() == 1

    change(ticket, status="pending", fields={"note": "Gasket"}, by=ana)
    resolve(ticket, by=ana)
    assert ticket.status == "resolved"


def test_who_cannot_fill_in_a_form_is_not_held_up(fields, ticket, ana):
    save_field("note", name="Root cause", kind="text", required_for=["resolved"], by=ana)

    resolve(ticket, by=THE_ASSISTANT)

    assert ticket.status == "resolved"


def test_a_retired_field_keeps_its_values(fields, ticket, ana):
    change(ticket, fields={"note": "One"}, by=ana)
    retire(CustomField.objects.get(key="note"), by=ana)

    with pytest.raises(Invalid, match=r"“Note” is retired and takes no new values"):
        change(ticket, fields={"note": "Two"}, by=ana)
    with pytest.raises(Conflict, match=r"used by 1 ticket"):
        remove(CustomField.objects.get(key="note"), by=ana)
    assert parse("field.note:one").apply(Ticket.objects.all(), ana).get() == ticket


def test_a_fields_kind_never_changes(fields, ana):
    with pytest.raises(Conflict, match=r"its kind can't change"):
        save_field("note", name="Note", kind="number", by=ana)


def test_a_form_presets_asks_and_demands(fields, desk, mara, ana):
    asks = [{"ask": "color", "required": True, "help": "As on the box"}, {"ask": "cups"}]
    form = save_form("repair", name="Repair", asks=asks, type="incident", team=desk.billing, by=ana)
    said = {"requester": mara, "inbox": desk.inbox, "form": form, "by": ana}

    with pytest.raises(Invalid, match=r"“Repair” needs “Color”: fill it in."):
        submit("It drips", Received("It drips"), **said)
    ticket = submit("It drips", Received("It drips", person=mara), fields={"color": "blue"}, **said)

    assert (ticket.type, ticket.team, ticket.form, ticket.fields) == (
        "incident",
        desk.billing,
        "repair",
        {"color": "blue"},
    )
    assert parse("form:repair field.color:blue").matches(ticket, ana)
    assert [(ask.key, ask.required, ask.help) for ask in asks_of(form)] == [
        ("color", True, "As on the box"),
        ("cups", False, ""),
    ]


def test_a_form_asks_only_for_what_there_is(fields, ana):
    with pytest.raises(Invalid, match=r"There is no field “nope” to ask for"):
        save_form("x", name="X", asks=[{"ask": "nope"}], by=ana)


texts = some.sampled_from(["One", "ONE", "two words", "Straße", "50%", 'a"b'])
values = some.fixed_dictionaries(
    {},
    optional={
        "note": texts,
        "cups": some.sampled_from([0, 1, 2.5, -3, 10]),
        "color": some.sampled_from(["red", "blue", "crimson"]),
        "signs": some.lists(some.sampled_from(["red", "blue", "crimson"]), min_size=1, unique=True),
        "bought": some.sampled_from(["2026-01-31", "2026-11-24", "2025-12-31"]),
        "warranty": some.booleans(),
    },
)
numbers = some.builds("field.cups:{}{}".format, some.sampled_from(["", "<", "<=", ">", ">="]), some.sampled_from("012"))
days = some.sampled_from(["2026-01-31", "<2026-01-31", ">=2026-01-31", "2025-12-01..2026-02-01", "<=2026-11-24"])
clauses = some.one_of(
    numbers,
    days.map("field.bought:{}".format),
    some.builds(
        "field.{}:{}".format, some.sampled_from(["color", "signs"]), some.sampled_from(["red", "Crimson", "blue"])
    ),
    some.sampled_from(["yes", "no"]).map("field.warranty:{}".format),
    texts.filter(lambda text: '"' not in text).map('field.note:"{}"'.format),
    some.builds("field.{}:{}".format, some.sampled_from(sorted(KINDS)), some.sampled_from(["none", "any"])),
)


@given(text=clauses, has=values)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_a_list_and_a_rule_agree_about_fields(fields, ticket, ana, text, has):
    Ticket.objects.filter(pk=ticket.pk).update(fields=has)
    found, condition = Ticket.objects.get(pk=ticket.pk), parse(text)
    mine = Ticket.objects.filter(pk=ticket.pk)

    listed = condition.apply(mine, ana).exists()

    assert listed == condition.matches(found, ana), condition.explain(found, ana)
    assert parse(f"-{text}").apply(mine, ana).exists() != listed
    assert parse(str(condition)) == condition


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("field.nope:1", "There is no field “nope”"),
        ("field.cups:many", "is not a number here"),
        ("field.bought:soon", "is not a time we understand"),
        ("field.warranty:perhaps", "write yes, no, none or any"),
    ],
)
def test_a_wrong_condition_is_one_sentence(fields, text, says):
    with pytest.raises(Invalid, match=says):
        parse(text)


def test_an_address_with_a_port_is_still_a_word(desk, ticket, ana):
    assert str(parse("www.example.com:8080")) == '"www.example.com:8080"'
    cast.says(ticket, "See www.example.com:8080")
