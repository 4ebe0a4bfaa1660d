"""Whether somebody wants to talk to a person: in the desk's languages and some beside, in a sentence or one word."""

import re

from towerdesk.assistant.understand.folded import folded

_WHO = (
    r"(?:human(?: being)?|person|people|someone|somebody|agent|representative|rep|operator|employee|advisor|manager|"
    r"supervisor|staff(?: member)?)"
)
_ASKS = (
    r"(?:talk|speak|chat|connect(?: me)?|transfer(?: me)?|put me through|pass me|get me|need|want|give me|switch(?: me)?|"
    r"escalate(?: this| it| me)?|hand me over)"
)
_SENTENCES = (
    (
        rf"\b{_ASKS} (?:to |with |over to )?(?:an? |the |some |your |another )?"
        rf"(?:actual |real |live |human |living |proper |different )*{_WHO}\b(?! (?:account|order|data))"
    ),
    rf"\b(?:real|actual|live|human) (?:{_WHO}|support|help|being)\b",
    r"\bno (?:more )?(?:bots?|robots?|machines?|ai|chatbots?)\b",
    r"\bnot (?:a |with a |to a )?(?:bot|robot|ai|chatbot)\b",
    r"\bstop (?:the )?(?:bot|ai|automatic (?:replies|answers))\b",
    r"\bis (?:there|this) (?:a |an |any )?(?:human|person|real person)\b",
    # German
    r"\bmit (?:einem|einer|jemandem)(?: \w+){0,2}? (?:menschen|mitarbeiter\w*|person|berater\w*|kollegen)\b",
    r"\bmit jemandem (?:sprechen|reden|telefonieren)\b",
    r"\beinen (?:echten )?menschen\b|\b(?:echte[rn]?|richtige[rn]?) menschen?\b|\bmensch(?:en)? bitte\b|\bmitarbeiter bitte\b",
    r"\bkein(?:e|en)? (?:bot|roboter|ki|automat)\w*\b",
    # French
    (
        r"\b(?:parler|discuter|echanger|relation)(?: a| avec)(?: un| une| quelqu'un| un vrai| une vraie)+"
        r"(?: humain| personne| conseiller\w*| agent| operateur)?\b"
    ),
    r"\bun (?:vrai |etre )?humain\b|\bun conseiller\b|\bune (?:vraie )?personne\b|\bpas (?:un|de) robot\b",
    # Spanish
    (
        r"\b(?:hablar|comunicarme|contactar|chatear) con (?:una? |el |la )?"
        r"(?:persona|humano|agente|asesor|operador|representante|alguien)\b"
    ),
    r"\buna persona(?: real| de verdad)?\b|\bun (?:ser )?humano\b|\bun agente humano\b|\bno (?:quiero )?un (?:robot|bot)\b",
    # Dutch, Italian, Portuguese, Polish
    r"\bmet een (?:echt |echte )?(?:mens|persoon|medewerker)\b|\bparlare con (?:una persona|un operatore|un umano)\b",
    r"\bfalar com (?:uma pessoa|um atendente|um humano)\b|\brozmawiac z (?:czlowiekiem|konsultantem)\b",
)
PERSON = re.compile("|".join(_SENTENCES))
ONE_WORD = re.compile(
    r"^\W*(?:please |bitte |por favor |s'il vous plait )?(?:a )?(?:human|person|agent|operator|representative|"
    r"real person|live agent|mensch|mitarbeiter|humain|conseiller|persona|humano|agente|mens|medewerker|operatore|"
    r"atendente)(?: please| bitte| por favor| s'il vous plait| now| pls)?\W*$"
)


def wants_person(text: str) -> bool:
    """Asked before anything else, whatever the assistant is in the middle of."""
    said = folded(text)
    return bool(PERSON.search(said)) or any(ONE_WORD.match(folded(line)) for line in text.splitlines()[:20])
