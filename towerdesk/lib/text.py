"""Small tools for text that people read."""

from urllib.parse import SplitResult, urlsplit


def initials(name: str) -> str:
    """Up to two capitals: `Ben Okafor` → `BO`, `priya@roast.example` → `P`."""
    words = [word for word in name.split("@")[0].replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def one_line(text: str, most: int) -> str:
    """The text on one line without control characters, cut to `most` characters with an ellipsis."""
    line = " ".join(text[: most * 4].split())
    if not line.isprintable():
        line = " ".join("".join(char if char.isprintable() else " " for char in line).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def storable(text: str) -> str:
    """What PostgreSQL can hold as text: no NUL, no lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8") if text else text


def plain_address(address: str) -> str:
    """A mail address in lower case, without its plus part: `Support+sales@Roast.example` → `support@roast.example`."""
    local, at, domain = address.strip().lower().rpartition("@")
    return local.partition("+")[0] + at + domain


def as_number(given: str) -> int:
    """A whole number that fits into the database; 0 for anything else."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0


def split_url(address: str) -> SplitResult:
    """As `urlsplit`; what makes no sense to it, such as `http://[`, has no scheme and no host instead of an error."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", address, "", "")
