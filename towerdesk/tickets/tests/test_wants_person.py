"""Whoever asks for a person is understood: short or long, in capitals, beside a question, in each language of the templates."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import towerdesk.portal.chat.script as widget
from towerdesk.delivery.question import PERSON
from towerdesk.tickets.wants_person import language_asked_in, wants_person

ASKS = {
    "en": ("agent please", "real human", "a human please", "talk to a person", "I want a human", "can I speak to someone real",
           "human",
           "live agent", "No, agent please", "representative", "no bot please", "connect me to an operator", "person please",
           "real person now"),
    "de": ("Mensch bitte", "bitte einen Menschen", "Mitarbeiter bitte", "ich möchte mit einem Menschen sprechen", "echter Mensch",
           "mit jemandem reden", "Kundenberater", "kein Bot", "bitte einen Mitarbeiter",
           "mit einer echten Person sprechen", "Mensch"),
    "fr": ("un humain s'il vous plaît", "humain svp", "conseiller svp", "parler à une personne", "une vraie personne",
           "je veux parler à un conseiller", "pas un robot", "parler à quelqu’un", "un conseiller", "personne réelle"),
    "es": ("agente por favor", "una persona por favor", "quiero hablar con una persona", "un humano", "persona real",
           "hablar con alguien", "no quiero un robot", "hablar con un agente", "un agente humano", "asesor por favor"),
}  # fmt: skip
QUESTIONS = {
    "en": "How do I return the grinder? My order is BW-10001.",
    "de": "Wie schicke ich die Mühle zurück? Meine Bestellung ist BW-10001.",
    "fr": "Comment retourner le moulin ? Ma commande est la BW-10001.",
    "es": "¿Cómo devuelvo el molinillo? Mi pedido es BW-10001.",
}
LANGUAGES = sorted(ASKS)
asked = st.sampled_from([(language, ask) for language in LANGUAGES for ask in ASKS[language]])
dressed = st.sampled_from([str, str.upper, str.lower, str.capitalize])
ends = st.sampled_from(["", ".", "!", "!!!", " …", "?"])


@given(asked, dressed, ends, st.sampled_from(["before", "after", "alone"]))
@settings(max_examples=100, deadline=None)
def test_in_any_dress_and_anywhere(one, dress, end, where):
    language, ask = one
    said = dress(ask) + end
    question = QUESTIONS[language]

    assert wants_person(
        {"before": f"{said}\n{question}", "after": f"{question}\n\n{said}\n", "alone": f"  {said} "}[where]
    )


@given(st.sampled_from(LANGUAGES), st.text(max_size=40))
@settings(max_examples=25, deadline=None)
def test_whatever_else_is_written_a_line_of_its_own_is_heard(language, noise):
    assert wants_person(f"{ASKS[language][0]}\n{noise}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_alone_asks_for_nobody(language):
    assert language_asked_in(QUESTIONS[language]) == ""


@pytest.mark.parametrize(
    "said",
    [
        "The agent of the carrier came at 5.", "Can someone please send the invoice?", "The operator's manual says E4.",
        "I am an agent of the company and need the invoice",
        "Personne n'a répondu à ma commande.", "La persona que lo recibió no firmó.",
        "Der Mitarbeiter des Paketdienstes war nett.",
        "Meine Agentur braucht die Rechnung.", "The staff discount does not work.", "Mi agente de seguros pide la factura.",
    ],
)  # fmt: skip
def test_people_who_are_only_spoken_of_are_not_asked_for(said):
    assert not wants_person(said)


def test_what_the_chats_button_writes_and_what_the_letters_link_says_is_understood():
    words = (Path(widget.__file__).parent / "widget" / "words.js").read_text()
    written = [json.loads(found) for found in re.findall(r'ask_person: ("[^"]+")', words)]

    assert len(written) == words.count(" open: ") == 5
    assert all(wants_person(one) for one in written)
    assert all(wants_person(PERSON[language]) for language in LANGUAGES)
