"""The mood of a text, as a hint for a reader and a reason for care; never a decision by itself.

No kept library was good enough to decide on, so this is a short list of words that people use when they are cross.
"""

import re

ANGRY = re.compile(
    r"\b(unacceptable|ridiculous|outrag\w+|furious|disgrace\w*|worst|scam|useless|fed up|sick of|angry|appalling|"
    r"last time i|never again|unverschämt\w*|frechheit|wütend|inakzeptabel|scandaleux|inadmissible|honteux|"
    r"vergonzoso|inaceptable|indignante|estafa)\b",
    re.IGNORECASE,
)
ANNOYED = re.compile(
    r"\b(still (no|not|waiting)|again and again|third time|second time|disappoint\w+|annoy\w+|frustrat\w+|not happy|unhappy|"
    r"enttäusch\w+|ärger\w*|immer noch (nicht|kein)|schon wieder|déçue?|toujours pas|decepcionad\w+|todavía no)\b",
    re.IGNORECASE,
)
HAPPY = re.compile(
    r"\b(love|wonderful|delighted|fantastic|thrilled|herrlich|begeistert|adore|ravie?|encantad[oa])\b", re.I
)
SHOUT = re.compile(r"\b[A-ZÄÖÜ]{4,}\b")


def mood_of(text: str) -> str:
    """`angry`, `annoyed`, `happy` or `calm`."""
    shouted = len(SHOUT.findall(text)) >= max(3, len(text.split()) // 4)
    if ANGRY.search(text) or shouted or "!!!" in text:
        return "angry"
    if ANNOYED.search(text) or "!!" in text:
        return "annoyed"
    return "happy" if HAPPY.search(text) else "calm"
