"""An upgrade may bring another embedding model: nothing that the old one made is compared with the new one's vectors."""

import numpy as np

from towerdesk.assistant.brain import Made, heads, put_in_use
from towerdesk.assistant.consider import consider
from towerdesk.assistant.memory import Lesson, Memory
from towerdesk.assistant.models import Brain, Grade, Run
from towerdesk.assistant.score import Scorer
from towerdesk.assistant.study import study, study_at_first
from towerdesk.knowledge.models import Chunk, Version
from towerdesk.lib.embedding.fake import FakeEmbedder
from towerdesk.testing.cast import mara, opened

ASKED = "Please send me a copy of my invoice"


def test_with_another_model_articles_and_intents_are_learnt_again(desk, taught, model):
    other = FakeEmbedder()
    titles = {version.pk: bytes(version.title_vector) for version in Version.objects.all()}

    study(model=other)

    assert heads().intents.embedding == other.fingerprint
    assert set(Chunk.objects.filter(live=True).values_list("model", flat=True)) == {other.fingerprint}
    assert all(bytes(version.title_vector) != titles[version.pk] for version in Version.objects.all())
    run = consider(opened(desk, mara(), text=ASKED).messages.get(), by=other)
    assert run.intent.slug == "invoice-copy"


def test_what_was_graded_gets_vectors_of_the_new_model_and_nothing_else_keeps_those_of_the_old(
    desk, taught, model, ana
):
    """Also where it is a person who asks for it, before the clock does."""
    graded, other_one = (consider(opened(desk, mara(), text=ASKED).messages.get(), by=model) for _ in range(2))
    Grade.objects.create(run=graded, intent=graded.intent, right=True, score=graded.score, by_name=ana.name)
    learnt_of_it = Memory.of([Lesson(np.ones(384, np.float32), "invoice-copy", 1, True)])
    score = Scorer.prior().dumps().encode()
    put_in_use([Made("memory", learnt_of_it.dumps(), "old", {}), Made("score", score, "old", {})])
    other = FakeEmbedder()

    study(model=other)

    graded.refresh_from_db()
    about = consider(opened(desk, mara(), text=ASKED).messages.get(), by=other)
    assert bytes(graded.vector) == bytes(about.vector)
    assert Run.objects.get(pk=other_one.pk).vector is None
    assert heads().memory.fingerprint == "empty"


def test_with_the_same_model_a_memory_stays_until_there_is_another(desk, taught, model):
    learnt_of_it = Memory.of([Lesson(np.ones(384, np.float32), "invoice-copy", 1, True)])
    put_in_use([Made("memory", learnt_of_it.dumps(), "old", {})])
    run = consider(opened(desk, mara(), text=ASKED).messages.get(), by=model)

    study(model=model)

    assert heads().memory.fingerprint == learnt_of_it.fingerprint
    assert bytes(Run.objects.get(pk=run.pk).vector) == bytes(run.vector)


def test_where_texts_are_read_otherwise_than_before_it_is_learnt_again(desk, taught, model):
    study(model=model)
    assert not study_at_first()
    Brain.objects.filter(name="intents").update(measured={"texts": 30})  # of a desk of before

    assert study_at_first()
    study(model=model)
    assert not study_at_first()
