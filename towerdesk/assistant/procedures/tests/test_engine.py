"""Mara writes to the shop, message after message; the procedure asks, confirms, acts, and knows when to stop."""

import pytest

from towerdesk.assistant.procedures import compile_procedure
from towerdesk.assistant.procedures.engine import begin, go
from towerdesk.assistant.procedures.hear import hear
from towerdesk.assistant.procedures.letter import letter
from towerdesk.assistant.procedures.state import State
from towerdesk.assistant.procedures.tests.shop import MARA, World
from towerdesk.assistant.procedures.tests.test_compile import CANCEL, with_steps
from towerdesk.assistant.procedures.tests.tools import TOOLS
from towerdesk.assistant.procedures.values import dump

GIVEN = {"requester": {"email": MARA, "name": "Mara Lindqvist", "first_name": "Mara"}, "ticket": {"number": 1}}


class Talk:
    def __init__(self, page=CANCEL, **world):
        self.procedure, self.world = compile_procedure(page, TOOLS), World(**world)
        self.state, self.number = begin(self.procedure, GIVEN), 0

    def says(self, text, **more):
        """What the procedure does next. Between messages it is kept as JSON, as on the desk."""
        self.state = State.load(self.state.dump(), GIVEN)
        self.number += 1
        self.heard = hear(self.procedure, self.state, text, self.number, self.world.language, **more)
        self.stop = go(self.procedure, self.state, self.world)
        return self.stop

    @property
    def letter(self):
        return letter(self.stop, self.procedure, self.state, language=self.world.language, to="Mara")

    @property
    def writes(self):
        return [call for call in self.world.trace if call[0] not in ("shop.order", "shop.orders")]


def test_it_asks_confirms_acts_and_says_so():
    talk = Talk()

    assert talk.says("Please cancel my order.").missing == ("order",)
    assert "• The number of your order" in talk.letter
    assert talk.says("It is BW-10001, I ordered by mistake").kind == "confirm"
    assert "We cancel order BW-10001 and give 45.00 back." in talk.letter
    assert talk.writes == []
    assert talk.says("Yes please").kind == "done"
    assert "Order BW-10001 is cancelled." in talk.letter
    assert talk.writes == [("shop.cancel_order", {"number": "BW-10001", "email": MARA})]


def test_what_was_said_already_is_not_asked_for():
    assert Talk().says("Cancel BW-10001, I don't need it any more.").kind == "confirm"


def test_it_speaks_the_customers_language_where_it_was_written_in_it():
    talk = Talk(language="de")
    talk.says("Ich möchte meine Bestellung stornieren.")
    assert "Die Nummer Ihrer Bestellung" in talk.letter
    talk.says("BW-10001")
    assert "Wir stornieren BW-10001 und erstatten 45.00." in talk.letter
    assert "Bitte antworten Sie mit Ja oder Nein." in talk.letter
    assert talk.says("Ja, gerne").kind == "done"


def test_a_number_that_leads_nowhere_is_asked_for_again_and_then_a_person_takes_over():
    talk = Talk()
    assert talk.says("Cancel BW-99999").kind == "ask"
    assert "We can't find an order BW-99999 of yours." in talk.letter
    assert talk.says("BW-88888 then").kind == "hand_over"
    assert talk.stop.why == "We can't find an order BW-88888 of yours."


def test_somebody_elses_order_is_as_unknown_as_none():
    talk = Talk()
    talk.says("Cancel BW-20001")
    assert "We can't find an order BW-20001 of yours." in talk.letter


def test_what_the_rules_forbid_is_refused():
    talk = Talk()
    assert talk.says("Cancel BW-10002").kind == "refused"
    assert "Order BW-10002 has already left us." in talk.letter


def test_a_change_of_mind_is_heard():
    talk = Talk()
    talk.says("Cancel BW-10001")
    talk.says("No, keep it please.")
    assert (talk.heard, talk.writes) == ("no", [])

    talk = Talk(page=CANCEL.replace("found.status is", '"pending" is'))
    talk.says("Cancel BW-10001")
    assert talk.says("Sorry, I meant BW-10002, not that one").kind == "confirm"
    assert (talk.heard, "BW-10002" in talk.letter) == ("changed", True)


@pytest.mark.parametrize("answer", ["Hm, what happens to my voucher?", "yes but only half of it", "cancel both"])
def test_what_is_not_plainly_a_yes_is_none(answer):
    talk = Talk()
    talk.says("Cancel BW-10001")
    talk.says(answer)
    assert (talk.heard, talk.writes) == ("unclear", [])


def test_nothing_is_written_without_leave_and_then_exactly_once():
    talk = Talk(allowed=False)
    talk.says("Cancel BW-10001")
    assert talk.says("yes").kind == "write"
    assert talk.writes == []
    talk.world.allowed = True
    before = talk.state.dump()
    assert go(talk.procedure, talk.state, talk.world).kind == "done"
    again = State.load(before, GIVEN)  # the desk was killed before it wrote that down
    assert go(talk.procedure, again, talk.world).kind == "done"
    assert len(talk.writes) == 1


def test_a_person_agrees_above_an_amount():
    talk = Talk(page=CANCEL.replace("> 200", "> 20"))
    talk.says("Cancel BW-10001")
    assert talk.says("yes").kind == "approve"
    talk.state.approved[talk.stop.node] = True
    assert go(talk.procedure, talk.state, talk.world).kind == "done"


