"""How an intent earns the right to be answered alone, keeps it, shares it and loses it."""

from datetime import timedelta

import pytest

from towerdesk import flow
from towerdesk.assistant.brain import heads
from towerdesk.assistant.consider import consider, fingerprint
from towerdesk.assistant.licences import review, warn_of_ends, why_void
from towerdesk.assistant.models import Arm, Grade, Licence, Proving, Run
from towerdesk.assistant.policy import valid_licence
from towerdesk.assistant.pools import review_pool
from towerdesk.assistant.settle import count_against
from towerdesk.assistant.suspend import take_back, weigh
from towerdesk.assistant.terms import draw, set_terms, terms
from towerdesk.events.models import Event
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.notifications.recipients import concerned
from towerdesk.testing import cast
from towerdesk.testing.evidence import decided
from towerdesk.testing.lessons import QUESTION
from towerdesk.tickets.models import Intent, Message

ENOUGH = 74  # grades without an error, for 5 % at 95 %


@pytest.fixture
def ticket(desk, mara):
    return cast.opened(desk, mara)


@pytest.fixture
def returns(desk) -> Intent:
    return Intent.objects.create(slug="return-how-to", name="Returns", team=desk.repairs, level="send")


@pytest.fixture
def copies(desk) -> Intent:
    return Intent.objects.create(slug="invoice-copy", name="Invoice copies", team=desk.billing, level="send")


def earned(ticket, intent, **more) -> Licence:
    decided(ticket, intent, [True] * 120, **more)
    return review(intent)


def sent(ticket, intent, licence, right, **more) -> list[Run]:
    return decided(ticket, intent, right, licence=licence, outcome="sent", **more)


def test_a_licence_needs_enough_grades(ticket, returns):
    decided(ticket, returns, [True] * (ENOUGH - 1), score=0.9)
    assert review(returns) is None

    decided(ticket, returns, [True], score=0.9)
    licence = review(returns)

    assert (licence.n, licence.k, licence.threshold) == (ENOUGH, 0, 0.9)
    assert licence.bound <= 0.05


def test_thresholds_are_fixed_once_enough_has_come_in_and_stay(ticket, returns):
    decided(ticket, returns, [None] * 29, score=0.7)
    review(returns)
    assert not Proving.objects.exists()

    decided(ticket, returns, [True], score=0.7)
    review(returns)
    decided(ticket, returns, [True] * 60, score=0.2)
    review(returns)

    assert Proving.objects.get().thresholds == [0.7]


def test_grades_of_what_was_not_drawn_certify_nothing(ticket, returns):
    decided(ticket, returns, [True] * 200, asked=False)

    assert review(returns) is None


def test_one_that_nobody_graded_holds_up_those_after_it(ticket, returns):
    """Else suggestions that people leave lying, because they are poor, would never count."""
    left, *_ = decided(ticket, returns, [None] + [True] * 150)
    assert review(returns) is None

    Grade.objects.create(run=left, intent=returns, score=0.9, right=True, verdict="audited", by_kind="agent")
    assert review(returns).n == 151


def test_what_is_switched_off_is_decided_but_asks_for_no_grades(taught, desk, mara):
    Intent.objects.update(level="off")
    run = consider(cast.opened(desk, mara, "Return", QUESTION).messages.get())
    assert (run.outcome, bool(run.reply), run.asked) == ("silent", True, False)

    Intent.objects.update(level="shadow")
    run = consider(cast.opened(desk, mara, "Return", QUESTION).messages.get())
    assert (run.outcome, run.asked) == ("shadow", True)


def test_a_draw_is_the_same_whenever_it_is_asked_and_even_over_many():
    assert draw("grade", 7) == draw("grade", 7) != draw("holdout", 7)
    assert 0.45 < sum(draw("grade", number) for number in range(2000)) / 2000 < 0.55


def test_under_a_licence_fewer_are_drawn_enough_to_find_a_rise(ticket, returns):
    with clock.at(now() - timedelta(days=10)):
        decided(ticket, returns, [True] * 900)
    licence = review(returns)

    assert licence.audit_share == pytest.approx(110 / (900 * 60 / 90))


def test_a_licence_ends_when_an_article_it_rests_on_changes_and_what_rests_on_it_is_only_suggested(
    taught, articles, desk, mara
):
    intent = taught["return-how-to"]
    first = consider(cast.opened(desk, mara, "Return", QUESTION).messages.get())
    decided(first.ticket, intent, [True] * 120, score=0.2, fingerprint=first.fingerprint, evidence=first.evidence)
    decided(first.ticket, intent, [True] * 120, score=0.2, fingerprint=first.fingerprint)
    Grade.objects.create(run=first, intent=intent, score=0.9, right=True, verdict="audited", by_kind="agent")
    licence = review(intent)
    asked = [cast.opened(desk, mara, "Return", QUESTION).messages.get() for _ in range(2)]
    assert consider(asked[0]).outcome == "sent"

    publish(
        write(articles["return-an-item"], "Return an item", "You have 14 days to return it now.", by=CLOCK), by=CLOCK
    )

    assert why_void(licence) == "An article that it rests on has changed"
    again = review(intent)
    licence.refresh_from_db()
    assert (licence.ended_how, again.n) == ("void", 120)  # what did not rest on it still counts
    run = consider(asked[1], again=True)
    assert (run.outcome, "changed after" in run.why) == ("draft", True) or run.outcome == "handed_over"


