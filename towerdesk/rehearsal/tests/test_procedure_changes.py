"""Where procedures stumble becomes a change of their page: drafted from what Ana and Ben did, tried, put in, taken back."""

from dataclasses import replace

import pytest

from towerdesk.assistant import brain
from towerdesk.assistant.models import Brain, Licence, Procedure, Run
from towerdesk.assistant.procedures.compile import compile_procedure
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.publish import publish
from towerdesk.assistant.procedures.trials import try_all
from towerdesk.assistant.procedures.write import write
from towerdesk.connectors import registry
from towerdesk.connectors.models import Call
from towerdesk.insights import facts
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.rehearsal.gaps.dismiss import dismiss, take_up
from towerdesk.rehearsal.gaps.find import find_gaps
from towerdesk.rehearsal.gaps.procedures.again import again, pasts
from towerdesk.rehearsal.gaps.procedures.merge import put_in, take_out
from towerdesk.rehearsal.gaps.procedures.price import prices
from towerdesk.rehearsal.gaps.trial import ask_trial
from towerdesk.rehearsal.gaps.work import ask_for, work_on
from towerdesk.rehearsal.models import Draft, Gap
from towerdesk.rehearsal.tests.conftest import day
from towerdesk.rehearsal.tests.shop import PAGE, TESTS, Shop
from towerdesk.tickets.checklist import add_points, tick
from towerdesk.tickets.models import Intent
from towerdesk.tickets.reply import reply


@pytest.fixture(scope="session")
def lessons() -> dict[str, object]:
    """Learnt once: training takes a second."""
    return {}


@pytest.fixture
def shop(desk, model, articles, intents, lessons):
    if not lessons:
        learnt = brain.train_intents(model)
        lessons.update(name=learnt.name, content=learnt.content, fingerprint=learnt.fingerprint)
    else:
        Brain.objects.create(**lessons)
    for intent in intents.values():
        intent.level = "suggest"
        intent.save()
    shop = Shop(desk, model)
    shop.connect()
    yield shop
    registry.put("fake", None)


@pytest.fixture
def procedure(shop) -> Procedure:
    made = write(None, PAGE, TESTS, by=CLOCK)
    publish(made, desk_tools(), by=CLOCK)
    return made


def drafted(gap: Gap, shop: Shop, ana) -> Draft:
    made = ask_for(gap, by=ana)
    work_on(made, shop.model)
    made.refresh_from_db()
    assert made.state == "open", made.trouble
    compile_procedure(made.text, desk_tools())
    ask_trial(made, by=ana)
    made.refresh_from_db()
    calls = Call.objects.count()
    work_on(made, shop.model)
    assert Call.objects.count() == calls  # a rehearsal calls nobody
    return made


def found(ana, kind: str) -> list[Gap]:
    facts.fold()
    return [gap for gap in find_gaps(by=ana)[0] if gap.kind == kind]


@pytest.fixture
def dented(shop, procedure, ana) -> Gap:
    """Three customers say it in a word that the procedure does not know; Ana fills in what they meant."""
    for number, words in enumerate(("It arrived dented.", "The lid is dented", "Badly dented, sorry!"), 1):
        shop.helped(shop.asked_in_vain(f"BW-1000{number}", words, by=ana), "damaged", by=ana)
    [gap] = found(ana, "slot")
    return gap


def test_words_that_customers_used_and_ana_filled_in_become_words_of_the_choice(dented, shop, procedure, ana, ben):
    place = dented.procedure, dented.about["slot"], dented.about["step"], dented.count
    assert place == (procedure, "reason", "Look it up", 3)

    draft = drafted(dented, shop, ana)

    assert "    - damaged: dented, broken" in draft.text
    assert draft.text.replace("dented, ", "") == PAGE
    assert draft.sentences[0]["tickets"] == dented.tickets
    assert (len(draft.trial["wins"]), draft.trial["breaks"]) == (3, [])
    assert "They were asked 1 times" in draft.trial["examples"]["wins"][0]["before"]
    assert all(verdict.passed for verdict in try_all(compile_procedure(draft.text, desk_tools()), draft.tests))
    with pytest.raises(Refused):
        put_in(draft, by=ben)
    _it_is_put_in_and_taken_back(draft, shop, procedure, ana)


def _it_is_put_in_and_taken_back(draft: Draft, shop: Shop, procedure: Procedure, ana) -> None:
    """A new version, for which the licence of the old one lets nothing out."""
    licence = licensed("return-how-to")
    [price] = prices(draft)
    assert (price.licence, price.needed > 50) == (licence, True)

    put_in(draft, by=ana)

    procedure.refresh_from_db()
    assert (procedure.current.number, procedure.current.text, draft.state) == (2, draft.text, "merged")
    run = shop.writes("How do I return it? BW-10009 is dented")
    assert "We make a label for BW-10009" in run.reply
    assert (run.outcome, run.why) == ("draft", "What decides has changed since the licence was earned")
    assert found(ana, "slot") == []
    take_out(draft, by=ana)
    procedure.refresh_from_db()
    assert (procedure.current.number, procedure.current.text, draft.state) == (3, PAGE, "open")
    write(procedure, PAGE.replace("Why shall", "Why should"), TESTS, by=CLOCK)
    with pytest.raises(Conflict):
        put_in(draft, by=ana)