def test_a_change_that_did_not_come_about_goes_to_a_person():
    talk = Talk(lazy=True)
    talk.says("Cancel BW-10001")
    assert talk.says("yes").kind == "hand_over"
    assert 'does not hold: now.status is "cancelled"' in talk.stop.why


TWO = """
- Ask: address
- Read: mine = shop.orders(email=requester.email)
- Confirm: We send both orders to {address.street}.
- For each one in mine:
    - Write: sent = shop.change_address(number=one.number, email=requester.email, address=address.street)
        - Undo: shop.take_refund_back(number=one.number, email=requester.email)
- Write: gone = shop.cancel_order(number=mine[0].number, email=requester.email)
- Check: has(gone)
"""
ADDRESS = "- address (address, from customer): The new address"


def test_what_was_done_is_taken_back_when_a_later_part_fails():
    talk = Talk(page=with_steps(TWO, ADDRESS), broken=("shop.cancel_order",))
    talk.says("Send it to 12 Mill Lane, Dublin")
    assert talk.says("yes").kind == "hand_over"
    assert talk.stop.why == "shop.cancel_order: The shop said no. 2 earlier changes were taken back."
    assert [call[0] for call in talk.writes] == [
        "shop.change_address", "shop.change_address", "shop.cancel_order", "shop.take_refund_back", "shop.take_refund_back",
    ]  # fmt: skip


CHOOSE = """
- Read: mine = shop.orders(email=requester.email)
- Ask: order
- Confirm: We cancel {order.number}.
- Write: gone = shop.cancel_order(number=order.number, email=requester.email)
- Check: has(gone)
- Say: {order.number} is cancelled.
"""
ONE_OF = r"- order (one of mine by number or items, like `BW-?\d{5}`, or the only one): Which order"


@pytest.mark.parametrize("said", ["cancel bw10001", "cancel order 10001", "cancel the Drift", "cancel BW-10001."])
def test_a_record_is_recognised_however_it_is_named(said):
    talk = Talk(page=with_steps(CHOOSE, ONE_OF))

    assert talk.says(said).kind == "confirm"
    assert talk.state.known.values["order"].content["number"] == "BW-10001"
    assert talk.state.known.values["order"].source == "tool"


def test_the_choice_is_shown_and_two_that_fit_are_none():
    talk = Talk(page=with_steps(CHOOSE, ONE_OF))
    assert talk.says("cancel the Drift and the Kestrel").kind == "ask"
    assert "– BW-10001, Drift\n   – BW-10002, Kestrel kettle" in talk.letter
    assert talk.says("the kettle").kind == "confirm"


def test_the_only_one_is_meant_unless_another_is_named():
    talk = Talk(page=with_steps(CHOOSE, ONE_OF))
    del talk.world.orders["BW-10002"]
    assert talk.says("cancel my order").kind == "confirm"

    talk = Talk(page=with_steps(CHOOSE, ONE_OF))
    del talk.world.orders["BW-10002"]
    assert talk.says("cancel my order BW-77777").kind == "ask"


def test_what_a_model_proposes_counts_when_it_stands_in_the_message_and_fits():
    honest, liar = Talk(), Talk()
    by_hand = Talk()
    by_hand.says("Cancel BW-10001")

    honest.says("Cancel BW-10001", proposed={"order": "BW-10001"})
    liar.says("Cancel my order", proposed={"order": "BW-10001"})

    assert (honest.world.trace, dump(honest.state.known.values)) == (
        by_hand.world.trace,
        dump(by_hand.state.known.values),
    )
    assert liar.stop.kind == "ask"


@pytest.mark.parametrize("page", [CANCEL, with_steps(CHOOSE, ONE_OF)])
def test_a_model_can_not_cut_another_number_out_of_theirs(page):
    assert Talk(page=page).says("Cancel BW-100012", proposed={"order": "BW-10001"}).kind == "ask"


def test_where_two_fit_a_model_may_say_which_and_the_customer_is_asked_whether_so():
    talk = Talk(page=with_steps(CHOOSE, ONE_OF))

    talk.says("cancel the Drift, I keep the Kestrel", proposed={"order": "the Kestrel"})

    assert (talk.stop.kind, talk.writes) == ("confirm", [])
    assert "We cancel BW-10002." in talk.letter


def test_a_model_adds_to_what_was_found_and_never_overrules_it():
    talk = Talk(page=with_steps("- Ask: note\n- Say: {note}", r"- note (text like `N\d`, from customer): Which"))
    talk.state.heard = [{"id": 7, "text": "It is N1", "asked": [], "proposed": {}}]

    talk.says("Or N2, or N3", proposed={"note": "N2"})

    assert talk.state.known.values["note"].content == "N1"


def test_no_model_finds_a_yes_that_was_not_asked_for():
    page = with_steps("- Ask: agrees\n- Say: Fine", "- agrees (yes or no, from customer): Do you pay for it?")
    talk = Talk(page=page)

    assert talk.says("Yes, it is broken", proposed={"agrees": "Yes"}).kind == "ask"
    assert talk.says("Yes").kind == "done"


def test_who_said_a_value_is_kept_with_it():
    talk = Talk()
    talk.says("Cancel BW-10001")

    order, found = (talk.state.known.values[name] for name in ("order", "found"))
    assert (order.source, order.said) == ("customer", "1")
    assert (found.source, found.content["total"]) == ("tool", "45.00")


def test_a_page_that_asks_for_what_is_not_there_hands_over_instead_of_passing():
    talk = Talk(page=CANCEL.replace("found.status is", "found.state is"))

    assert talk.says("Cancel BW-10001").kind == "hand_over"
    assert "“found” has no “state”." in talk.stop.why
