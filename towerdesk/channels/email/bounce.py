"""Read a bounce: who was not reached, why, and which mail of ours it was.

Understands RFC 3464 reports and notices in prose (qmail, Exim, Postfix, Sendmail, Exchange, Domino, Courier, …).
Feedback reports (RFC 5965), receipts (RFC 8098) and replies from people on holiday are no bounces: see `loops.kind`.
"""

import re
from collections.abc import Sequence

from towerdesk.channels.email.bouncing.diagnosis import find_status, reason_of, reply_code, status_of
from towerdesk.channels.email.bouncing.phrases import DELAYED, FAILURE
from towerdesk.channels.email.bouncing.reasons import REASONS
from towerdesk.channels.email.bouncing.recipients import FOUND, Failure, from_prose, from_report
from towerdesk.channels.email.bouncing.sections import OTHER_REPORTS, REPORTS, Sections, read_sections
from towerdesk.channels.email.mail import Bounce, Bounced, Mail

__all__ = ["REASONS", "read_bounce"]

DAEMON = re.compile(
    r"mailer[-_ ]?daemon|mail[-_ ]?deliver|postmaster|post_master|delivery[-_ ](?:sub)?system|mail[-_ ]?daemon|bounce|"
    r"system administrator|mail administrator|maildelivery|mail server|mail system|microsoftexchange|ndr administrator|"
    r"delivery[-_ ]?(?:failure|report|status)|content-filter",
    re.IGNORECASE,
)
REPORTED = re.compile(r"\breport\b|delivery-status", re.IGNORECASE)
ANSWERED = ("auto-generated", "auto-replied")
DELIVERED = ("delivered", "relayed", "expanded", "deliverable")


def read_bounce(mail: Mail, raw: bytes) -> Bounce | None:
    """The bounce that this mail is, else None. `raw`: its bytes, read up to a stated number of them."""
    if not may_be_bounce(mail):
        return None
    sections = read_sections(raw)
    if not is_bounce(mail, sections):
        return None
    failures = failures_of(mail, sections)
    if failures and all(failure.action in DELIVERED for failure in failures):
        return None
    failed = [diagnose(failure, sections, mail) for failure in failures if failure.action not in DELIVERED]
    return Bounce(failed, *original_of(mail, sections))


def may_be_bounce(mail: Mail) -> bool:
    """A cheap look at the headers, so that ordinary mail is not read twice."""
    return (
        from_daemon(mail)
        or mail.return_path == ""
        or "x-failed-recipients" in mail.headers
        or bool(REPORTED.search(mail.header("content-type")))
        or bool(FAILURE.search(mail.subject.lower()))
    )


def from_daemon(mail: Mail) -> bool:
    senders = f"{mail.sender.name} {mail.sender.email} {mail.return_path or ''} {mail.header('from')[:200]}"
    return bool(DAEMON.search(senders)) or ("from" in mail.headers and not mail.header("from").strip(" <>"))


def is_bounce(mail: Mail, sections: Sections) -> bool:
    """A report is a bounce by its type; prose needs a mail system for a sender and words about a failure."""
    kinds = {kind.removeprefix("report=") for kind in sections.types}
    if kinds & {*OTHER_REPORTS, "feedback-report", "disposition-notification"}:
        return False
    if kinds & set(REPORTS) or (sections.report and from_report(sections.report)):
        return True
    if "x-failed-recipients" in mail.headers:
        return True
    by_machine = (
        from_daemon(mail) or mail.return_path == "" or mail.header("auto-submitted").lower().startswith(ANSWERED)
    )
    said = bool(FAILURE.search(mail.subject.lower())), bool(FAILURE.search(sections.notice.lower()[:20_000]))
    told = bool(reply_code(sections.notice)) or bool(find_status("", sections.notice, ""))
    points = 2 * from_daemon(mail) + (mail.return_path == "") + 2 * said[0] + said[1] + told + bool(sections.original)
    return by_machine and any(said) and points >= 4


