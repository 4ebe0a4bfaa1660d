"""Where it happens: versions, browser, device and system, from what people wrote and from what their browsers say.

A browser's own line is read by ua-parser. In prose only what is written with a name and a number counts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ua_parser import parse

UA = re.compile(r"Mozilla/5\.0 \([^\n]{10,400}")
NUMBER = r"v?(\d{1,4}(?:\.\d{1,5}){0,3})"
SYSTEM = re.compile(
    rf"\b(Windows|macOS|OS X|iOS|iPadOS|Android|Ubuntu|Debian|Fedora|ChromeOS)\s+(?:version\s+)?{NUMBER}\b", re.I
)
BROWSER = re.compile(
    rf"\b(Chrome|Firefox|Safari|Edge|Opera|Vivaldi|Brave|Samsung Internet)\s+(?:version\s+)?{NUMBER}\b", re.I
)
DEVICE = re.compile(
    r"\b(iPhone \d{1,2}(?: (?:Pro Max|Pro|Plus|mini))?|iPad(?: (?:Pro|Air|mini))?|Pixel \d{1,2}[a]?(?: Pro)?|"
    r"Galaxy (?:S|A|Z|Note ?)\w{1,8}|MacBook(?: (?:Pro|Air))?|Surface(?: (?:Pro|Go|Laptop))?|Fairphone \d)\b",
    re.I,
)
APP = re.compile(
    rf"\b(app|firmware|software|plug-?in|extension|client|version|release|build)\s*(?:version|no\.?|:)?\s*{NUMBER}\b",
    re.I,
)
SPELT = {"os x": "macOS", "macos": "macOS", "ios": "iOS", "ipados": "iPadOS", "chromeos": "ChromeOS"}
KINDS = ("App", "System", "Browser", "Device")
MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Met:
    """One value of one kind, and on how many tickets it was met."""

    kind: str
    value: str
    count: int


def environment_in(text: str) -> set[tuple[str, str]]:
    """(kind, value) of everything that this text says, also in lines that browsers write about themselves."""
    text = text[:MOST_TEXT]
    found: set[tuple[str, str]] = set()
    for line in UA.findall(text):
        found |= _of_browser_line(line)
    prose = UA.sub(" ", text)
    found |= {("System", f"{_spelt(name)} {number}") for name, number in SYSTEM.findall(prose)}
    found |= {("Browser", f"{_spelt(name)} {number}") for name, number in BROWSER.findall(prose)}
    found |= {("Device", name) for name in DEVICE.findall(prose)}
    rest = BROWSER.sub(" ", SYSTEM.sub(" ", prose))
    found |= {("App", f"{name.lower()} {number}") for name, number in APP.findall(rest)}
    return found


def gathered(by_ticket: Mapping[int, Iterable[str]]) -> list[Met]:
    """What is met on most tickets first, kind by kind."""
    counted: Counter[tuple[str, str]] = Counter()
    for texts in by_ticket.values():
        counted.update({one for text in texts for one in environment_in(text)})
    made = [Met(kind, value, count) for (kind, value), count in counted.items()]
    return sorted(made, key=lambda met: (KINDS.index(met.kind), -met.count, met.value))


def _of_browser_line(line: str) -> set[tuple[str, str]]:
    read = parse(line)
    found: set[tuple[str, str]] = set()
    if read.user_agent and read.user_agent.family != "Other":
        number = ".".join(part for part in (read.user_agent.major, read.user_agent.minor) if part)
        found.add(("Browser", f"{read.user_agent.family} {number}".strip()))
    if read.os and read.os.family != "Other":
        number = ".".join(part for part in (read.os.major, read.os.minor) if part)
        found.add(("System", f"{_spelt(read.os.family)} {number}".strip()))
    if read.device and read.device.family not in ("Other", "Mac"):
        found.add(("Device", read.device.family))
    return found


def _spelt(name: str) -> str:
    return SPELT.get(name.lower()) or (name if name[:1].isupper() else name.capitalize())
