"""In which of the desk's languages a text is written (lingua; 20 MB and a quarter of a millisecond)."""

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from django.conf import settings

from towerdesk.lib.errors import Invalid

if TYPE_CHECKING:
    from lingua import LanguageDetector

SURE = 0.5
FEWEST_LETTERS = 8
MOST_CHARACTERS = 1000


def language_of(text: str) -> str:
    """ISO 639-1 code, or an empty string when the text is too short or could be several."""
    text = text[:MOST_CHARACTERS]
    if len(list(islice(filter(str.isalpha, text), FEWEST_LETTERS))) < FEWEST_LETTERS:
        return ""
    best = _detector().compute_language_confidence_values(text)[0]
    return best.language.iso_code_639_1.name.lower() if best.value >= SURE else ""


@cache
def _detector() -> "LanguageDetector":
    from lingua import IsoCode639_1, Language, LanguageDetectorBuilder

    try:
        spoken = [
            Language.from_iso_code_639_1(getattr(IsoCode639_1, code.upper())) for code in settings.LANGUAGES_SPOKEN
        ]
    except AttributeError as unknown:
        raise Invalid(
            f"TOWERDESK_LANGUAGES names {unknown}, which is no ISO 639-1 code: use such as en,de,fr."
        ) from None
    if len(spoken) < 2:
        spoken = [*spoken, Language.ENGLISH, Language.GERMAN]
    return LanguageDetectorBuilder.from_languages(*dict.fromkeys(spoken)).build()
