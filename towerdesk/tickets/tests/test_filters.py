"""The condition language: what people type, what it means, and what it says when it does not understand."""

from datetime import timedelta

import pytest

from towerdesk.lib.clock import at, now
from towerdesk.lib.errors import Invalid
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.tag import tag


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("", ""),
        ("Status:OPEN,pending", "status:open,pending"),
        ('refund status:open kettle "exact words"', 'status:open refund kettle "exact words"'),
        ("a b OR c", "a b OR c"),
        ("(a OR b) c", "(a OR b) c"),
        ("NOT status:closed", "-status:closed"),
        ("-(a b)", "NOT (a b)"),
        ("NOT NOT is:late", "is:late"),
        ('team:"Billing EU",none', 'team:"billing eu",none'),
        ("https://example.com/x 10:30", '"https://example.com/x" "10:30"'),
        ("Re: order", "Re order"),
        ('“curly words” "OR"', '"curly words" "OR"'),
        ("score:<0.8 rating:yes", "score:<0.8 rating:3"),
        ("status:open AND status:open", "status:open"),
    ],
)
def test_a_text_has_one_canonical_form(typed, canonical):
    assert str(parse(typed)) == canonical
    assert parse(canonical) == parse(typed)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("sttus:open", "no condition “sttus:”. Did you mean “status:”"),
        ("status:opne", "no status “opne”. Did you mean “open”"),
        ("step:aprove", "no step “aprove”. Did you mean “approve”"),
        ("is:mien", "no state “mien”. Did you mean “mine”"),
        ("created:>soon", "“>soon” is not a time"),
        ("created:2026-02-31", "“2026-02-31” is not a time"),
        ("score:high", "“high” is not a number"),
        ("rating:1.5", "“1.5” is not a number"),
        ("status:", "“status:” needs a value, for example status:open"),
        ("(a", "“(” without its “)”"),
        ("a)", "“)” without its “(”"),
        ('"a', "quotation mark"),
        ("a OR", "“OR” stands alone"),
        ("a NOT", "“NOT” stands alone"),
        ("(" * 30 + "a" + ")" * 30, "nested too deep"),
        ("NOT " * 30 + "a", "nested too deep"),
        ("a " * 900, "too many words"),
        ("a" * 3000, "too long"),
    ],
)
def test_what_cannot_be_understood_is_one_sentence(typed, says):
    with pytest.raises(Invalid) as trouble:
        parse(typed)

    assert says in str(trouble.value)


def test_a_name_that_does_not_exist_is_told_with_the_nearest(desk, ben):
    with pytest.raises(Invalid, match=r"no team “repiars”\. Did you mean “repairs”"):
        parse("team:repiars").check()
    with pytest.raises(Invalid, match=r"no agent “ben@dessk\.example”"):
        parse("assignee:ben@dessk.example").check()


def test_me_is_whoever_asks(ticket, ana, ben, ben_user):
    assign(ticket, ben_user, by=ana)

    assert found("assignee:me", ben) == [ticket]
    assert found("is:mine", ana) == []
    assert found("assignee:ben", ana) == found('assignee:"Ben Okafor"', ana) == [ticket]


def test_days_begin_in_the_desks_time_zone(ticket, ana, settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    with at(ticket.created_at):
        assert found("created:today", ana) == [ticket]
        assert found("created:yesterday OR created:tomorrow", ana) == []


def test_ages_look_back_and_due_times_look_ahead(ticket, ana):
    with at(now() + timedelta(days=8)):
        assert found("created:>7d is:late due:late due:<1h", ana) == [ticket]
        assert found("created:<7d OR due:>1min", ana) == []


def test_a_customers_words_do_not_find_our_notes(ticket, ana, mara):
    cast.says(ticket, "It drips")
    note(ticket, "difficult gasket", by=ana)

    assert found("difficult", ana) == [ticket]
    assert found("difficult", mara.actor()) == []


def test_words_stand_together_in_one_message(ticket, ana):
    cast.says(ticket, "The café machine drips")
    cast.says(ticket, "I want a refund")

    assert found("cafe drips", ana) == [ticket]
    assert found("machine refund", ana) == []
    assert found("machine AND NOT refund", ana) == []
    assert found(f"#{ticket.pk}", ana) == [ticket]


def test_a_condition_explains_itself(ticket, ana):
    change(ticket, priority="high", by=ana)
    tag(ticket, add=["vip"], by=ana)

    lines = parse("priority:low,high tag:none -is:mine").explain(ticket, ana)

    assert lines == [("priority:low,high", "high", True), ("tag:none", "vip", False), ("is:mine", "new", False)]


def found(text, actor):
    """What the list shows; and each ticket by itself must say the same."""
    condition = parse(text)
    listed = list(condition.apply(Ticket.objects.visible_to(actor), actor))
    every = Ticket.objects.visible_to(actor)
    assert listed == [ticket for ticket in every if condition.matches(ticket, actor)]
    return listed
