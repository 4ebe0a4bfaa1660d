"""What a message is about, without how it begins and ends and without the numbers of things.

A greeting, a thank-you and a name are half of a short mail and the same in all of them; a number such as B-18264 says
which one is meant, not what is wanted. Both pull a short text towards whatever else happened to hold them.
"""

import hashlib
import inspect
import re
import sys
from functools import cache

_HELLO = (
    r"hello|hi|hey|hiya|dear|good (?:morning|afternoon|evening|day)|to whom it may concern|greetings|"
    r"hallo|moin|servus|grüß gott|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|liebe[rs]?|grüezi|gruezi|"
    r"bonjour|bonsoir|salut|ch(?:er|ère)s?|madame|monsieur|hola|buenos días|buenas (?:tardes|noches)|buenas|"
    r"estimad[oa]s?|goedendag|goedemorgen|geachte|beste|buongiorno|salve|ciao"
)
_BYE = (
    r"(?:many |kind |best |warm |with )*(?:thanks|thank you|regards|wishes|greetings|cheers|best|sincerely|yours)|thx|"
    r"(?:vielen|besten|herzlichen|schönen|lieben) dank|danke|im voraus|"
    r"(?:mit |viele |liebe |beste |schöne |herzliche |freundliche[nm]? )+(?:grüßen?|gruß|gruss|grüssen?)|grüße|gruß|lg|vg|mfg|"
    r"merci|cordialement|bien (?:cordialement|à vous)|cdlt|salutations|sincères salutations|"
    r"(?:muchas |mil )?gracias|(?:un |cordiales )?saludos?|atentamente|"
    r"met vriendelijke groet(?:en)?|groet(?:en|jes)?|(?:alvast )?bedankt|grazie|cordiali saluti|distinti saluti"
)
_NAMES = r"(?:[^\S\n]+[\w'’-][\w'’.-]*+){0,4}+[^\S\n]*+"
HELLO = re.compile(rf"\A((?:[^\n]{{1,80}}\n\s*)?)(?:{_HELLO})\b(?:\.|{_NAMES}[,:!\n])\s*", re.IGNORECASE)
"""At the very beginning, or below one line: the subject."""
BYE = re.compile(rf"^\W*(?:{_BYE})\b", re.I)
BEFORE_A_STOP = re.compile(r"(?<!\s)\s++(?=[.,;:!?])")
NUMBER = re.compile(r"(?<![\w-])(?:[A-Za-z]{1,4}-?)?\d{4,}(?![\w-])")
MOST_LINES, MOST_WORDS = 4, 8
"""Of a closing: a longer one says something."""


def gist(text: str) -> str:
    """The text itself where nothing else would be left of it."""
    body = NUMBER.sub("", _without_end(HELLO.sub(r"\1", text.strip(), count=1)))
    body = re.sub(r"[^\S\n]+", " ", BEFORE_A_STOP.sub("", body)).strip()
    return body if re.search(r"\w\w", body) else text


def _without_end(text: str) -> str:
    lines = text.rstrip().split("\n")
    for at in range(max(1, len(lines) - MOST_LINES), len(lines)):
        if BYE.match(lines[at]) and all(_is_formal(line) for line in lines[at:]):
            return "\n".join(lines[:at])
    return text


def _is_formal(line: str) -> bool:
    return "?" not in line and len(line.split()) <= MOST_WORDS


@cache
def fingerprint() -> str:
    """Changes whenever this page changes: the models would read something else."""
    return hashlib.sha256(inspect.getsource(sys.modules[__name__]).encode()).hexdigest()[:16]
