"""A desk learns by itself when it can, and never in passing what a licence rests on."""

from datetime import timedelta

import pytest

from towerdesk.assistant.brain import heads
from towerdesk.assistant.consider import consider
from towerdesk.assistant.models import Brain, Grade, Licence, Proving
from towerdesk.assistant.study import FEW_GRADES, ask_to_study, learnt, study_at_first, study_when_free
from towerdesk.events.models import Event
from towerdesk.lib import clock
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import embedder
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.testing.cast import opened
from towerdesk.testing.evidence import decided
from towerdesk.tickets.models import Intent

SAID = {
    "milk": ["Which milk foams best?", "Can I use oat milk?", "The milk does not foam"],
    "grind": ["How fine do I grind?", "The grinder is too coarse", "Which grind for espresso?"],
}


@pytest.fixture
def intents(desk):
    return [
        Intent.objects.create(slug=slug, name=slug.title(), examples=said, team=desk.repairs)
        for slug, said in SAID.items()
    ]


def licence(intent: Intent) -> Licence:
    return Licence.objects.create(
        intent=intent, threshold=0.8, alpha=0.05, n=80, k=0, bound=0.037, expires_at=now() + timedelta(days=60)
    )


def test_two_intents_with_examples_are_learnt_at_once_and_only_once(intents):
    assert study_at_first()

    assert heads().intents is not None
    assert set(heads().intents.labels) == {"milk", "grind"}
    assert Event.objects.get(kind="assistant.learnt").data == {"texts": 6, "intents": 2, "grades": 0}
    assert not study_at_first()


def test_what_another_embedder_taught_reads_nothing_and_is_learnt_anew(intents, desk, mara, monkeypatch):
    study_at_first()
    monkeypatch.setenv("TOWERDESK_EMBEDDER", "wordllama")
    ticket = opened(desk, mara, text="Can I use oat milk?")

    assert consider(ticket.messages.get()).intent is None
    assert study_at_first()
    assert heads().intents.embedding == embedder().fingerprint
    assert not study_at_first()
    ticket = opened(desk, mara, text="Can I use oat milk?")
    assert consider(ticket.messages.get()).intent.slug == "milk"


def test_one_intent_is_nothing_to_tell_apart(desk):
    Intent.objects.create(slug="milk", name="Milk", examples=SAID["milk"], team=desk.repairs)

    assert not study_at_first()
    assert learnt().news == ()


def test_what_changed_is_learnt_after_four_weeks_while_nothing_is_at_stake(intents, ticket):
    study_at_first()
    assert learnt().news == ()
    Intent.objects.filter(slug="milk").update(examples=[*SAID["milk"], "Oat or soy?"])
    assert learnt().news == ("The intents or their examples have changed.",)
    assert not study_when_free()

    with clock.at(now() + timedelta(days=29)):
        held = licence(intents[0])
        assert learnt().ends == 1
        assert not study_when_free()

        Licence.objects.filter(pk=held.pk).update(ended_at=now())
        Proving.objects.create(kind="answer", intent=intents[0], fingerprint="as now", thresholds=[0.8], begun_at=now())
        decided(ticket, intents[0], [True] * FEW_GRADES)
        assert learnt().graded == FEW_GRADES
        assert not study_when_free()

        Grade.objects.first().delete()
        assert study_when_free()
        assert learnt().news == ()


def test_a_lead_may_ask_for_it_once_at_a_time(intents, ana, ben):
    with pytest.raises(Refused):
        ask_to_study(by=ben)
    ask_to_study(by=ana)

    assert learnt().since is not None
    with pytest.raises(Conflict, match="learning just now"):
        ask_to_study(by=ana)


def test_with_nothing_to_learn_from_the_sentence_says_what_to_do(desk, ana):
    with pytest.raises(Invalid, match="at least two intents a few example sentences"):
        ask_to_study(by=ana)
    assert not Brain.objects.exists()
