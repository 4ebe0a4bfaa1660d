"""Try a form: it is filled in with made-up answers by whoever is asked to, and goes the whole way of a real one."""

from typing import Any

from towerdesk.channels.webform.drawn import draw
from towerdesk.channels.webform.said import Said
from towerdesk.intake.hand_in import HandedIn, hand_in
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.tickets.asks import Ask, asks_of
from towerdesk.tickets.models import Form
from towerdesk.tickets.shown import shown
from towerdesk.tickets.taxonomy.form_page import inbox_of, page_of

MADE_UP = {"text": "A test", "number": "1", "check": "yes", "link": "https://www.example.com/"}


def try_form(form: Form, *, email: str, by: Actor) -> HandedIn:
    """The ticket says that it is a test; the confirmation goes to `email`."""
    by.must("taxonomy.change")
    page = page_of(form)
    inbox = inbox_of(page)
    if inbox is None:
        raise Conflict("There is no mail inbox yet that an answer could leave from: open one first.")
    if form.retired_at is not None:
        raise Invalid("The form is retired: bring it back first.")
    said = Said(
        form=form.key,
        form_name=form.name,
        key=draw(form.key, 0).key,
        email=email,
        name=by.name,
        subject=f"Test of the form “{form.name}”",
        text="This is a test: nobody waits for an answer.",
        answers=_answers(asks_of(form), email),
        language=page.language,
        test=True,
    )
    return hand_in(said, inbox, network="test", by=by)


def _answers(asks: list[Ask], email: str) -> dict[str, Any]:
    """One by one, since what is asked depends on what was answered before."""
    answers: dict[str, Any] = {}
    for ask in asks:
        if ask in shown(asks, answers) and (value := _made_up(ask, email)):
            answers[ask.key] = value
    return answers


def _made_up(ask: Ask, email: str) -> str | list[str]:
    if ask.kind in ("choice", "multi"):
        first = ask.choices[0][0] if ask.choices else ""
        return [first] if ask.kind == "multi" and first else first
    if ask.kind == "date":
        return now().date().isoformat()
    return email if ask.kind == "person" else MADE_UP[ask.kind]
