"""Whether somebody wants to talk to a person: in the desk's languages and some beside, in a sentence or one word.

No model is asked: it has to hold when there is none. A wrong yes costs a person's look, a wrong no a customer's patience.
"""

import re
from collections.abc import Sequence
from itertools import chain

from towerdesk.lib.folded import folded

_EN = (
    r"(?:human(?: being)?|person|people|someone|somebody|agent|representative|rep|operator|employee|advisor|manager|"
    r"supervisor|staff(?: member)?)"
)
_ASKS = (
    r"(?:talk|speak|chat|connect(?: me)?|transfer(?: me)?|put me through|pass me|get me|need|want|give me|switch(?: me)?|"
    r"escalate(?: this| it| me)?|hand me over|would like|i'd like)"
)
_DE = (
    r"(?:mensch(?:en)?|mitarbeiter\w*|person|berater\w*|kollegen|kundenberater\w*|ansprechpartner\w*|sachbearbeiter\w*)"
)
_FR = r"(?:humain|personne|conseillere?|agent|operateur|operatrice|interlocuteur|teleconseillere?)"
_ES = r"(?:persona|humano|agente|asesora?|operadora?|representante|alguien|empleado)"
_SENTENCES: dict[str, tuple[str, ...]] = {
    "en": (
        (
            rf"\b{_ASKS} (?:to |with |over to )?(?:an? |the |some |your |another )?"
            rf"(?:actual |real |live |human |living |proper |different )*{_EN}\b(?! (?:account|order|data))"
        ),
        rf"\b(?:real|actual|live|human) (?:{_EN}|support|help|being)\b",
        r"\b(?:human|agent|operator|representative|real person) (?:please|pls|plz)\b",
        r"\bno (?:more )?(?:bots?|robots?|machines?|ai|chatbots?)\b",
        r"\bnot (?:a |with a |to a )?(?:bot|robot|ai|chatbot)\b",
        r"\bstop (?:the )?(?:bot|ai|automatic (?:replies|answers))\b",
        r"\bis (?:there|this) (?:a |an |any )?(?:human|person|real person)\b",
    ),
    "de": (
        rf"\bmit (?:einem|einer|jemandem|ihrem|ihrer)(?: \w+){{0,2}}? {_DE}\b",
        r"\bmit jemandem (?:sprechen|reden|telefonieren|schreiben|chatten)\b",
        r"\beinen (?:echten |richtigen )?(?:menschen|mitarbeiter|kundenberater|ansprechpartner)\b",
        r"\b(?:echte[rn]?|richtige[rn]?|lebendige[rn]?) (?:mensch(?:en)?|mitarbeiter\w*|person)\b",
        rf"\b{_DE} bitte\b|\bbitte (?:einen? |ein |an einen )?{_DE}\b",
        r"\bkein(?:e|en)? (?:bot|roboter|ki|automat|maschine|chatbot)\w*\b",
    ),
    "fr": (
        (
            r"\b(?:parler|discuter|echanger|relation)(?: a| avec)(?: un| une| quelqu'un| un vrai| une vraie)+"
            r"(?: humain| personne| conseiller\w*| agent| operateur)?\b"
        ),
        rf"\bun (?:vrai |etre )?humain\b|\bun conseiller\b|\bune (?:vraie )?personne\b|\bvraie? {_FR}\b",
        r"\b(?:humain|conseillere?|agent|interlocuteur) (?:svp|stp|s'il (?:vous|te) plait)\b",
        r"\bpas (?:un|de|a un) (?:robot|bot|chatbot)\b|\bplus de (?:robot|bot)\b",
        r"\bpersonne (?:reelle|humaine)\b|\bservice (?:client )?humain\b",
    ),
    "es": (
        rf"\b(?:hablar|comunicarme|contactar|chatear|comunicar) con (?:una? |el |la )?{_ES}\b",
        r"\b(?:humano|agente|asesora?|operadora?) por favor\b",
        r"\buna persona(?: real| de verdad)?\b|\bun (?:ser )?humano\b|\bun agente humano\b",
        r"\bno (?:quiero )?(?:un |a un |con un |mas )?(?:robots?|bots?|chatbots?)\b",
        rf"\b{_ES} (?:real|de verdad|humano)\b|\batencion humana\b|\bpaseme con\b|\bpasame con\b",
    ),
    "nl": (r"\bmet een (?:echt |echte )?(?:mens|persoon|medewerker)\b",),
    "it": (r"\bparlare con (?:una persona|un operatore|un umano)\b",),
    "pt": (r"\bfalar com (?:uma pessoa|um atendente|um humano)\b",),
    "pl": (r"\brozmawiac z (?:czlowiekiem|konsultantem)\b",),
    "ar": (r"(?:اتحدث|التحدث|اتكلم|التكلم) (?:مع|الي|الى) (?:شخص|موظف|انسان)",),
}
SENTENCES = {language: re.compile("|".join(patterns)) for language, patterns in _SENTENCES.items()}

_REAL = r"(?:real|live|actual|human|echter|echten|echte|vrai|vraie)"
_WORDS: dict[str, str] = {
    "en": rf"(?:an? |the )?(?:{_REAL} )*(?:human(?: being)?|person|agent|operator|representative|someone|somebody|supervisor)",
    "de": rf"(?:einen? |ein )?(?:{_REAL} )*(?:mensch(?:en)?|mitarbeiter(?:in)?|kundenberater(?:in)?|ansprechpartner(?:in)?)",
    "fr": rf"(?:une? )?(?:{_REAL} )*(?:etre )?(?:humain|conseillere?|interlocuteur|personne)(?: humain)?",
    "es": rf"(?:una? )?(?:{_REAL} )*(?:persona|humano|agente|asesora?|operadora?)(?: humano| real)?",
    "nl": r"(?:een )?(?:mens|medewerker)",
    "it": r"(?:un )?(?:operatore|umano)",
    "pt": r"(?:um )?(?:atendente|humano)",
}
_PLEASE = (
    r"(?:please|pls|plz|now|only|bitte|jetzt|nur|sofort|por favor|porfa|ya|s'il (?:vous|te) plait|svp|stp|"
    r"maintenant|alstublieft|per favore)"
)
_TWICE = re.compile(r"[.!?,;:…\s]+")
ONE_WORD = {language: re.compile(rf"(?:{_PLEASE} )*{words}(?: {_PLEASE})*") for language, words in _WORDS.items()}
MOST_LINES = 20


def wants_person(text: str) -> bool:
    """Asked before anything else, whatever the assistant is in the middle of."""
    return bool(language_asked_in(text))


def language_asked_in(text: str) -> str:
    """ISO 639-1 code of the language in whose words they ask for a person; empty when they don't."""
    said = _plain(text)
    lines = [_TWICE.sub(" ", _plain(line)).strip() for line in text.splitlines()[:MOST_LINES]]
    return next(chain(_in_one_word(lines), _in_a_sentence(said)), "")


def _in_one_word(lines: Sequence[str]) -> "list[str]":
    return [language for language, words in ONE_WORD.items() if any(words.fullmatch(line) for line in lines)]


def _in_a_sentence(said: str) -> "list[str]":
    return [language for language, sentence in SENTENCES.items() if sentence.search(said)]


def _plain(text: str) -> str:
    return folded(text).replace("’", "'")
