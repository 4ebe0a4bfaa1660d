"""Make a letter of grounded sentences: a greeting, the sentences or steps, where to read more, a closing."""

from django.conf import settings

from towerdesk.assistant.propose.extract import Quote

GREETING = {"en": "Hello {name},", "de": "Guten Tag {name},", "fr": "Bonjour {name},", "es": "Hola, {name}:"}
MORE = {"en": "You can read more here:", "de": "Mehr dazu:", "fr": "Pour en savoir plus :", "es": "Más información:"}
CLOSING = {
    "en": "If this does not solve it, just write back and a person takes over.",
    "de": "Wenn das nicht hilft, antworten Sie einfach, dann übernimmt ein Mensch.",
    "fr": "Si cela ne suffit pas, répondez simplement à ce message et une personne prendra le relais.",
    "es": "Si esto no lo resuelve, responda a este mensaje y le atenderá una persona.",
}


def letter(quotes: list[Quote], *, language: str, to: str) -> str:
    """Plain text. Steps are numbered lines; a link leads to each article once."""
    spoken = language if language in GREETING else "en"
    links = dict.fromkeys(f"{settings.PUBLIC_URL}/help/{quote.passage.slug}" for quote in quotes)
    paragraphs = [
        GREETING[spoken].format(name=to).replace(" ,", ",").replace(", :", ":"),
        _body(quotes),
        "\n".join([MORE[spoken], *links]),
        CLOSING[spoken],
    ]
    return "\n\n".join(paragraphs)


def _body(quotes: list[Quote]) -> str:
    text = ""
    for before, quote in zip([None, *quotes], quotes, strict=False):
        text += _joint(before, quote) + _marker(quote) + quote.text
    return text.strip()


def _joint(before: Quote | None, quote: Quote) -> str:
    if before is None:
        return ""
    if quote.step is not None:
        return "\n"
    return "\n\n" if before.step is not None else " "


def _marker(quote: Quote) -> str:
    if quote.step is None:
        return ""
    return f"{quote.step}. " if quote.step else "• "