def licensed(slug: str) -> Licence:
    """What decided last may act alone from now on."""
    intent = Intent.objects.get(slug=slug)
    intent.level = "send"
    intent.save()
    decider = Run.objects.filter(intent=intent, kind="action").exclude(fingerprint="").latest("id").fingerprint
    terms = {"threshold": 0.01, "alpha": 0.05, "n": 80, "k": 0, "bound": 0.037, "expires_at": now().replace(year=2099)}
    return Licence.objects.create(intent=intent, kind="action", fingerprints={"decider": decider}, **terms)


def test_words_that_nobody_explained_draft_nothing_and_once_dismissed_are_not_found_again(shop, procedure, ana):
    for number in (1, 2, 3):
        shop.asked_in_vain(f"BW-1000{number}", "It is just not for me", by=ana)
    [gap] = found(ana, "slot")
    made = ask_for(gap, by=ana)
    work_on(made, shop.model)

    assert (made.state, made.trouble.startswith("Nobody filled in “reason”")) == ("failed", True)

    dismiss(gap, by=ana)
    assert found(ana, "slot") == []
    take_up(gap, by=ana)
    assert len(found(ana, "slot")) == 1


def test_what_ben_did_where_a_rule_did_not_hold_becomes_its_other_arm(shop, procedure, ana, ben):
    for number, state in (("BW-20001", "on its way"), ("BW-20002", "on its way"), ("BW-20003", "packed")):
        shop.states[number] = state
        run = shop.writes(f"I want to return it, please: {number}, I changed my mind")
        if state == "on its way":
            shop.stops(run.ticket, number, by=ben)
    [gap] = found(ana, "guard")
    assert gap.why == "It was not delivered yet"

    draft = drafted(gap, shop, ana)

    arm = draft.text[draft.text.index("- If found.status") : draft.text.index("- Require: found.status")]
    assert '- If found.status is "on its way":' in arm
    assert "    - Approve:" in arm
    assert "stop_parcel(number=found.number)" in arm
    assert 'is "stopped"' in arm
    assert "The parcel turns around and comes back to us." in arm
    assert len(draft.trial["wins"]) == 2
    assert "1 more of these tickets" in " ".join(draft.notes)


def test_what_people_did_without_a_procedure_becomes_one(shop, ana, ben):
    for number in ("BW-20001", "BW-20002", "BW-20003"):
        shop.states[number] = "on its way"
        run = shop.writes(f"The invoice for {number} got lost, please stop the parcel")
        run.outcome = "handed_over"
        run.save()
        shop.stops(run.ticket, number, by=ben)
    [gap] = found(ana, "deeds")
    assert gap.about["deeds"] == ["shop.get_order", "shop.stop_parcel", "shop.get_order"]

    draft = drafted(gap, shop, ana)

    made = compile_procedure(draft.text, desk_tools())
    [slot] = made.slots
    assert (slot.name, slot.pattern, slot.sources) == ("number", r"BW-\d{5}", ("customer",))
    changes = [node.do for node in made.nodes if node.do in ("confirm", "approve", "write", "check")]
    assert changes == ["confirm", "approve", "write", "check"]
    assert [verdict.passed for verdict in try_all(made, draft.tests)] == [True]
    assert (len(draft.trial["wins"]), draft.trial["breaks"]) == (3, [])
    assert put_in(draft, by=ana).status == "published"


def test_what_no_wording_can_change_is_said(shop, procedure, ana):
    gap = Gap.objects.create(name="x", kind="sender", procedure=procedure, why="Nobody vouches")
    with pytest.raises(Invalid, match="proven sender"):
        ask_for(gap, by=ana)


def test_a_past_ticket_is_played_on_its_own_day(shop, ana):
    page = PAGE.replace('found.status is "delivered"', "days_since(found.until) <= 0").replace(
        "attempts: 1", "attempts: 2"
    )
    graph = compile_procedure(page, desk_tools())
    with clock.at(day(0)):
        run = shop.writes("BW-10001 is broken, I want to return it")
        shop.until = day(1).date().isoformat()
        shop.looks_up(run.ticket, "BW-10001", by=ana)

    [past] = pasts([run.ticket_id])

    assert again(graph, past).end == "later"  # what making a label would answer, no journal tells
    assert again(graph, past).does == [("shop.make_label", {"number": "BW-10001", "reason": "damaged"})]
    late = replace(past, messages=[replace(said, at=day(9)) for said in past.messages])
    assert again(graph, late).why == "It was not delivered yet"


def test_points_that_people_tick_off_each_time_become_a_checklist_for_people(shop, ana, ben):
    for _ in range(3):
        ticket = shop.writes("The display says CAL, how do I descale?").ticket
        for point in add_points(ticket, ["Ask for the serial number", "Book a visit"], by=ben):
            tick(point, by=ben)
        ticket.refresh_from_db()
        reply(ticket, "Somebody comes by next week.", by=ben, then="resolve")
    [gap] = found(ana, "deeds")

    draft = drafted(gap, shop, ana)

    assert "- Do: Ask for the serial number\n- Do: Book a visit" in draft.text
    assert "- Say: Somebody comes by next week." in draft.text
    assert len(draft.trial["wins"]) == 3
