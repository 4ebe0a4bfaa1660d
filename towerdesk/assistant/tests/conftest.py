"""A small library and a taught assistant: three intents, three articles, the fake embedder beside the real contract."""

import pytest

from towerdesk.assistant import brain
from towerdesk.assistant.models import Brain
from towerdesk.assistant.tests.shop import asked, sender  # noqa: F401 - fixtures
from towerdesk.knowledge.index import index_all
from towerdesk.knowledge.models import Article
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.embedding import Embedder, embedder
from towerdesk.testing.cast import Desk
from towerdesk.testing.lessons import ARTICLES, EXAMPLES
from towerdesk.tickets.models import Intent


@pytest.fixture(scope="session")
def model() -> Embedder:
    return embedder()


@pytest.fixture
def articles(desk: Desk, model: Embedder) -> dict[str, Article]:
    made = {}
    for slug, (title, text) in ARTICLES.items():
        made[slug] = write(None, title, text, slug=slug, by=CLOCK)
        publish(made[slug], by=CLOCK)
    index_all(model)
    return made


@pytest.fixture
def intents(desk: Desk) -> dict[str, Intent]:
    return {
        slug: Intent.objects.create(
            slug=slug,
            name=slug.replace("-", " ").capitalize(),
            examples=examples,
            team=desk.billing if slug == "invoice-copy" else desk.repairs,
            level="send",
        )
        for slug, examples in EXAMPLES.items()
    }


@pytest.fixture(scope="session")
def lessons() -> dict[str, object]:
    """What was learnt once serves every test: training takes seconds."""
    return {}


@pytest.fixture
def taught(
    articles: dict[str, Article], intents: dict[str, Intent], model: Embedder, lessons: dict[str, object]
) -> dict[str, Intent]:
    """The assistant knows the three intents and has read the three articles."""
    if lessons:
        Brain.objects.create(**lessons)
    else:
        learnt = brain.train_intents(model)
        lessons.update(
            name=learnt.name, content=learnt.content, fingerprint=learnt.fingerprint, measured=learnt.measured
        )
    return intents
