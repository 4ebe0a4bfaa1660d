"""The one question that every reply carries, in the customer's language, each answer one click."""

from django.conf import settings

from towerdesk.channels.contract import Question
from towerdesk.tickets.models import Ticket
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


def question(ticket: Ticket) -> Question:
    text, yes, partly, no = WORDS.get(ticket.language[:2], WORDS["en"])
    link = f"{settings.PUBLIC_URL}/rate/{rating_token(ticket)}"
    return Question(text, [(yes, f"{link}/3"), (partly, f"{link}/2"), (no, f"{link}/1")])