def test_grades_under_another_decider_start_from_nothing(ticket, returns):
    licence = earned(ticket, returns)
    decided(ticket, returns, [True], fingerprint="another")

    assert review(returns) is None
    licence.refresh_from_db()
    assert licence.ended_why == "The model, the score or the policy has changed"


def test_what_another_decider_says_is_not_sent_before_anybody_has_reviewed_it(taught, desk, mara):
    message = cast.opened(desk, mara, "Return", QUESTION).messages.get()
    expires = now() + timedelta(days=60)
    held = {"intent": taught["return-how-to"], "threshold": 0.01, "alpha": 0.05, "n": 80, "k": 0, "bound": 0.037}
    licence = Licence.objects.create(expires_at=expires, fingerprints={"decider": "of before"}, **held)

    run = consider(message)
    assert (run.outcome, run.why) == ("draft", "What decides has changed since the licence was earned")

    licence.fingerprints = {"decider": run.fingerprint}
    licence.expires_at = now() - timedelta(minutes=1)
    licence.save()
    assert consider(message, again=True).why == "There is no licence for Return how to"


def test_audits_take_a_licence_back_and_its_evidence_is_spent(ticket, returns):
    licence = earned(ticket, returns)
    runs = sent(ticket, returns, licence, [True] * 20 + [False] * 4)

    assert review(returns) is None

    licence.refresh_from_db()
    returns.refresh_from_db()
    assert (licence.ended_how, returns.level) == ("suspended", "suggest")
    assert licence.ended_why == "4 of 24 audited were wrong, many of them lately: the alarm crossed 1 in 50"
    told = Event.objects.get(kind="licence.suspended")
    assert (told.ticket_id, told.data["errors"], runs[-1].ticket_id) == (ticket.pk, 4, ticket.pk)
    assert review(returns) is None
    assert not Proving.objects.filter(ended_at=None).exists()


def test_one_wrong_grade_too_many_ends_it_at_once_and_the_leads_hear_of_it(ticket, returns, ana_user, ben_user):
    runs = sent(ticket, returns, earned(ticket, returns), [True] * 20 + [False] * 4)

    assert weigh(runs[0]).ended_how == "suspended"

    event = Event.objects.get(kind="licence.suspended")
    [word] = concerned(event, ticket)
    assert (word.to, word.kind) == (ana_user, "licence")
    assert word.sentence.startswith("The assistant may no longer answer Returns alone: 4 of 24 audited were wrong")
    assert weigh(runs[0]) is None


def test_only_what_a_customer_says_is_held_against_an_answer(ticket, mara, ana):
    holds = flow.ONLY_IF["hold_against"]

    def told(by, **data):
        return Event(kind="ticket.confirmed", actor_kind=by.kind, data=data)

    assert holds(told(mara.actor(), known_by="disputed"))
    assert holds(told(mara.actor(), why="Mara wrote again"))
    assert not holds(told(mara.actor(), known_by="confirmed"))
    assert not holds(told(ana, why="a colleague reopened it"))


def test_disputes_take_it_back_without_an_audit(taught, desk, mara):
    intent = taught["return-how-to"]
    message = cast.opened(desk, mara, "Return", QUESTION).messages.get()
    first = consider(message)
    decided(message.ticket, intent, [True] * 120, score=0.2, fingerprint=first.fingerprint, evidence=first.evidence)
    Run.objects.filter(pk=first.pk).update(asked=False)
    review(intent)
    for number in range(3):
        run = consider(cast.opened(desk, mara, "Return", f"{QUESTION} ({number})").messages.get())
        assert run.outcome == "sent"
        Run.objects.filter(pk=run.pk).update(asked=False)
        count_against(run.ticket, "The customer said it did not help")

    review(intent)

    assert valid_licence(intent) is None
    assert "disputed, edited or found wrong" in Event.objects.get(kind="licence.suspended").data["why"]


def test_a_suspension_stops_what_is_still_in_its_pause(taught, desk, mara, ana):
    intent = taught["return-how-to"]
    Intent.objects.update(level="pause")
    licence = Licence.objects.create(
        intent=intent, threshold=0.01, alpha=0.05, n=80, k=0, bound=0.037, expires_at=now() + timedelta(days=60)
    )
    run = consider(cast.opened(desk, mara, "Return", QUESTION).messages.get())
    assert run.outcome == "pause"

    assert take_back(licence, "It quotes last year's prices", by=ana) == 1

    assert Message.objects.get(pk=run.sent_id).delivery == "withdrawn"
    run.ticket.refresh_from_db()
    assert (run.ticket.status, run.ticket.step_kind) == ("open", "answer")
    with pytest.raises(Conflict, match="ended already"):
        take_back(licence, "", by=ana)


