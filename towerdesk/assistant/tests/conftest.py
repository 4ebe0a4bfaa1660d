"""A small library and a taught assistant: three intents, three articles, the fake embedder beside the real contract."""

import pytest

from towerdesk.assistant import brain
from towerdesk.assistant.models import Brain
from towerdesk.knowledge.index import index_all
from towerdesk.knowledge.models import Article
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.embedding import Embedder, embedder
from towerdesk.testing.cast import Desk
from towerdesk.tickets.models import Intent

RETURNS = """You can return an item within 30 days of delivery.

1. Sign in and open **Orders**.
2. Press **Return items** and print the label.
3. Hand the parcel in at any shop of the carrier.

The money is back on your account within 5 working days after the parcel arrives.
"""
DESCALING = """Descale the Solo 2 every 3 months, or when the display shows CAL.

You need two sachets of DS-2 and one litre of lukewarm water. Descaling takes about 35 minutes.
Please do not use vinegar, because it damages the seals.
"""
INVOICES = """You find every invoice under **Orders**: choose the order and press **Invoice (PDF)**.

We keep invoices for 7 years. Invoices are sent with the tracking mail as well.
"""
EXAMPLES = {
    "return-how-to": [
        "How do I return an item?",
        "I want to send the grinder back",
        "What is your return policy?",
        "How long can I return something?",
        "Where do I get a return label?",
        "I would like to give it back, it does not fit",
    ],
    "descaling": [
        "How do I descale my machine?",
        "The display says CAL",
        "How often should I descale?",
        "Can I use vinegar for the limescale?",
        "Which descaler do I need?",
        "How long does descaling take?",
    ],
    "invoice-copy": [
        "I need a copy of my invoice",
        "Where is my invoice?",
        "Please send me the receipt",
        "Can I download the bill as PDF?",
        "How long do you keep invoices?",
        "The invoice got lost",
    ],
}


@pytest.fixture(scope="session")
def model() -> Embedder:
    return embedder()


@pytest.fixture
def articles(desk: Desk, model: Embedder) -> dict[str, Article]:
    made = {}
    for slug, title, text in (
        ("return-an-item", "Return an item", RETURNS),
        ("descale", "Descale the Solo 2", DESCALING),
        ("find-your-invoice", "Find your invoice", INVOICES),
    ):
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
        lessons.update(name=learnt.name, content=learnt.content, fingerprint=learnt.fingerprint)
    return intents
