"""Yes, no, or neither: what an answer to “Shall we do this?” says. Whatever is not plainly one of them is neither."""

import re
from typing import Literal

type Said = Literal["yes", "no", ""]

_YES = (
    r"yes|yep|yeah|yup|sure|ok|okay|okey|please do|go ahead|do it|do so|confirm(?:ed)?|i confirm|correct|right|"
    r"agreed|absolutely|"
    r"sounds good|that's fine|fine|perfect|ja|jawohl|jep|gerne|einverstanden|passt|genau|bestätigt?|"
    r"machen sie das|bitte machen|"
    r"in ordnung|oui|ouais|d'accord|allez-y|je confirme|confirmé|c'est bon|volontiers|parfait|s[ií]|claro|"
    r"adelante|de acuerdo|vale|confirmo|"
    r"hágalo|correcto|perfecto|exacto"
)
_NO = (
    r"no|nope|nah|don't|dont|do not|rather not|never ?mind|leave it|forget it|changed my mind|keep it|stop|nein|"
    r"nee|nicht|doch nicht|lieber nicht|"
    r"lassen sie|non|ne|pas|plutôt pas|laissez|j'ai changé d'avis|mejor no|déjelo|déjalo|he cambiado de opinión|"
    r"cambi[éo] de idea"
)
_OPEN = (
    r"but|only if|instead|wait|unless|except|both|all of|also|as well|too|another|other|not sure|maybe|perhaps|"
    r"first|aber|nur wenn|stattdessen|"
    r"warte\w*|außer|beide|auch|vielleicht|erst|mais|seulement|plutôt|attendez|sauf|aussi|peut-être|pero|solo si|"
    r"en vez|espere|"
    r"excepto|también|ambos|quizás?"
)
YES, NO, OPEN = (re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.I) for words in (_YES, _NO, _OPEN))
HARMLESS = re.compile(
    r"\b(?:no problem|no worries|why not|kein problem|pas de problème|sin problema|no need to hurry)\b", re.I
)
POLITE = re.compile(
    r"\b(?:thanks?(?: you)?(?: very much| so much| a lot)?|please|kind regards|best regards|regards|cheers|best|"
    r"hello|hi|hey|dear|danke(?: schön)?|vielen dank|"
    r"bitte|viele grüße|mit freundlichen grüßen|hallo|merci(?: beaucoup)?|s'il vous plaît|svp|cordialement|"
    r"bonjour|gracias|"
    r"muchas gracias|por favor|saludos|hola)\b",
    re.I,
)
MOST_WORDS = 12
"""Whoever says more than this says more than yes or no."""


def answer_in(text: str) -> Said:
    said = re.sub(POLITE, " ", re.sub(HARMLESS, " yes ", text.replace("’", "'")))
    if "?" in said or OPEN.search(said):
        return ""
    yes, no = bool(YES.search(said)), bool(NO.search(said))
    if yes and no:
        return "no" if _takes_back(said) else ""
    if not (yes or no) or len(re.findall(r"\w+", said)) > MOST_WORDS:
        return ""
    return "yes" if yes else "no"


def _takes_back(said: str) -> bool:
    """A no that begins with no: “no, keep it, that's fine”."""
    first = re.match(r"\W*(?:no|nope|nein|non)\b", said, re.I)
    return (
        bool(first)
        and len(re.findall(r"\w+", said)) <= MOST_WORDS
        and not re.search(r"\b(?:yes|ja|oui|sí)\b", said, re.I)
    )
