"""What the sets of replies say should be visible, read from the real data, and how near we come."""

import email
import json
import re
from email import policy
from email.message import EmailMessage
from pathlib import Path

from tests.data import data
from towerdesk.channels.email.clean import visible, visible_text
from towerdesk.channels.email.cleaning.markup import clean_markup
from towerdesk.channels.email.mail import Address, Mail

type Missed = list[str]


def plain(text: str) -> str:
    return " ".join(text.split())


def squeezed(text: str) -> str:
    return "".join(text.split())


def crisp() -> tuple[int, Missed]:
    """(how many files have an expectation, those that are not met)."""
    folder = data("email-replies-crisp")
    expected = json.loads((folder / "expected.json").read_text())
    texts = {name: (folder / "fixtures" / name).read_text() for name in expected}
    return len(expected), [name for name, wanted in expected.items() if not crisp_met(texts[name], wanted)]


def crisp_met(text: str, wanted: dict) -> bool:
    """`reply`, `visible_text` and the only visible fragment must be equal; where more are visible, the start."""
    shown = visible_text(text)
    first = wanted.get("fragment_text", {}).get("0")
    starts = first is None or (
        plain(shown) == plain(first) if wanted.get("fragments", 0) < 4 else plain(shown).startswith(plain(first))
    )
    exact = [wanted[key] for key in ("reply", "visible_text") if key in wanted]
    exact += [text] if wanted.get("fragments") == 1 else []
    held = [regex.replace("\\/", "/") for at, regex in wanted.get("fragment_contains_regex", []) if at == 0]
    return (
        starts and all(plain(shown) == plain(want) for want in exact) and all(re.search(regex, shown) for regex in held)
    )


def talon_plain() -> tuple[int, Missed, Missed]:
    """(number, missed, missed when a signature set apart may count as missing from the expected reply)."""
    files = sorted((data("email-replies-talon") / "standard_replies").glob("*.eml"))
    results = {file.name: talon_result(file) for file in files}
    strictly = [name for name, (strict, _) in results.items() if not strict]
    return len(files), strictly, [name for name, met in results.items() if not any(met)]


def talon_result(file: Path) -> tuple[bool, bool]:
    wanted = file.with_name(file.stem + "_reply_text")
    reply = wanted.read_text() if wanted.exists() else "Hello"
    found = visible(Mail(text=body_of(file, "text/plain")))
    return plain(found.text) == plain(reply), plain(f"{found.text} {found.signature}") == plain(reply)


def body_of(file: Path, kind: str) -> str:
    mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return next((part.get_content() for part in mail.walk() if part.get_content_type() == kind), "")


def text_of(html: str) -> str:
    return "\n".join(line.raw for line in clean_markup(html, lambda lines: None)[1])


def talon_signatures() -> tuple[int, Missed]:
    bodies = sorted((data("email-replies-talon") / "signature" / "emails" / "stripped").glob("*_body"))
    return len(bodies), [body.name for body in bodies if not signature_met(body)]


def signature_met(body: Path) -> bool:
    text, wanted, sender = (
        body.with_name(body.name.replace("_body", end)).read_text().replace("#sig#", "")
        for end in ("_body", "_signature", "_sender")
    )
    found = visible(Mail(text=text, sender=Address(sender.strip(), "")))
    return plain(found.signature) == plain(wanted) and plain(f"{found.text} {found.signature}") == plain(text)
