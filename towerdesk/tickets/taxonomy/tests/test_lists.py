"""Governed lists: what is retired stays readable, what is merged is one thing, and nothing is rewritten behind anyone's back."""

import pytest

from towerdesk.assistant.brain import _lessons
from towerdesk.assistant.models import Solved
from towerdesk.automation.models import Rule
from towerdesk.events.models import Event
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.testing import cast
from towerdesk.tickets.change import change
from towerdesk.tickets.filters import parse
from towerdesk.tickets.intents import make_intent
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.tag import tag
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.edit import arrange_values, edit_value, make_value, set_free, set_matrix
from towerdesk.tickets.taxonomy.merge import merge_intent, merge_value, part_intent
from towerdesk.tickets.taxonomy.move import movable, move, move_back
from towerdesk.tickets.taxonomy.retire import remove, retire, revive
from towerdesk.tickets.taxonomy.settle import why_priority
from towerdesk.tickets.taxonomy.things import the_value
from towerdesk.tickets.taxonomy.usage import usage


def found(text, actor):
    return list(parse(text).apply(Ticket.objects.visible_to(actor), actor))


def test_a_desk_begins_with_its_types_and_gets_its_own(ticket, ana):
    make_value("type", "Warranty claim", by=ana)

    change(ticket, type="warranty-claim", by=ana)

    assert [name for _, name in taxonomy().choosable("type")][-2:] == ["Feature", "Warranty claim"]
    assert found("type:warranty-claim", ana) == found('type:"warranty claim"', ana) == [ticket]


def test_what_is_in_no_list_is_refused_with_the_nearest(ticket, ana):
    with pytest.raises(Invalid, match=r"There is no type “bugg”. Did you mean “bug”?"):
        change(ticket, type="bugg", by=ana)


def test_a_retired_value_stays_readable_and_is_not_chosen_anew(desk, mara, ticket, ana):
    change(ticket, type="bug", by=ana)

    retire(the_value("type", "bug"), by=ana)

    assert found("type:bug", ana) == [ticket]
    change(ticket, type="bug", subject="Still a bug", by=ana)
    with pytest.raises(Invalid, match=r"The type “Bug” is retired: choose another one."):
        change(cast.opened(desk, mara), type="bug", by=ana)


def test_a_merge_is_a_pointer_that_filters_follow_both_ways(desk, mara, ticket, ana):
    other = cast.opened(desk, mara)
    change(ticket, type="bug", by=ana)
    change(other, type="incident", by=ana)

    merge_value(the_value("type", "bug"), the_value("type", "incident"), by=ana)

    assert {one.pk for one in found("type:incident", ana)} == {one.pk for one in found("type:bug", ana)}
    assert len(found("type:bug", ana)) == 2
    assert parse("type:incident").matches(Ticket.objects.get(pk=ticket.pk), ana)
    assert Ticket.objects.get(pk=ticket.pk).type == "bug"
    third = open_ticket("It fails", requester=mara, inbox=desk.inbox, type="bug", by=ana)
    assert third.type == "incident"


def test_a_merge_is_undone_and_makes_no_circles(ticket, ana):
    bug, incident = the_value("type", "bug"), the_value("type", "incident")
    merge_value(bug, incident, by=ana)

    with pytest.raises(Invalid, match=r"itself|retired"):
        merge_value(incident, bug, by=ana)
    revive(bug, by=ana)

    change(ticket, type="bug", by=ana)
    assert found("type:incident", ana) == []


def test_moving_open_tickets_is_an_act_of_its_own_and_can_be_undone(desk, mara, ticket, ana):
    change(ticket, type="bug", by=ana)
    closed = cast.opened(desk, mara)
    change(closed, type="bug", by=ana)
    resolve(closed, by=ana)
    merge_value(the_value("type", "bug"), the_value("type", "incident"), by=ana)
    assert movable("type", "bug", ana).count() == 1

    moved = move("type", "bug", "incident", by=ana)

    assert Ticket.objects.get(pk=ticket.pk).type == "incident"
    assert Ticket.objects.get(pk=closed.pk).type == "bug"
    told = Event.objects.of(ticket.pk).last()
    assert (told.kind, told.cause_id, told.data["changes"]) == (
        "ticket.changed",
        moved.pk,
        {"type": ["bug", "incident"]},
    )

    assert move_back(moved, by=ana) == 1
    assert Ticket.objects.get(pk=ticket.pk).type == "bug"
    with pytest.raises(Conflict, match=r"already"):
        move_back(moved, by=ana)


def test_what_was_changed_since_does_not_go_back(desk, mara, ticket, ana):
    other = cast.opened(desk, mara)
    tag(ticket, add=["vip"], by=ana)
    tag(other, add=["vip"], by=ana)
    make_value("tag", "key account", by=ana)

    moved = move("tag", "vip", "key account", by=ana)
    tag(other, remove=["key account"], by=ana)

    assert move_back(moved, by=ana) == 1
    assert Ticket.objects.get(pk=ticket.pk).tags == ["vip"]
    assert Ticket.objects.get(pk=other.pk).tags == []


