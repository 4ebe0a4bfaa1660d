"""What a stop says to the customer: one friendly message, in their language where the phrases are written in it."""

from collections.abc import Mapping
from typing import Any

from towerdesk.assistant.procedures.engine import Stop
from towerdesk.assistant.procedures.expressions import spoken
from towerdesk.assistant.procedures.model import Procedure, Slot
from towerdesk.assistant.procedures.state import State, candidates

MOST_CHOICES = 8
PHRASES: dict[str, dict[str, str]] = {
    "hello": {"en": "Hello {name},", "de": "Guten Tag {name},", "fr": "Bonjour {name},", "es": "Hola, {name}:"},
    "ask": {
        "en": "We are happy to help. For that we still need:",
        "de": "Wir helfen Ihnen gern. Dafür brauchen wir noch:",
        "fr": "Nous vous aidons volontiers. Pour cela, il nous faut encore :",
        "es": "Con gusto le ayudamos. Para ello aún necesitamos:",
    },
    "ask_again": {
        "en": "We did not find it in your message. Please tell us:",
        "de": "Wir haben es in Ihrer Nachricht nicht gefunden. Bitte nennen Sie uns:",
        "fr": "Nous ne l'avons pas trouvé dans votre message. Merci de nous indiquer :",
        "es": "No lo hemos encontrado en su mensaje. Por favor, indíquenos:",
    },
    "not_yours": {
        "en": "We can't find that number among yours. Please tell us once more:",
        "de": "Diese Nummer finden wir bei Ihnen nicht. Bitte nennen Sie uns noch einmal:",
        "fr": "Nous ne trouvons pas ce numéro parmi les vôtres. Merci de nous indiquer encore une fois :",
        "es": "No encontramos ese número entre los suyos. Por favor, indíquenos de nuevo:",
    },
    "one_of": {"en": "one of these:", "de": "eines davon:", "fr": "au choix :", "es": "una de estas opciones:"},
    "confirm": {
        "en": "Shall we do this? Please answer with yes or no.",
        "de": "Sollen wir das so machen? Bitte antworten Sie mit Ja oder Nein.",
        "fr": "Devons-nous procéder ainsi ? Merci de répondre par oui ou par non.",
        "es": "¿Lo hacemos así? Por favor, responda sí o no.",
    },
    "kept": {
        "en": "All right: nothing was changed.",
        "de": "In Ordnung: Es wurde nichts geändert.",
        "fr": "C'est entendu : rien n'a été modifié.",
        "es": "De acuerdo: no se ha cambiado nada.",
    },
    "refused": {
        "en": "If something speaks against that, just write back and a person will look at it.",
        "de": "Wenn etwas dagegen spricht, antworten Sie einfach, dann sieht es sich ein Mensch an.",
        "fr": "Si vous voyez les choses autrement, répondez simplement et une personne s'en occupera.",
        "es": "Si no está de acuerdo, responda a este mensaje y lo revisará una persona.",
    },
    "done": {
        "en": "Is there anything else? Just write back.",
        "de": "Können wir noch etwas tun? Antworten Sie einfach.",
        "fr": "Autre chose ? Répondez simplement à ce message.",
        "es": "¿Algo más? Responda a este mensaje.",
    },
    "now_a_person": {
        "en": "A colleague takes over and has everything you told us: you need not say it again.",
        "de": "Eine Kollegin oder ein Kollege übernimmt und hat alles vor sich, was Sie uns gesagt haben.",
        "fr": "Un collègue prend le relais et dispose de tout ce que vous nous avez dit.",
        "es": "Un compañero se hace cargo y tiene todo lo que nos ha contado: no hace falta repetirlo.",
    },
}


def phrase(name: str, language: str) -> str:
    return PHRASES[name].get(language) or PHRASES[name]["en"]


def letter(stop: Stop, procedure: Procedure, state: State, *, language: str, to: str) -> str:
    """Plain text; empty when there is nothing to say to them."""
    body = BODIES[stop.kind](stop, procedure, state, language) if stop.kind in BODIES else ""
    return "\n\n".join([phrase("hello", language).format(name=to), body]) if body else ""


def kept(language: str, to: str) -> str:
    """They said no."""
    said = [phrase("hello", language).format(name=to), phrase("kept", language), phrase("done", language)]
    return "\n\n".join(said)


def question(slot: Slot, procedure: Procedure, state: State, language: str) -> str:
    """The slot's question with what can be chosen."""
    text = slot.question.get(language) or next(iter(slot.question.values()))
    choices = [option.value for option in slot.options] + [
        _told(one, slot.by) for one in candidates(procedure, state, slot.name)
    ]
    if not choices:
        return f"• {text}"
    listed = "\n".join(f"   – {choice}" for choice in choices[:MOST_CHOICES])
    return f"• {text} ({phrase('one_of', language).rstrip(':').strip()}):\n{listed}"


def _told(record: Mapping[str, Any], by: tuple[str, ...]) -> str:
    return ", ".join(spoken(record.get(field)) for field in by if record.get(field))


def _ask(stop: Stop, procedure: Procedure, state: State, language: str) -> str:
    slots = [slot for name in stop.missing if (slot := procedure.slot(name))]
    another = any(state.tries.get(f"other:{name}") for name in stop.missing)
    usual = "not_yours" if another else "ask_again" if stop.again else "ask"
    lead = stop.text or phrase(usual, language)
    return "\n\n".join([lead, "\n".join(question(slot, procedure, state, language) for slot in slots)])


def _confirm(stop: Stop, procedure: Procedure, state: State, language: str) -> str:
    return f"{stop.text}\n\n{phrase('confirm', language)}"


def _refused(stop: Stop, procedure: Procedure, state: State, language: str) -> str:
    return f"{stop.text}\n\n{phrase('refused', language)}"


def _done(stop: Stop, procedure: Procedure, state: State, language: str) -> str:
    return f"{stop.text}\n\n{phrase('done', language)}" if stop.text else ""


BODIES = {"ask": _ask, "confirm": _confirm, "refused": _refused, "done": _done}
