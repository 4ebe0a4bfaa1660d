"""A postal address in what somebody wrote: a street with a number, then a place, on one line or on two.

Addresses differ by country, and the kept parsers are for one country each or weigh two gigabytes: this knows the forms
that European and American shops see most, and finds nothing in what it does not know.
"""

import re
from itertools import pairwise

_STREET_WORD = (
    r"(?:street|st\.?|road|rd\.?|avenue|ave\.?|lane|drive|square|quay|terrace|court|way|row|hill|close|gate|"
    r"boulevard|blvd\.?)"
)
_NAME = r"[^\W\d_][\w'’.-]*"
BEFORE = re.compile(rf"(\d{{1,5}}[a-z]?,?\s+(?:{_NAME}\s+){{0,4}}(?:{_STREET_WORD}|{_NAME}))\s*$", re.I)
"""“12 Mill Lane”, “8 rue des Tilleuls”."""
AFTER = re.compile(rf"((?:{_NAME}\s+){{0,4}}{_NAME}\s*,?\s+\d{{1,5}}\s?[a-z]?)\s*$", re.I)
"""“Lindenstraße 12”, “calle del Molino 8”."""
NUMBER = re.compile(r"\d")
PLACE = re.compile(
    rf"^\s*((?:[A-Z]{{1,2}}-)?(?:\d{{4,5}}|\d{{3}} \d{{2}})(?:\s?[A-Z]{{2}})?\s+{_NAME}(?:[ -]{_NAME}){{0,3}}"  # 1012 AB Utrecht
    rf"|{_NAME}(?:[ -]{_NAME}){{0,2}},?\s+(?:[A-Z]{{1,2}}\d[A-Z\d]?\s?\d[A-Z]{{2}}|[A-Z]{{2}}\s+\d{{5}}|\d{{4,5}})"
    rf"|[A-ZÀ-Þ][\w'’.-]*(?:[ -][A-ZÀ-Þ][\w'’.-]*){{0,2}})\s*$"  # Utrecht
)
LEAD = re.compile(
    r"^.*?\b(?:new address(?: is)?|address(?: is| to)?|send (?:it|everything) to|deliver(?: it)? to|"
    r"ship(?: it)? to|to|moved to|adresse(?: ist| lautet)?|an|nach|"
    r"adresse est|à|au|dirección(?: es)?|a|is|ist|lautet|est|es)\b\s*:?\s*",
    re.I | re.S,
)

TRAIL = re.compile(
    r"(?:\s+(?:instead|please|thanks|thank you|now|bitte|danke|schicken|senden|liefern|merci|svp|gracias|"
    r"por favor))+$",
    re.I,
)


def address_in(text: str) -> list[dict[str, str]]:
    """Each as {"street", "city"}; the city with its postcode, as it was written."""
    found: list[dict[str, str]] = []
    pieces = [
        TRAIL.sub("", piece.strip(" .;!?")).strip()
        for piece in re.split(r"[\n,;]|\.\s|\.$|(?<=\d)\s+in\s+(?=[A-Z\d])", text)
    ]
    pieces = [piece for piece in pieces if piece]
    for street, place in pairwise(pieces):
        line, city = _street(street), PLACE.match(place)
        if line and city and {"street": line, "city": city.group(1)} not in found:
            found.append({"street": line, "city": city.group(1)})
    return found


def _street(piece: str) -> str:
    """The end of it: what leads to the address is left off. No form is without a number."""
    if not NUMBER.search(piece):
        return ""
    for form in (BEFORE, AFTER):
        bare = piece
        while True:
            if (hit := form.search(bare)) and _is_street(hit.group(1)):
                shorter = LEAD.sub("", hit.group(1), count=1) if LEAD.match(hit.group(1)) else hit.group(1)
                return shorter.strip() if _is_street(shorter) else hit.group(1).strip()
            if not (lead := LEAD.match(bare)) or not lead.end():
                break
            bare = bare[lead.end() :]
    return ""


def _is_street(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]{3,}", text) and re.search(r"\d", text)) and not re.search(r"\b[A-Z]-\d{4,}", text)
