"""How X counts the letters of a post: most weigh one, those of many scripts and emoji two, any link 23 (docs.x.com, counting)."""

import re
import unicodedata

LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
LINK = re.compile(r"https?://\S+")
OF_LINK = 23


def weight(text: str) -> int:
    plain = unicodedata.normalize("NFC", text)
    links = LINK.findall(plain)
    rest = LINK.sub("", plain)
    return OF_LINK * len(links) + sum(1 if any(low <= ord(one) <= high for low, high in LIGHT) else 2 for one in rest)
