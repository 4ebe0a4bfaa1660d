"""Names that stand in addresses, made of names that people give."""

import zlib

from django.utils.text import slugify


def slug_of(name: str, otherwise: str) -> str:
    """`Café orders` → `cafe-orders`. A name in another script gets one that is its own: `团队` → `team-` and eight digits.

    Empty only for a name without a letter or digit.
    """
    found = slugify(name)
    if found or not any(char.isalnum() for char in name):
        return found
    return f"{otherwise}-{zlib.crc32(name.encode()):08x}"