def test_only_who_may_change_intents_takes_a_licence_back(ticket, returns, ben):
    with pytest.raises(Refused):
        take_back(earned(ticket, returns), "", by=ben)


def test_scores_that_lie_elsewhere_than_when_it_was_earned_have_to_be_proved_again(ticket, returns):
    earned(ticket, returns, score=[0.6 + 0.003 * at for at in range(120)])
    decided(ticket, returns, [None] * 100, score=0.99, asked=False)

    review(returns)

    assert "scores of what comes in lie elsewhere" in Licence.objects.get().ended_why


def test_a_licence_runs_out_with_a_warning_and_not_again_on_the_same_grades(ticket, returns):
    licence = earned(ticket, returns)
    with clock.at(licence.expires_at - timedelta(days=13)):
        assert (warn_of_ends(), warn_of_ends()) == (1, 0)
    with clock.at(licence.expires_at + timedelta(days=1)):
        assert review(returns) is None
        assert review(returns) is None
        decided(ticket, returns, [True])
        assert review(returns).n == 121


def test_a_few_grades_more_are_no_reason_for_a_new_licence(ticket, returns):
    licence = earned(ticket, returns)
    decided(ticket, returns, [True] * 5)
    assert review(returns) == licence

    decided(ticket, returns, [True] * 15)
    assert review(returns).n == 140


def test_intents_with_few_grades_earn_one_together(ticket, returns, copies):
    decided(ticket, returns, [True] * 60)
    decided(ticket, copies, [True] * 60)

    assert (review(returns), review(copies)) == (None, None)
    licence = review_pool("information")

    assert {intent.slug for intent in licence.members.all()} == {"return-how-to", "invoice-copy"}
    assert (licence.n, licence.about) == (120, "Information, together")
    assert valid_licence(returns) == valid_licence(copies) == licence


def test_a_member_that_is_worse_is_left_out_and_its_errors_still_count(ticket, returns, copies):
    decided(ticket, returns, [True] * 300)
    decided(ticket, copies, [False] * 5)
    licence = review_pool("information")

    copies.refresh_from_db()
    assert (valid_licence(returns), valid_licence(copies)) == (licence, None)
    assert (licence.k, copies.level) == (5, "suggest")
    assert "5 of its own 5 were wrong" in licence.left_out[str(copies.pk)]
    assert review_pool("information") == licence


def test_another_member_is_another_proving_with_what_comes_after(ticket, returns, copies, desk):
    decided(ticket, returns, [True] * 60)
    decided(ticket, copies, [True] * 60)
    licence = review_pool("information")
    Intent.objects.create(slug="hours", name="Opening hours", team=desk.repairs, level="send")

    assert review_pool("information") is None
    licence.refresh_from_db()
    assert licence.ended_why == "Its members changed"


def test_what_was_taken_back_does_not_come_back_by_the_pool(ticket, returns, copies, ana):
    licence = earned(ticket, returns)
    decided(ticket, copies, [True] * 60)
    take_back(licence, "", by=ana)

    review_pool("information")

    assert valid_licence(returns) is None


def test_to_say_and_to_do_are_licensed_apart(ticket, returns):
    decided(ticket, returns, [True] * 120, kind="action")

    assert review(returns) is None
    licence = review(returns, "action")
    assert (valid_licence(returns, "action"), valid_licence(returns)) == (licence, None)


def test_a_share_of_tickets_is_held_out_and_stays_so(taught, desk, mara, ana):
    intent = taught["return-how-to"]
    Licence.objects.create(
        intent=intent, threshold=0.01, alpha=0.05, n=80, k=0, bound=0.037, expires_at=now() + timedelta(days=60)
    )
    set_terms(holdout_share=1.0, by=ana)
    ticket = cast.opened(desk, mara, "Return", QUESTION)

    run = consider(ticket.messages.get())

    assert (run.outcome, run.why) == ("draft", "Chance gave this one to people, to compare with")
    arm = Arm.objects.get(ticket=ticket)
    assert (arm.arm, arm.share, arm.draw) == ("people", 1.0, draw("holdout", ticket.pk))

    set_terms(holdout_share=0.0, by=ana)
    assert consider(ticket.messages.get(), again=True).outcome == "draft"


def test_shares_that_cannot_be_are_refused(desk, ana, ben):
    with pytest.raises(Invalid, match="is a share between"):
        set_terms(audit_share=0.0, by=ana)
    with pytest.raises(Refused):
        set_terms(audit_share=0.5, by=ben)
    set_terms(audit_share=0.5, by=ana)
    assert terms().audit_share == 0.5


def test_the_fingerprint_is_of_what_decides(taught, model):
    assert fingerprint(heads(), model) == fingerprint(heads(), model)
