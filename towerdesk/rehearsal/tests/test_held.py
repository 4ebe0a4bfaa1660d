"""The simulator takes the licences of the desk as they are, and what was really decided under them."""

from datetime import timedelta

import pytest

from towerdesk.assistant.models import Grade, Licence, Proving, Run
from towerdesk.lib.clock import now
from towerdesk.rehearsal.simulator.held import held_licences, live_decisions, record_of_held
from towerdesk.rehearsal.simulator.scenario import Scenario, answers_alone
from towerdesk.testing import cast
from towerdesk.tickets.models import Intent

pytestmark = pytest.mark.django_db
NAMES = ("milk", "foam", "grind")


@pytest.fixture
def intents(desk: cast.Desk) -> list[Intent]:
    return [Intent.objects.create(slug=name, name=name.title(), level="send", team=desk.repairs) for name in NAMES]


@pytest.fixture
def licence(intents: list[Intent]) -> Licence:
    """Of all three together; one of them was left out."""
    made = Licence.objects.create(
        risk="information", threshold=0.8, alpha=0.05, delta=0.05, n=200, k=2, bound=0.04, coverage=0.5, issued_at=now(),
        expires_at=now() + timedelta(days=60), fingerprints={"decider": "new", "versions": [7]},
        left_out={str(intents[2].pk): "worse"},
    )  # fmt: skip
    made.members.set(intents)
    return made


def decided(desk, person, intent: Intent, *, score: float = 0.9, version: int = 7, by: str = "new") -> Run:
    ticket = cast.opened(desk, person, "Milk")
    message = ticket.messages.earliest("pk")
    return Run.objects.create(
        ticket=ticket, message=message, kind="answer", state="open", outcome="draft", intent=intent, score=score,
        eligible=True, fingerprint=by, evidence=[{"version": version}],
    )  # fmt: skip


def test_the_pool_lets_out_its_members_but_for_the_one_that_was_left_out(licence):
    [held] = held_licences()

    assert (held.intent, held.members, held.versions) == ("information together", {"milk", "foam"}, {7})
    Licence.objects.update(ended_at=now())
    assert held_licences() == []


def test_what_it_lets_out_is_what_was_decided_under_it(licence, intents, desk, mara):
    milk, foam, grind = intents
    good = decided(desk, mara, milk)
    Grade.objects.create(
        run=good, intent=milk, score=0.9, right=False, verdict="rejected", by_kind="user", by_name="Ana"
    )
    others = [
        decided(desk, mara, grind),
        decided(desk, mara, foam, score=0.7),
        decided(desk, mara, milk, version=8),
        decided(desk, mara, milk, by="old"),
    ]

    past = live_decisions([run.ticket_id for run in (good, *others)])

    assert len(past) == 4
    assert {one.verdict for one in past if one.key == str(good.ticket_id)} == {"wrong"}
    assert answers_alone(Scenario("", autonomy=True, held=True), past, held_licences()) == {str(good.ticket_id)}


def test_its_record_is_what_it_really_sent(licence, intents, desk, mara):
    proving = Proving.objects.create(
        kind="answer", risk="information", fingerprint="new", thresholds=[0.8], begun_at=now()
    )
    Licence.objects.update(proving=proving)
    sent = [decided(desk, mara, intents[0]) for _ in range(3)]
    Run.objects.filter(pk__in=[run.pk for run in sent[:2]]).update(outcome="sent", licence=licence)
    for run in sent:
        Grade.objects.create(
            run=run, intent=run.intent, score=0.9, right=False, verdict="audited", by_kind="user", by_name="A"
        )

    assert record_of_held() == {"alone": 2, "known": 2, "wrong": 2}
