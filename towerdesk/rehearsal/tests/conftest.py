"""A desk with a past: three intents, three articles, and tickets that Ben answered in September."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from towerdesk.accounts.models import User
from towerdesk.insights import facts
from towerdesk.knowledge.index import index_all
from towerdesk.knowledge.models import Article
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.embedding import Embedder, Vectors, embedder
from towerdesk.people.models import Person
from towerdesk.testing import cast
from towerdesk.testing.lessons import ARTICLES, EXAMPLES
from towerdesk.tickets.change import change
from towerdesk.tickets.close import close
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.reply import reply

MONDAY = datetime(2026, 9, 7, 9, tzinfo=UTC)
type Past = Callable[..., Ticket]


def day(number: float) -> datetime:
    """So many days after the Monday on which the past begins."""
    return MONDAY + timedelta(days=number)


class Once:
    """The real model, asked once for each text: the small library is the same in every test."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.dimension, self.fingerprint = embedder.name, embedder.dimension, embedder.fingerprint
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        if fresh:
            self._known |= dict(zip(fresh, self._embedder.embed(fresh), strict=True))
        return np.stack([self._known[text] for text in texts])


@pytest.fixture(scope="session")
def model() -> Embedder:
    return Once(embedder())


@pytest.fixture
def articles(desk: cast.Desk, model: Embedder) -> dict[str, Article]:
    made = {}
    with clock.at(day(-30)):
        for slug, (title, text) in ARTICLES.items():
            made[slug] = write(None, title, text, slug=slug, by=CLOCK)
            publish(made[slug], by=CLOCK)
    index_all(model)
    return made


@pytest.fixture
def intents(desk: cast.Desk) -> dict[str, Intent]:
    return {
        slug: Intent.objects.create(
            slug=slug, name=slug.replace("-", " ").capitalize(), examples=examples, team=desk.repairs, level="send"
        )
        for slug, examples in EXAMPLES.items()
    }


@pytest.fixture
def past(desk: cast.Desk, mara: Person, ben_user: User, intents: dict[str, Intent], articles: object) -> Past:
    """Call it with a question, an answer and a day: Mara asked, Ben answered two hours later, a day after it was closed."""
    ben = cast.acting(ben_user)

    def live(
        question: str,
        answer: str,
        on: float,
        intent: str = "return-how-to",
        subject: str = "A question",
        **more: object,
    ) -> Ticket:
        with clock.at(day(on)):
            ticket = cast.opened(desk, mara, subject, question)
        with clock.at(day(on) + timedelta(hours=1)):
            change(ticket, by=ben, intent=intents[intent])
        with clock.at(day(on) + timedelta(hours=2)):
            reply(ticket, answer, by=ben, then="resolve")
        with clock.at(day(on) + timedelta(days=1)):
            close(ticket, "Nothing more was heard", by=CLOCK)
        facts.fold()
        return ticket

    return live
