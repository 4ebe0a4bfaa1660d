"""A desk learns by itself when it can, and never in passing what a licence rests on."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from towerdesk.assistant.brain import Made, heads, learnt_intents, put_in_use
from towerdesk.assistant.consider import consider
from towerdesk.assistant.models import Brain, Grade, Licence, Proving
from towerdesk.assistant.score import Scorer
from towerdesk.assistant.study import (
    FEW_GRADES,
    LOCK,
    STUDY,
    ask_to_study,
    learnt,
    put_to_use,
    study,
    study_at_first,
    study_when_free,
)
from towerdesk.events.models import Event
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import embedder
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.lib.locks import is_held, only_one
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


def asked_and_done(asks: Callable[[], bool] = study_at_first) -> bool:
    """Whether it asked for a job, which then did it."""
    if not asks():
        return False
    do_what_was_asked()
    return True


def do_what_was_asked() -> None:
    assert ProcrastinateJob.objects.filter(task_name=STUDY, status="todo").count() == 1
    study()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name = %s", [STUDY])


def test_two_intents_with_examples_are_learnt_at_once_and_only_once(intents):
    assert study_at_first()
    assert learnt().state == "waiting"
    assert not study_at_first()

    do_what_was_asked()

    assert heads().intents is not None
    assert set(heads().intents.labels) == {"milk", "grind"}
    assert Event.objects.get(kind="assistant.learnt").data == {"texts": 6, "intents": 2, "grades": 0}
    assert not study_at_first()


def test_what_another_embedder_taught_reads_nothing_and_is_learnt_anew(intents, desk, mara, monkeypatch):
    asked_and_done()
    monkeypatch.setenv("TOWERDESK_EMBEDDER", "wordllama")
    ticket = opened(desk, mara, text="Can I use oat milk?")

    assert consider(ticket.messages.get()).intent is None
    assert asked_and_done()
    assert heads().intents.embedding == embedder().fingerprint
    assert not study_at_first()
    ticket = opened(desk, mara, text="Can I use oat milk?")
    assert consider(ticket.messages.get()).intent.slug == "milk"


def test_one_intent_is_nothing_to_tell_apart(desk):
    Intent.objects.create(slug="milk", name="Milk", examples=SAID["milk"], team=desk.repairs)

    assert not study_at_first()
    assert learnt().news == ()


def test_what_changed_is_learnt_after_four_weeks_while_nothing_is_at_stake(intents, ticket):
    asked_and_done()
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
        assert asked_and_done(study_when_free)
        assert learnt().news == ()


def test_a_lead_may_ask_for_it_once_at_a_time(intents, ana, ben):
    with pytest.raises(Refused):
        ask_to_study(by=ben)
    ask_to_study(by=ana)

    assert learnt().since is not None
    with pytest.raises(Conflict, match="learning just now"):
        ask_to_study(by=ana)


def test_who_was_broken_off_is_taken_up_again_by_the_queue_and_who_gave_up_may_be_asked_anew(intents, ana):
    """A killed worker's job counts as running until the next worker gives it back: it is waited for, never by the clock."""
    ask_to_study(by=ana)
    for status, state in (("todo", "waiting"), ("doing", "waiting"), ("failed", "")):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE task_name = %s", [status, STUDY])
        with clock.at(now() + timedelta(hours=9)):
            assert learnt().state == state

    ask_to_study(by=ana)
    study()
    with only_one(LOCK):
        assert learnt().state == "learning"


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_killed_while_it_takes_up_what_it_learnt_all_of_the_old_decides(intents):
    """It has written the new intents, and is killed before the new score: nobody ever sees one without the other."""
    asked_and_done()
    score = Scorer.prior().dumps().encode()
    put_in_use([Made("score", score, "old", {"grades": 60})])
    old = heads().intents.fingerprint
    Intent.objects.filter(slug="milk").update(examples=[*SAID["milk"], "Oat or soy?"])
    made = [learnt_intents(embedder()), Made("score", score, "new", {"grades": 90})]

    def take_up() -> None:
        with only_one(LOCK):
            put_to_use(made, by=CLOCK)

    with killed_at_the_score(take_up):
        assert learnt().state == "learning"
        assert in_use() == [old, "old"]
    wait_until(lambda: not is_held(LOCK))
    assert (learnt().state, in_use()) == ("", [old, "old"])
    assert Event.objects.filter(kind="assistant.learnt").count() == 1

    take_up()
    assert in_use() == [made[0].fingerprint, "new"]
    assert made[0].fingerprint != old


def in_use() -> list[str]:
    """As any process of the desk sees it."""
    heads()
    return list(Brain.objects.filter(active=True).order_by("name").values_list("fingerprint", flat=True))


@contextmanager
def killed_at_the_score(does: Callable[[], None]) -> Iterator[None]:
    """A process of its own does it; while this holds the score's row, and it waits for that, it is killed."""
    connection.close()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.read(reader, 1)
            does()
        finally:
            os._exit(0)
    try:
        with transaction.atomic():
            Brain.objects.select_for_update().get(name="score", active=True)
            os.write(writer, b"!")
            wait_until(somebody_waits_for_a_row)
            yield
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
    finally:
        os.close(reader)
        os.close(writer)
    assert os.WIFSIGNALED(status)


def somebody_waits_for_a_row() -> bool:
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it would look only once
        cursor.execute(waits)
        return bool(cursor.fetchone()[0])


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(6000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("It did not come about within a minute.")


def test_with_nothing_to_learn_from_the_sentence_says_what_to_do(desk, ana):
    with pytest.raises(Invalid, match="at least two intents a few example sentences"):
        ask_to_study(by=ana)
    assert not Brain.objects.exists()
