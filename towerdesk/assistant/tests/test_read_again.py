"""An upgrade may bring another embedding model: nothing that the old one made is compared with the new one's vectors."""

from towerdesk.assistant.brain import heads
from towerdesk.assistant.consider import consider
from towerdesk.assistant.learn_again import learn_again
from towerdesk.assistant.models import Brain
from towerdesk.knowledge.models import Chunk, Version
from towerdesk.lib.embedding.fake import FakeEmbedder
from towerdesk.testing.cast import mara, opened


def test_with_another_model_articles_and_intents_are_learnt_again(desk, taught, model):
    other = FakeEmbedder()
    titles = {version.pk: bytes(version.title_vector) for version in Version.objects.all()}

    assert learn_again(other)

    assert heads().intents.embedding == other.fingerprint
    assert set(Chunk.objects.filter(live=True).values_list("model", flat=True)) == {other.fingerprint}
    assert all(bytes(version.title_vector) != titles[version.pk] for version in Version.objects.all())
    run = consider(opened(desk, mara(), text="Please send me a copy of my invoice").messages.get(), by=other)
    assert run.intent.slug == "invoice-copy"


def test_with_the_same_model_there_is_nothing_to_do(desk, taught, model):
    before = heads().intents.fingerprint
    assert not learn_again(model)
    assert heads().intents.fingerprint == before


def test_a_desk_that_learnt_nothing_yet_has_nothing_to_learn_again(desk, model):
    assert not learn_again(model)


def test_where_texts_are_read_otherwise_than_before_it_is_learnt_again(desk, taught, model):
    Brain.objects.filter(name="intents").update(measured={"texts": 30})  # of a desk of before

    assert learn_again(model)
    assert not learn_again(model)
