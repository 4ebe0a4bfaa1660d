"""Whether a mail was written by a person, so that no machine answers a machine (law 7).

What becomes of each kind:

- `""`: a person wrote it: a ticket, which may be answered automatically.
- `list`, `bulk`: becomes a ticket like any other, but is never answered automatically. A mail from a person through a
  CRM carries List-Unsubscribe too, and alerts of a customer's systems matter: they must not be set aside.
- `vacation`, `auto_reply`: on a known ticket kept there as a quiet message (no reopening, no answer); else set aside.
- `report` (DMARC, TLS), `receipt`, `own`: set aside.
- `bounce`, `complaint`: tied to the message of ours that they are about; no ticket.

Set aside means: stored, shown to people, and one click away from becoming a ticket.
Sources: RFC 3834 (automatic answers), RFC 2919 and 2369 (lists), RFC 5965 (complaints), RFC 7489 and 8460 (reports),
RFC 8098 (receipts), Exchange's X-Auto-Response-Suppress.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from towerdesk.channels.email.autowords import HINT_SUBJECTS, NOBODY, SURELY_BEGIN, VACATION_WORDS
from towerdesk.channels.email.mail import AutoKind, Mail
from towerdesk.channels.email.subjects import bare_subject

__all__ = ["ANSWER_KINDS", "ASIDE_KINDS", "QUIET_KINDS", "Verdict", "bare_subject", "kind"]

ANSWER_KINDS: frozenset[AutoKind] = frozenset([""])  # may be answered automatically
QUIET_KINDS: frozenset[AutoKind] = frozenset(
    ["vacation", "auto_reply"]
)  # a quiet message on a known ticket, else aside
ASIDE_KINDS: frozenset[AutoKind] = frozenset(["report", "receipt", "own"])

OWN_HEADER = "x-towerdesk-"
AUTORESPONDERS = (
    "x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-auto-reply-from",
    "x-mail-autoreply", "x-vacation", "x-autoresponse", "x-ms-exchange-oof", "x-vacation-message", "x-ooo",
)  # fmt: skip
DMARC_SUBJECT = re.compile(
    r"^\W*(?:\[[^\[\]]{0,60}\]\s*)?(?:dmarc aggregate )?report domain:.{1,300}submitter:", re.IGNORECASE
)
DMARC_FILE = re.compile(
    r"^[\w.-]+![\w.-]+!\d{9,11}!\d{9,11}(?:![\w.-]+)?\.(?:xml(?:\.gz)?|zip|gz|tar\.gz)$", re.IGNORECASE
)
TLS_TYPES = frozenset(["application/tlsrpt+json", "application/tlsrpt+gzip"])
REPORT_TYPE = re.compile(r"report-type\s*=\s*\"?([\w-]+)", re.IGNORECASE)
SERVANT = re.compile(
    r"^(?:mailer-daemon|mail-daemon|double-bounce|maildaemon|mdaemon)@|^mailer[- ]daemon$", re.IGNORECASE
)
LIST_SERVANT = re.compile(r"^(?:majordomo|listserv|mailman|[^@]+-(?:admin|owner|request|bounces?|ctl))@", re.IGNORECASE)
NOBODY_READS = re.compile(NOBODY, re.IGNORECASE)
MAILTO = re.compile(r"mailto:([^\s<>?,]{3,200})", re.IGNORECASE)


@dataclass(slots=True, frozen=True)
class Verdict:
    kind: AutoKind
    why: str  # one sentence for people; empty when a person wrote the mail


@dataclass(slots=True, frozen=True)
class Ours:
    addresses: frozenset[str]  # of our inboxes, lower case
    id_domains: frozenset[str]  # right-hand sides of the Message-IDs that we make


type Check = Callable[[Mail, Ours], Verdict | None]


def kind(
    mail: Mail, *, own_addresses: Collection[str], own_id_domains: Collection[str] = (), bounced: bool = False
) -> Verdict:
    """What kind of automatic mail this is, and why. `bounced`: `bounce.read_bounce` found a bounce in it."""
    ours = Ours(lowered(own_addresses), lowered(own_id_domains))
    first = (from_us, complaint, receipt)
    if bounced and not any(check(mail, ours) for check in first):
        return Verdict("bounce", "It reports that a mail could not be delivered.")
    for check in (*first, report, declared_answer, answer_by_subject, listed, sent_in_bulk, from_nobody):
        verdict = check(mail, ours)
        if verdict:
            return verdict
    return Verdict("", "")


def lowered(words: Collection[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


def from_us(mail: Mail, ours: Ours) -> Verdict | None:
    """Our own mail come back. The From address alone proves nothing: web forms like to send with it."""
    if any(name.startswith(OWN_HEADER) for name in mail.headers):
        return Verdict("own", "It carries a header that only our own mails have.")
    if mail.message_id.rpartition("@")[2].lower() in ours.id_domains:
        return Verdict("own", "Its Message-ID is one of ours.")
    if any(value.strip().lower() in ours.addresses for value in mail.headers.get("x-loop", [])):
        return Verdict("own", "Its X-Loop header names one of our addresses.")
    return None


def report_type(mail: Mail) -> str:
    found = REPORT_TYPE.search(mail.header("content-type"))
    return found[1].lower() if found else ""


def part_types(mail: Mail) -> set[str]:
    return {part.type for part in mail.parts}


def complaint(mail: Mail, ours: Ours) -> Verdict | None:
    if report_type(mail) == "feedback-report" or "message/feedback-report" in part_types(mail):
        return Verdict("complaint", "It is a feedback report: somebody marked a mail of ours as spam.")
    old_hotmail = mail.sender.email == "staff@hotmail.com" and mail.subject.lower().startswith(
        "complaint about message"
    )
    return Verdict("complaint", "It is a complaint about a mail of ours.") if old_hotmail else None


def receipt(mail: Mail, ours: Ours) -> Verdict | None:
    types = part_types(mail)
    if report_type(mail) == "disposition-notification" or "message/disposition-notification" in types:
        return Verdict("receipt", "It is a read receipt.")
    return None


def report(mail: Mail, ours: Ours) -> Verdict | None:
    names = [part.name for part in mail.parts]
    if report_type(mail) == "tlsrpt" or "tls-report-domain" in mail.headers or part_types(mail) & TLS_TYPES:
        return Verdict("report", "It is a TLS report.")
    if any(DMARC_FILE.match(name) for name in names) or (DMARC_SUBJECT.match(mail.subject) and mail.parts):
        return Verdict("report", "It is a DMARC report.")
    if report_type(mail) == "delivery-status":
        return Verdict("receipt", "It is a delivery report without a failure.")
    return None


def declared_answer(mail: Mail, ours: Ours) -> Verdict | None:
    """Headers with which a machine says that it answers (RFC 3834, section 5) or sends by itself."""
    submitted = mail.header("auto-submitted").strip().lower()
    if submitted.startswith("auto-replied") or (submitted.startswith("auto-") and answers(mail)):
        return answer(mail, "Its Auto-Submitted header says that a machine answered.")
    named = next((name for name in AUTORESPONDERS if mail.header(name).strip().lower() not in ("", "no", "false")), "")
    if named:
        return answer(mail, f"Its {named.title()} header says that a machine answered.")
    if mail.header("precedence").strip().lower().replace("-", "_") in ("auto_reply", "autoreply"):
        return answer(mail, "Its Precedence header says that a machine answered.")
    if "vacation" in mail.header("x-apple-action").lower() or mail.header("x-autogenerated").lower() == "reply":
        return answer(mail, "Its headers say that a machine answered.")
    if any(address.startswith("autoresponder") for address in mail.delivered_to):
        return answer(mail, "It came from an autoresponder.")
    return by_servant(mail)


def by_servant(mail: Mail) -> Verdict | None:
    if SERVANT.search(mail.sender.email) or SERVANT.search(mail.sender.name):
        return Verdict("auto_reply", "A mail system sent it.")
    if LIST_SERVANT.search(mail.sender.email) and ("x-mlserver" in mail.headers or mail.header("x-list-administrivia")):
        return Verdict("auto_reply", "A list server sent it.")
    if mail.return_path == "" and answers(mail):
        return answer(mail, "It answers a mail, but takes no answer itself (empty Return-Path).")
    return None


def answers(mail: Mail) -> bool:
    return bool(mail.in_reply_to or mail.references)


def answer(mail: Mail, why: str) -> Verdict:
    subject = mail.subject.lower()
    away = any(word in subject for word in VACATION_WORDS) or "vacation" in mail.header("x-apple-action").lower()
    away = away or any(word in mail.text[:400].lower() for word in VACATION_WORDS)
    return Verdict("vacation" if away else "auto_reply", why)


def answer_by_subject(mail: Mail, ours: Ours) -> Verdict | None:
    """A subject that machines write; one that people might write too needs a second sign."""
    subject = mail.subject.strip().lower().lstrip("[(*")
    if subject.startswith(SURELY_BEGIN):
        return answer(mail, "Its subject is that of an automatic answer.")
    second = suppresses(mail) or mail.return_path == "" or mail.header("precedence").lower() in ("bulk", "junk")
    if second and subject.startswith(HINT_SUBJECTS):
        return answer(mail, "Its subject and a header are those of an automatic answer.")
    return None


def suppresses(mail: Mail) -> bool:
    asked = {word.strip().lower() for word in mail.header("x-auto-response-suppress").split(",")}
    return bool(asked & {"all", "oof", "autoreply"})


def listed(mail: Mail, ours: Ours) -> Verdict | None:
    """A mailing list, unless the list is one of our own addresses (a shared inbox kept as a group)."""
    if is_own_list(mail, ours):
        return None
    for name in ("list-id", "list-post", "mailing-list", "x-mailing-list", "x-mailinglist"):
        if mail.header(name):
            return Verdict("list", f"It came through a mailing list ({name.title()}).")
    if mail.header("precedence").strip().lower() == "list":
        return Verdict("list", "It came through a mailing list (Precedence).")
    return None


def is_own_list(mail: Mail, ours: Ours) -> bool:
    posts = {address.lower() for address in MAILTO.findall(mail.header("list-post"))}
    identity = mail.header("list-id").rpartition("<")[2].rstrip("> ").lower()
    return bool(posts & ours.addresses) or identity in {address.replace("@", ".") for address in ours.addresses}


def sent_in_bulk(mail: Mail, ours: Ours) -> Verdict | None:
    if mail.header("precedence").strip().lower() in ("bulk", "junk"):
        return Verdict("bulk", "Its Precedence header says that it was sent in bulk.")
    if mail.header("auto-submitted").strip().lower().startswith("auto-"):
        return Verdict("bulk", "A machine sent it by itself (Auto-Submitted).")
    if suppresses(mail):
        return Verdict("bulk", "It asks that no machine answers it (X-Auto-Response-Suppress).")
    if is_own_list(mail, ours):
        return None
    for name in (
        "list-unsubscribe",
        "feedback-id",
        "x-campaign-id",
        "x-campaign",
        "x-cron-env",
        "x-fc-machinegenerated",
    ):
        if mail.header(name):
            return Verdict("bulk", f"It was sent in bulk or by a program ({name.title()}).")
    return None


def from_nobody(mail: Mail, ours: Ours) -> Verdict | None:
    """A sender that reads no answers; with a Reply-To to somebody else it is a form that a person filled in."""
    elsewhere = any(address.email and address.email != mail.sender.email for address in mail.reply_to)
    if NOBODY_READS.search(mail.sender.email) and not elsewhere:
        return Verdict("bulk", "Its sender reads no answers.")
    if mail.sender.email in ours.addresses and not elsewhere:
        return Verdict("bulk", "It was sent from one of our own addresses.")
    if mail.return_path == "":
        return Verdict("bulk", "It takes no answer (empty Return-Path).")
    return None
