"""The one question that every reply carries, in the customer's language, each answer one click; and the way to a person."""

from django.conf import settings

from towerdesk.channels.contract import Question
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.person_link import person_token
from towerdesk.tickets.rating_link import rating_token

WORDS = {
    "en": ("Did this help?", "Yes", "Partly", "No"),
    "de": ("Hat das geholfen?", "Ja", "Teilweise", "Nein"),
    "fr": ("Cela vous a-t-il aidé ?", "Oui", "En partie", "Non"),
    "es": ("¿Le ha ayudado?", "Sí", "En parte", "No"),
    "it": ("È stato utile?", "Sì", "In parte", "No"),
    "pt": ("Isto ajudou?", "Sim", "Em parte", "Não"),
    "nl": ("Heeft dit geholpen?", "Ja", "Deels", "Nee"),
    "sv": ("Hjälpte detta?", "Ja", "Delvis", "Nej"),
    "pl": ("Czy to pomogło?", "Tak", "Częściowo", "Nie"),
}
PERSON = {
    "en": "Talk to a person",
    "de": "Mit einem Menschen sprechen",
    "fr": "Parler à une personne",
    "es": "Hablar con una persona",
    "it": "Parlare con una persona",
    "pt": "Falar com uma pessoa",
    "nl": "Met een mens praten",
    "sv": "Prata med en människa",
    "pl": "Porozmawiaj z człowiekiem",
}


def person(ticket: Ticket) -> tuple[str, str]:
    """Under what the assistant sent alone: one press and a person has it."""
    return PERSON.get(ticket.language[:2], PERSON["en"]), f"{settings.PUBLIC_URL}/person/{person_token(ticket)}"


def question(ticket: Ticket) -> Question:
    text, yes, partly, no = WORDS.get(ticket.language[:2], WORDS["en"])
    link = f"{settings.PUBLIC_URL}/rate/{rating_token(ticket)}"
    return Question(text, [(yes, f"{link}/3"), (partly, f"{link}/2"), (no, f"{link}/1")])
