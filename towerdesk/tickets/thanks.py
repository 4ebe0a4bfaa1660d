"""Tell a mere thank-you from an answer, so that "thanks!" neither reopens a ticket nor distorts its numbers."""

import re

MOST_WORDS = 14
THANKS = re.compile(
    r"\b(thank(s| you)|thx|ty|cheers|perfect|great|works( now| again)?|solved|danke\w*|super|passt|klasse|merci|parfait|"
    r"gracias|perfecto|grazie|obrigad[oa]|bedankt|dank je|tack|tak|takk|kiitos|dzięki|dziękuję|спасибо|ありがとう)\b",
    re.IGNORECASE,
)
BUT = re.compile(
    r"[?]|\b(but|still|not|n't|isn|however|again,|aber|noch|nicht|leider|mais|encore|pas|pero|todavía|no|ma|non|another|also|"
    r"when|please|bitte|could|can you)\b|n't",
    re.IGNORECASE,
)


def is_thanks(text: str) -> bool:
    """True for a short text that thanks or confirms and asks, adds and doubts nothing."""
    words = text.split()
    return 0 < len(words) <= MOST_WORDS and bool(THANKS.search(text)) and not BUT.search(text)
