"""Tell a mere thank-you from an answer, so that "thanks!" neither reopens a ticket nor distorts its numbers."""

import re

MOST_WORDS = 14
WORDS = (
    "yes|ja|oui|sí|fixed|"
    r"thank(s| you)|thx|ty|cheers|perfect|great|brilliant|wonderful|lovely|all (good|clear)|works( now| again)?|solved|"
    r"dank|danke\w*|super|perfekt|passt|klasse|alles klar|merci|parfait|gracias|perfecto|grazie|perfetto|obrigad[oa]|"
    "bedankt|dank je|tack|tak|takk|kiitos|dzięki|dziękuję|спасибо|ありがとう"
)
DOUBTS = (
    "but|still|not|n't|isn|however|never|unfortunately|sorry|worse|wrong|again,|no|another|also|when|please|could|can you|"
    "aber|noch|nicht|leider|falsch|bitte|mais|encore|pas|malheureusement|pero|todavía|ma|non"
)
THANKS = re.compile(rf"\b({WORDS})\b", re.IGNORECASE)
BUT = re.compile(rf"[?@\d]|://|\b({DOUBTS})\b|n't", re.IGNORECASE)
"""A number, an address: whoever gives one has said something that somebody should read."""


def is_thanks(text: str) -> bool:
    """True for a short text that thanks or confirms and asks, adds and doubts nothing."""
    words = text.split()
    return 0 < len(words) <= MOST_WORDS and bool(THANKS.search(text)) and not BUT.search(text)
