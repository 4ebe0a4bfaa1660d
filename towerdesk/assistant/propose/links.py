"""Where the links of a reply lead. Only to our own pages and to hosts that its sources name: nothing leaves by a link."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

LINK = re.compile(
    r"(?:https?|ftp|file|data|javascript|mailto)\s*:[^\s)>\]\"'<]+|(?<![\w@./-])(?:www\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s)>\]\"'<]*"
    r"|//[\w.-]+\.[a-z]{2,}[^\s)>\]\"'<]*|\bwww\.[^\s)>\]\"'<]+",
    re.IGNORECASE,
)
IMAGE = re.compile(
    r"!\[[^\]]*\]\s*\(\s*<?([^)\s>]+)|<\s*(?:img|iframe|video|audio|object|embed|link|script)\b[^>]*", re.IGNORECASE
)


def foreign_links(text: str, sources: Iterable[str]) -> list[str]:
    """Hosts, or whole links that name none, to which `text` leads and neither we nor the sources do. An image is one."""
    allowed = {host_of(settings.PUBLIC_URL)} | {host_of(link) for source in sources for link in links_in(source)}
    found = [host_of(link) or link for link in links_in(text) if host_of(link) not in allowed or not host_of(link)]
    return [*found, *(match.group(1) or match.group() for match in IMAGE.finditer(text))]


def links_in(text: str) -> list[str]:
    return [found.group().rstrip(".,:;!?") for found in LINK.finditer(text)]


def host_of(link: str) -> str:
    """In small letters, without `www.`, a port or whoever is named before an `@`; empty for what has no host."""
    address = link if "://" in link else f"https://{link.lstrip('/')}"
    if re.match(r"(?i)(?:mailto|data|javascript|file|ftp)\s*:", link):
        return ""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")
