"""Who a notice says was not reached, each with the lines that say why."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

MOST_RECIPIENTS = 200
MOST_LINES = 4_000
LONGEST_REASON = 2_000  # characters
ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}@[\w.-]{1,150}[\w]"
FOUND = re.compile(rf"(?<![\w.@])({ADDRESS})")
FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,60})\s*:[ \t]*(.*)$")
STRONG = re.compile(
    rf"^[\s*\-:]*(?:<?{ADDRESS}>?\s*(?:$|[:(\[.,;]|\bon\b)"  # the address begins the line
    rf"|(?:\d{{3}}[ -](?:\d\.\d\.\d )?)?<{ADDRESS}>[.:]"  # 550 <address>... User unknown
    rf"|(?:to|rcpt to|for|recipients?|recipient address|failed recipient|delivery failed|address|target[\w ]{{0,20}}"
    rf"|destinataire|destinatario|empfänger|宛先|收件人)\s*[:：=]\s*<?\"?{ADDRESS})"  # Recipient: address
    rf"|rcpt to:\s*<|following recipients?[^.]{{0,60}}:\s*<?{ADDRESS}"
    rf"|(?:user|recipient|address|mailbox|delivered to|delivery to|could not be delivered to)\s?:?\s*[<(\"']?{ADDRESS}",
    re.IGNORECASE,
)
WEAK = re.compile(
    r"^\s*(?:from|sender|reply-to|mail from|return-path|message-?id|cc|contact|>>> mail)\b|mail from:", re.IGNORECASE
)
SERVANT = re.compile(r"^(?:postmaster|mailer-daemon|abuse|helpdesk|support|noreply|no-reply|root)@", re.IGNORECASE)


@dataclass(slots=True)
class Failure:
    recipient: str  # lower case, "" when unknown
    status: str = ""  # the field Status
    action: str = ""
    text: str = ""  # Diagnostic-Code, or the lines under the address


def from_report(report: str) -> list[Failure]:
    """The per-recipient groups of RFC 3464, section 2.3. A group needs a recipient, or an action and a status."""
    found: list[Failure] = []
    for group in groups(report):
        if len(found) >= MOST_RECIPIENTS:
            break
        recipient = recipient_of(group)
        if not recipient and not ("action" in group and "status" in group):
            continue
        text = (
            group.get("diagnostic-code", "")
            or group.get("x-diagnostic-code", "")
            or group.get("x-supplementary-info", "")
        )
        status = group.get("status", "").strip()
        found.append(
            Failure(recipient, status, group.get("action", "").strip().lower().split(" ")[0], text[:LONGEST_REASON])
        )
    return found


def groups(report: str) -> Iterator[dict[str, str]]:
    group: dict[str, str] = {}
    name = ""
    for line in report.split("\n")[:MOST_LINES]:
        field = FIELD.match(line)
        if not line.strip():
            yield group
            group, name = {}, ""
        elif line[0] in " \t" and name:
            group[name] = f"{group[name]} {line.strip()}"[:LONGEST_REASON]
        elif field:
            name = field[1].lower()
            if name in ("final-recipient", "original-recipient") and name in group:
                yield group
                group = {}
            group[name] = field[2].strip()
        elif name:
            group[name] = f"{group[name]} {line.strip()}"[:LONGEST_REASON]
    yield group


def recipient_of(group: dict[str, str]) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = group.get(name, "")
        address = FOUND.search(value.partition(";")[2] or value)
        if address:
            return address[1].lower()
    return ""


def from_prose(notice: str, not_these: Collection[str]) -> list[Failure]:
    """Addresses in a notice, each with the text that follows it. `not_these`: the sender's own, lower case."""
    lines = notice.split("\n")[:MOST_LINES]
    anchors = list(find_anchors(lines, not_these))
    strong = [anchor for anchor in anchors if anchor[2]]
    chosen = strong or anchors[:1]
    found: dict[str, Failure] = {}
    for number, (at, address, _) in enumerate(chosen[:MOST_RECIPIENTS]):
        until = next((later[0] for later in chosen[number + 1 :] if later[0] > at), len(lines))
        text = " ".join(" ".join(lines[at : min(until, at + 15)]).split())[:LONGEST_REASON]
        if address in found:
            found[address].text = f"{found[address].text} {text}"[:LONGEST_REASON]
        else:
            found[address] = Failure(address, text=text)
    return list(found.values())


def find_anchors(lines: Sequence[str], not_these: Collection[str]) -> Iterator[tuple[int, str, bool]]:
    for at, line in enumerate(lines):
        if "@" not in line or len(line) > 1000 or WEAK.search(line):
            continue
        strong = bool(STRONG.search(line))
        for address in FOUND.findall(line)[:20]:
            if address.lower() not in not_these and not SERVANT.match(address):
                yield at, address.lower(), strong
