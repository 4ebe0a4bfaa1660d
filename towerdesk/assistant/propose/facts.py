"""What must match exactly between a reply and its source: numbers, amounts, dates, links and addresses."""

import re

FACT = re.compile(r"https?://[^\s)>\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\d+(?:[.,:/-]\d+)*")


def facts_of(text: str) -> set[str]:
    """Normalised: `1.000` and `1,000` stay different, since one of them may be wrong."""
    return {found.rstrip(".,:;/") for found in FACT.findall(text)}
