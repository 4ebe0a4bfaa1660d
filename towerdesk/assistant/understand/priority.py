"""How pressing a request says it is, by a short list of words; the reason is shown, and a person may change it."""

import re

CRITICAL = re.compile(
    r"\b(fire|smoke|smells? of burning|electric shock|injur\w+|data breach|hacked|everything is down|complete outage|"
    r"feuer|rauch|stromschlag|verletzt|gehackt|incendie|fumée|blessée?|incendio|humo|herid[oa])\b",
    re.IGNORECASE,
)
HIGH = re.compile(
    r"\b(urgent\w*|asap|as soon as possible|immediately|emergency|outage|cannot (open|serve|work)|can't (open|serve|work)|"
    r"losing (money|customers)|today at the latest|dringend|sofort|notfall|eilig|urgence|tout de suite|urgente|de inmediato)\b",
    re.IGNORECASE,
)


def priority_of(text: str) -> tuple[str, str]:
    """(`critical`, `high` or `normal`; a sentence that says why, empty for normal)."""
    for level, words in (("critical", CRITICAL), ("high", HIGH)):
        found = words.search(text)
        if found:
            return level, f"“{found.group(0)}” makes it {level}"
    return "normal", ""
