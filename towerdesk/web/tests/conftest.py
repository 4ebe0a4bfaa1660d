"""Ana's and Ben's browsers, without the browser; and a suggestion as the assistant leaves it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from towerdesk.accounts.models import User
from towerdesk.assistant.models import Run
from towerdesk.assistant.receipts import seal
from towerdesk.knowledge.models import Article
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib.actor import CLOCK
from towerdesk.testing import cast
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Intent, Message, Ticket
from towerdesk.tickets.save import save

SENTENCE = "A gasket that is flat on one side no longer seals the rim."


@pytest.fixture
def web(ana_user: User) -> Client:
    """Ana leads Repairs."""
    return signed_in(ana_user)


@pytest.fixture
def bens_web(ben_user: User) -> Client:
    return signed_in(ben_user)


@pytest.fixture
def admins_web(desk: cast.Desk) -> Client:
    return signed_in(cast.agent("Tomasz Wilk", role="admin"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def leaks(desk: cast.Desk) -> Intent:
    return Intent.objects.create(slug="leak", name="Leak after descaling", team=desk.repairs, level="suggest")


@pytest.fixture
def article(desk: cast.Desk) -> Article:
    written = write(None, "Leaks after descaling", f"{SENTENCE}\n\n## What to do\n\nTurn **the ring**.", by=CLOCK)
    publish(written, by=CLOCK)
    written.refresh_from_db()
    return written


@pytest.fixture
def suggested(leaks: Intent, article: Article) -> Callable[[Ticket], Run]:
    """Call it with a ticket: the assistant has read its newest message and suggests a reply."""

    def make(ticket: Ticket, **values: Any) -> Run:
        ticket.intent = leaks
        ticket.score = 0.93
        save(ticket, "intent", "score", also=next_step.plan(ticket, next_step.approve(ticket)))
        run = Run.objects.create(
            ticket=ticket,
            message=Message.objects.filter(ticket=ticket, direction="in").latest("id"),
            outcome="draft",
            intent=leaks,
            intent_probability=0.98,
            score=0.93,
            parts={"intent": 0.98, "match": 0.9},
            reply=f"Hello Mara,\n\n{SENTENCE} Turn it by half.\n\nKind regards",
            grounded=[{"text": SENTENCE, "source": 0, "start": 0, "end": len(SENTENCE), "support": 0.97}],
            evidence=[{"kind": "article", "id": article.pk, "title": article.title, "quote": SENTENCE, "score": 0.9}],
            steps=[{"name": "Read", "sentence": "English, calm", "milliseconds": 12.0}],
            why="There is no licence for Leak after descaling",
            **values,
        )
        seal(run, {"run": run.pk, "reply": run.reply, "rejected": []})
        return run

    return make
