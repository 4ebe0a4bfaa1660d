"""How sure the desk may be of what a procedure does for Mara: by what is known, by whose word, and by how it went before."""

import pytest

from towerdesk.accounts.models import User
from towerdesk.assistant.brain import fit_score, heads
from towerdesk.assistant.consider import consider, fingerprint
from towerdesk.assistant.models import ProcedureRun, Receipt, Run
from towerdesk.assistant.procedures.compile import read_procedure
from towerdesk.assistant.procedures.engine import Stop
from towerdesk.assistant.procedures.state import State
from towerdesk.assistant.procedures.values import Known
from towerdesk.assistant.procedures.weigh import certainty, completeness
from towerdesk.assistant.score import ACTION, FEWEST, Scorer
from towerdesk.assistant.tests.shop import PAGE, licensed, says
from towerdesk.connectors.contract import Value
from towerdesk.testing.evidence import decided

ASKED = "I need a copy of my invoice for BW-10001"


def test_what_is_known_and_by_whose_word_is_in_its_score(asked):
    run = consider(asked(ASKED))

    assert set(run.parts) == set(ACTION.parts)
    assert (run.parts["complete"], run.parts["vouched"], run.parts["calm"]) == (1.0, 0.95, 1.0)
    assert run.score == heads().deeds.score(run.parts)
    assert run.receipt.body["procedure"]["slots"]["order"]["sure"] == 0.95
    assert run.receipt.body["score"]["parts"]["complete"] == 1.0
    assert "All that it needs is known; least certain: order (0.95)" in [step["sentence"] for step in run.steps]


def test_a_first_question_says_what_is_missing_and_is_weighed_as_if_it_were_answered(asked):
    run = consider(asked("I need a copy of my invoice please"))

    assert run.parts["complete"] == 0.0
    assert run.score == heads().deeds.score(run.parts | {"complete": 1.0})
    again = consider(says(run.ticket, "It was last week, the blue one"))
    assert again.asks
    assert again.score == heads().deeds.score(again.parts) < run.score


def test_after_a_value_that_led_nowhere_the_next_one_is_less_certain(asked):
    ticket = consider(asked("I need a copy of my invoice for BW-99999")).ticket

    run = consider(says(ticket, "Then BW-10001"))

    assert "We send the invoice of BW-10001" in run.reply
    assert run.parts["vouched"] == pytest.approx(0.95 * 0.85)


def test_who_is_angry_is_weighed_so_until_the_end(asked):
    calm, angry = consider(asked(ASKED)), consider(asked(f"This is unacceptable. {ASKED}"))
    assert (calm.parts["calm"], angry.parts["calm"]) == (1.0, 0.0)
    assert angry.score < calm.score

    assert consider(says(angry.ticket, "yes")).parts["calm"] == 0.0


def test_by_the_yes_it_is_still_about_what_was_asked_first(asked):
    first = consider(asked(ASKED))

    last = consider(says(first.ticket, "yes"))

    assert {name: last.parts[name] for name in ("intent", "scope", "like", "familiar")} == {
        name: first.parts[name] for name in ("intent", "scope", "like", "familiar")
    }


def test_a_licence_is_held_against_all_of_it(asked, taught):
    licence = licensed(taught["invoice-copy"])
    licence.threshold = 0.9712
    licence.save()

    run = consider(asked(ASKED))

    assert run.outcome == "draft"
    assert run.why == f"The score {int(run.score * 100) / 100:.2f} is below the licensed 0.98"


def test_grades_of_this_version_teach_its_score_and_void_its_licences_only(asked, taught, model):
    first = consider(asked(ASKED))
    procedure_run, before, version = first.procedure_run, heads(), first.procedure_run.version_id
    deciders = fingerprint(before, model), fingerprint(before, model, version)
    rows = decided(
        first.ticket,
        taught["invoice-copy"],
        [at % 5 != 0 for at in range(FEWEST * 2)],
        kind="action",
        parts=[first.parts | {"vouched": 0.5 if at % 5 == 0 else 0.95} for at in range(FEWEST * 2)],
    )
    Run.objects.filter(pk__in=[row.pk for row in rows]).update(procedure_run=procedure_run, vector=first.vector)

    assert fit_score() is None  # there are none of answers

    after = heads()
    weight = dict(zip(ACTION.parts, after.deeds.weights, strict=True))
    assert after.deeds.is_fitted
    assert weight["vouched"] > ACTION.prior["vouched"]
    run = consider(asked(ASKED))
    assert run.parts["version"] == pytest.approx(0.8, abs=0.02)
    assert run.parts["familiar"] == 1.0
    assert fingerprint(after, model) == deciders[0]
    assert fingerprint(after, model, version) != deciders[1]
    assert Scorer.loads(after.deeds.dumps(), ACTION) == after.deeds


def test_the_ticket_and_the_receipt_say_it_in_plain_words(asked, ana, client):
    client.force_login(User.objects.get(pk=ana.user_id))
    run = consider(asked(ASKED))

    for page in (f"/tickets/{run.ticket_id}", f"/receipts/{run.pk}"):
        shown = client.get(page).text
        for words in (
            "All that is needed is known",
            "Its least certain value is right",
            "This procedure went well before",
        ):
            assert words in shown
    assert "least certain: order" in client.get(f"/receipts/{run.pk}").text
    assert Receipt.objects.get(run=run).body["score"]["value"] == round(run.score, 4)


def test_how_certain_a_value_is_depends_on_who_said_it_and_how():
    graph = read_procedure(PAGE)
    order, heard = graph.slot("order"), {"id": 1, "text": "It is BW-10001", "asked": ["order"], "proposed": {}}
    state = State(graph.start, Known({}), heard=[heard])

    def sure(source, said="1"):
        return certainty(order, Value("BW-10001", source, said), state, "en")

    assert [sure(source) for source in ("customer", "agent", "tool", "procedure")] == [0.95, 1.0, 1.0, 0.9]
    one_of = order.model_copy(update={"among": "mine", "by": ("order",)})
    record = Value({"order": "BW-10001"}, "tool", "7")
    assert certainty(one_of, record, state, "en") == 1.0
    assert certainty(one_of, Value({"order": "BW-77777"}, "tool", "7"), state, "en") == 0.9  # the only one, not named
    heard |= {"text": "The one of Tuesday", "proposed": {"order": "Tuesday"}}
    assert sure("customer") == 0.8  # only a model pointed at it


def test_completeness_counts_what_was_needed_so_far():
    graph = read_procedure(PAGE)
    state = State(graph.start, Known({}))

    assert completeness(graph, state, Stop("ask", missing=("order",))) == 0.0
    state.known.values["order"] = Value("BW-10001", "customer", "1")
    assert completeness(graph, state, Stop("ask", missing=("reason",))) == 0.5
    assert completeness(graph, state, Stop("confirm")) == 1.0


def test_old_runs_without_a_beginning_are_weighed_too(asked):
    first = consider(asked(ASKED))
    ProcedureRun.objects.update(began={})

    run = consider(says(first.ticket, "yes"))

    assert run.parts["scope"] == 1.0
