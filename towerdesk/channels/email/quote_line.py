"""What stands over the quoted mail in a reply of ours: who wrote it and when, in the customer's language.

`cleaning/words.py` has to know each verb and each beginning that is used here, so that their answer reads clean.
"""

from datetime import UTC

from django.utils import translation
from django.utils.formats import date_format

from towerdesk.channels.contract import Quote
from towerdesk.channels.email.cleaning.headers import REPLY_LINES
from towerdesk.lib.text import one_line, storable

ENGLISH = "en"
LINES = {
    "en": ("On {day} at {time}, {author} wrote:", "j M Y"),
    "de": ("Am {day} um {time} schrieb {author}:", "j. F Y"),
    "fr": ("Le {day} à {time}, {author} a écrit :", "j F Y"),
    "es": ("El {day} a las {time}, {author} escribió:", r"j \d\e F \d\e Y"),
    "it": ("Il {day} alle {time}, {author} ha scritto:", "j F Y"),
    "pt": ("Em {day} às {time}, {author} escreveu:", r"j \d\e F \d\e Y"),
    "nl": ("Op {day} om {time} schreef {author}:", "j F Y"),
    "sv": ("Den {day} kl. {time} skrev {author}:", "j F Y"),
    "pl": ("{day} o {time} {author} pisze:", "j E Y"),
}
SMALL_MONTHS = ("it", "pt")  # written with a capital by Django, not by those who speak the language


def reply_line(quote: Quote) -> str:
    return REPLY_LINES[_language(quote)]


def wrote(quote: Quote) -> str:
    """The time is UTC and says so: nobody knows where the reader is."""
    language = _language(quote)
    line, form = LINES[language]
    at = quote.at.astimezone(UTC)
    with translation.override(language):
        day = date_format(at, form)
    return line.format(
        day=day.lower() if language in SMALL_MONTHS else day,
        time=f"{at:%H:%M} UTC",
        author=one_line(storable(quote.author), 80),
    )


def _language(quote: Quote) -> str:
    return quote.language[:2] if quote.language[:2] in LINES else ENGLISH