def failures_of(mail: Mail, sections: Sections) -> list[Failure]:
    """From the report; else from X-Failed-Recipients and the prose; else whom the returned mail was to."""
    not_these = {address.email for address in (*mail.to, mail.sender)} | set(mail.delivered_to)
    prose = from_prose(sections.notice, not_these)
    reported = from_report(sections.report)
    for failure in reported:
        if says_nothing(failure.text):
            said = next((other.text for other in prose if other.recipient == failure.recipient), "")
            failure.text = f"{failure.text} {said}".strip()
    for failure in reported:
        failure.recipient = failure.recipient or (prose[0].recipient if len(reported) == 1 and prose else "")
    if reported:
        return list({(failure.recipient, failure.status): failure for failure in reversed(reported)}.values())[::-1]
    named = [address.lower() for address in FOUND.findall(" ".join(mail.headers.get("x-failed-recipients", [])))]
    known = {failure.recipient for failure in prose}
    if named:
        return [failure for failure in prose if failure.recipient in named] + [
            Failure(address) for address in dict.fromkeys(named) if address not in known
        ]
    return prose or [Failure(address) for address in addressed(sections.original)[:1]] or [Failure("")]


def says_nothing(text: str) -> bool:
    return not reply_code(text) and reason_of(text, "") == "undefined"


def diagnose(failure: Failure, sections: Sections, mail: Mail) -> Bounced:
    text = failure.text
    if says_nothing(text):
        text = " ".join(f"{text} {sections.notice[:6_000]} {mail.subject if not text else ''}".split())
    code = reply_code(text)
    status = find_status(failure.status, text, code)
    reason = reason_of(failure.text, "") if failure.text else "undefined"
    reason = reason if reason != "undefined" else reason_of(text, status)
    permanent = is_permanent(failure, status, code, text)
    return Bounced(
        recipient=failure.recipient,
        status=status or code_only(code) or status_of(reason, permanent=permanent),
        reply_code=code,
        permanent=permanent,
        reason=reason,
        text=(failure.text or text)[:500],
    )


def is_permanent(failure: Failure, status: str, code: str, text: str) -> bool:
    """Whether it was given up. Without any code a notice is final unless it says that it keeps trying."""
    if failure.action == "failed" and not status:
        return True
    if failure.action == "delayed":
        return False
    if status or code:
        return (status or code)[0] == "5"
    return not DELAYED.search(text.lower())


def code_only(code: str) -> str:
    return f"{code[0]}.0.0" if code else ""


def addressed(original: str) -> list[str]:
    found = re.search(
        r"^[ \t>]*(?:To|Delivered-To|X-Original-To)\s*:((?:.*)(?:\n[ \t]+.*){0,20})",
        original,
        re.IGNORECASE | re.MULTILINE,
    )
    return [address.lower() for address in FOUND.findall(found[1])] if found else []


def original_of(mail: Mail, sections: Sections) -> tuple[str, Sequence[str], Sequence[str]]:
    """(Message-ID, recipients, references) of the mail that came back; from its headers, else from the notice's own."""
    text = sections.original
    ids = ids_in(text, "message-id")
    references = ids_in(text, "references") + ids_in(text, "in-reply-to")
    own_id = mail.message_id
    elsewhere = [found for found in (*mail.in_reply_to, *reversed(mail.references)) if found != own_id]
    return (ids or elsewhere or [""])[0], addressed(text), list(dict.fromkeys(references))


def ids_in(text: str, name: str) -> list[str]:
    found = re.search(rf"^[ \t>*]*{name}\s*:((?:.*)(?:\n[ \t]+.*){{0,60}})", text, re.IGNORECASE | re.MULTILINE)
    return re.findall(r"<([^<>\s]{1,500})>", found[1]) or found[1].split()[:1] if found else []