def test_tags_may_be_free_or_governed(ticket, ana):
    tag(ticket, add=["anything"], by=ana)
    make_value("tag", "goodwill", by=ana)
    set_free("tag", False, by=ana)

    tag(ticket, add=["goodwill"], by=ana)
    with pytest.raises(Invalid, match=r"There is no tag “good will”. Did you mean “goodwill”?"):
        tag(ticket, add=["good will"], by=ana)
    assert Ticket.objects.get(pk=ticket.pk).tags == ["anything", "goodwill"]


def test_a_merged_tag_is_found_and_added_as_the_other(desk, mara, ticket, ana):
    tag(ticket, add=["vip"], by=ana)
    for name in ("vip", "key account"):
        make_value("tag", name, by=ana)
    merge_value(the_value("tag", "vip"), the_value("tag", "key account"), by=ana)
    other = cast.opened(desk, mara)

    tag(other, add=["vip"], by=ana)

    assert other.tags == ["key account"]
    assert len(found('tag:"key account"', ana)) == len(found("tag:vip", ana)) == 2


def test_impact_and_urgency_make_the_priority_and_say_why(ticket, ana):
    for kind, name in (("impact", "One"), ("impact", "Shop"), ("urgency", "Later"), ("urgency", "Now")):
        make_value(kind, name, by=ana)
    set_matrix({"shop": {"now": "critical", "later": "normal"}, "one": {"now": "high"}}, by=ana)

    change(ticket, impact="shop", by=ana)
    assert (ticket.priority, why_priority(ticket)) == ("normal", "")
    change(ticket, urgency="now", by=ana)

    assert ticket.priority == "critical"
    assert why_priority(ticket) == "Shop × Now makes it critical"
    told = Event.objects.of(ticket.pk).last().data["changes"]
    assert told == {"urgency": ["", "now"], "priority": ["normal", "critical"]}

    change(ticket, priority="low", by=ana)
    assert why_priority(ticket) == "Set by hand; Shop × Now would make it critical"
    change(ticket, impact="one", urgency="later", by=ana)
    assert (ticket.priority, why_priority(ticket)) == ("low", "One × Later: the matrix says nothing about that")


def test_a_resolution_code_of_our_own(ticket, ana):
    make_value("resolution", "Part sent", key="part_sent", by=ana)

    resolve(ticket, "Gasket is on its way", kind="part_sent", by=ana)

    assert found("resolution:part_sent", ana) == [ticket]


def test_what_is_in_use_is_not_deleted(ticket, ana):
    make_value("type", "Claim", by=ana)
    make_value("type", "Unused", by=ana)
    change(ticket, type="claim", by=ana)
    Rule.objects.create(name="Claims", condition="type:claim", actions=[{"do": "change", "type": "unused"}])

    assert usage("type")["claim"].sentence() == "1 ticket, the rule “Claims”"
    for key in ("claim", "unused", "bug"):
        with pytest.raises(Conflict, match=r"retire"):
            remove(the_value("type", key), by=ana)
    Rule.objects.all().delete()
    remove(the_value("type", "unused"), by=ana)
    assert taxonomy().find("type", "unused") is None


def test_what_the_desk_itself_sets_can_be_named_but_not_retired(ana):
    edit_value(the_value("resolution", "solved"), name="Done", description="", by=ana)

    assert taxonomy().name("resolution", "solved") == "Done"
    with pytest.raises(Conflict, match=r"desk itself"):
        retire(the_value("resolution", "solved"), by=ana)
    with pytest.raises(Invalid, match=r"own four"):
        make_value("priority", "Urgent", by=ana)


def test_a_list_has_an_order(ana):
    arrange_values("type", ["incident", "question"], by=ana)

    assert [key for key, _ in taxonomy().choosable("type")][:3] == ["incident", "question", "problem"]


def test_an_agent_does_not_change_the_taxonomy(ben, desk):
    with pytest.raises(Refused):
        make_value("type", "Mine", by=ben)


def test_a_merged_intent_is_found_learnt_and_understood_as_the_other(desk, mara, ticket, ana):
    for slug in ("leak", "drip"):
        make_intent(slug, name=slug.capitalize(), team=desk.repairs, examples=[f"It {slug}s"], by=ana)
    drip, leak = Intent.objects.get(slug="drip"), Intent.objects.get(slug="leak")
    change(ticket, intent=drip, by=ana)
    Solved.objects.create(ticket=ticket, question="Why does it drip?", answer="", vector=b"", model="x")

    merge_intent(drip, leak, by=ana)

    assert found("intent:leak", ana) == found("intent:drip", ana) == [ticket]
    assert ("Why does it drip?", "leak") in list(zip(*_lessons(), strict=True))
    other = cast.opened(desk, mara)
    change(other, intent=Intent.objects.get(slug="drip"), by=ana)
    assert other.intent == leak
    part_intent(drip, by=ana)
    assert found("intent:drip", ana) == [ticket]


def test_a_page_asks_for_the_taxonomy_once(ticket, ana, django_assert_num_queries):
    taxonomy()
    with django_assert_num_queries(0):
        parse("type:bug tag:vip area:grinders").matches(ticket, ana)
