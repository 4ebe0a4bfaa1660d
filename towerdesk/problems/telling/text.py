"""The words of a telling: proposed in the languages of those who are affected, filled in for each of them."""

import re
from collections.abc import Iterable

from django.conf import settings

from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import storable
from towerdesk.problems.models.banner import say_in
from towerdesk.tickets.models import Ticket

FIRST = "en"
MOST = 5000  # characters
GAP = re.compile(r"\{\{([^{}]*)\}\}")
GAPS = ("requester.first_name", "ticket.number", "me.first_name")
KNOWN = {
    "en": "Dear {{requester.first_name}},\n\nthank you for telling us. We know about this, and others have it, too: we are "
    "working on it just now. You need not do anything. We write to you as soon as it is over.\n\n"
    "Kind regards\n{{me.first_name}}",
    "de": "Guten Tag {{requester.first_name}},\n\ndanke für Ihre Nachricht. Das Problem ist uns bekannt, andere haben es "
    "auch: Wir arbeiten gerade daran. Sie brauchen nichts zu tun. Wir schreiben Ihnen, sobald es behoben ist.\n\n"
    "Freundliche Grüße\n{{me.first_name}}",
    "fr": "Bonjour {{requester.first_name}},\n\nmerci de nous avoir prévenus. Nous connaissons ce problème, d’autres le "
    "rencontrent aussi : nous y travaillons en ce moment. Vous n’avez rien à faire. Nous vous écrirons dès que tout "
    "sera rétabli.\n\nCordialement\n{{me.first_name}}",
    "es": "Hola, {{requester.first_name}}:\n\nGracias por avisarnos. Ya conocemos este problema y otras personas también "
    "lo tienen: estamos trabajando en ello. No tiene que hacer nada. Le escribiremos en cuanto esté resuelto.\n\n"
    "Un saludo\n{{me.first_name}}",
}
OVER = {
    "en": "Dear {{requester.first_name}},\n\nwhat you wrote to us about should work again. Is it fixed for you, too? If it "
    "is, you need not do anything, or just answer “yes”. If it is not, answer to this and we look at it again.\n\n"
    "Kind regards\n{{me.first_name}}",
    "de": "Guten Tag {{requester.first_name}},\n\nwas Sie uns gemeldet haben, sollte wieder funktionieren. Ist es auch bei "
    "Ihnen behoben? Wenn ja, brauchen Sie nichts zu tun, oder antworten Sie einfach mit „Ja“. Wenn nicht, antworten Sie "
    "auf diese Nachricht, und wir sehen es uns noch einmal an.\n\nFreundliche Grüße\n{{me.first_name}}",
    "fr": "Bonjour {{requester.first_name}},\n\nce que vous nous avez signalé devrait de nouveau fonctionner. Est-ce "
    "réglé chez vous aussi ? Si oui, vous n’avez rien à faire, ou répondez simplement « oui ». Sinon, répondez à ce "
    "message et nous regarderons de nouveau.\n\nCordialement\n{{me.first_name}}",
    "es": "Hola, {{requester.first_name}}:\n\nLo que nos comunicó debería funcionar de nuevo. ¿También en su caso? Si es "
    "así, no tiene que hacer nada, o responda simplemente «sí». Si no, responda a este mensaje y lo revisaremos otra "
    "vez.\n\nUn saludo\n{{me.first_name}}",
}
TEMPLATES = {"known": KNOWN, "over": OVER}


def proposed(kind: str, languages: Iterable[str]) -> dict[str, str]:
    """Language → text, English first; languages for which nobody wrote one hear English, unless somebody does now."""
    wanted = [FIRST, *sorted({one[:2].lower() for one in languages} - {FIRST, ""})]
    return {one: TEMPLATES[kind].get(one, "") for one in wanted}


def checked(texts: dict[str, str]) -> dict[str, str]:
    """Without languages that are left empty. Raises `Invalid` when nothing is said, or a gap can't be filled."""
    kept = {language: storable(text).strip() for language, text in texts.items() if text.strip()}
    if not kept:
        raise Invalid("Say something: the text is empty in every language.")
    for text in kept.values():
        if len(text) > MOST:
            raise Invalid(f"At most {MOST} characters in each language.")
        if wrong := next((name for name in map(str.strip, GAP.findall(text)) if name not in GAPS), ""):
            known = ", ".join(f"{{{{{one}}}}}" for one in GAPS)
            raise Invalid(f"There is no placeholder {{{{{wrong}}}}}: use one of {known}.")
    return kept


def filled(texts: dict[str, str], ticket: Ticket, me: Actor) -> str:
    """What the customer of this ticket reads: in its language, with the gaps filled in once."""
    name = settings.DESK_NAME if me.kind == "assistant" else me.name.split(" ")[0]
    values = dict(
        zip(GAPS, (ticket.requester.first_name, str(ticket.number), name), strict=True),
    )
    text = say_in(texts, ticket.language or ticket.requester.language)
    return GAP.sub(lambda found: values.get(found[1].strip(), ""), text)
