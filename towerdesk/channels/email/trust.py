"""Who vouches for a mail's sender: SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489), told by a hop or checked.

`verified` means: the domain in From itself vouched for this mail. It says nothing about the person.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

import authres
import authres.dmarc
import dkim
from publicsuffix2 import PublicSuffixList

from towerdesk.channels.email.addresses import read_addresses
from towerdesk.channels.email.dns import DnsTrouble, Resolver
from towerdesk.channels.email.mail import Mail
from towerdesk.channels.email.spf import check_spf

MAX_HEADERS = 10  # Authentication-Results fields read, from the top
MAX_LENGTH = 4_096  # characters read of one
MAX_SIGNATURES = 5  # DKIM signatures checked, from the top

type Result = Literal["pass", "fail", "softfail", "neutral", "policy", "none", "temperror", "permerror"]

_RESULTS = get_args(Result.__value__)
_AS = {"hardfail": "fail", "bestguesspass": "none", "unknown": "neutral", "error": "temperror"}
_CONTEXT = authres.FeatureContext(authres.dmarc)
_SERVER = re.compile(r"[^\s;()]+")


@dataclass(slots=True, frozen=True)
class Trust:
    """The verdicts on one mail. `sentence` is for a person; `verified` for everything that acts."""

    spf: Result = "none"
    dkim: Result = "none"
    dmarc: Result = "none"
    verified: bool = False
    source: Literal["header", "checked", "none"] = "none"
    sentence: str = "Nothing says whether the sender is who the mail claims."


@dataclass(slots=True, frozen=True)
class _Said:
    """One verdict with the domain that it is about."""

    result: Result
    domain: str = ""


def read_trust(mail: Mail, trusted_hosts: Sequence[str]) -> Trust:
    """The verdicts of the topmost Authentication-Results (RFC 8601) that a trusted server wrote; never those of others.

    `trusted_hosts` are authserv-ids. Such a server must remove fields that claim its name from what it lets in.
    """
    said = _trusted(mail.headers.get("authentication-results", []), {host.strip().lower() for host in trusted_hosts})
    if said is None:
        return Trust()
    author = _author_domain(mail)
    spf, signed = _best(said, "spf", author), _best(said, "dkim", author)
    dmarc = _best(said, "dmarc", author)
    if dmarc.result == "pass" and not _dmarc_holds(dmarc, spf, signed, said, author):
        dmarc = _Said("fail")
    return _trust(author, spf, signed, dmarc.result, "header")


def told_beside(mail: Mail, value: str) -> Trust:
    """What the provider that brought a mail says of it, as the value of an Authentication-Results (`providers.provider`)."""
    author, said = _author_domain(mail), _parsed(value)
    return _trust(
        author, _best(said, "spf", author), _best(said, "dkim", author), _best(said, "dmarc", author).result, "header"
    )


def verify(raw: bytes, mail: Mail, *, remote_ip: str, mail_from: str, helo: str, resolver: Resolver) -> Trust:
    """Check SPF, DKIM and DMARC ourselves, for mail that came straight to us. Never raises; asks `resolver` only."""
    author = _author_domain(mail)
    result, domain = check_spf(remote_ip, mail_from, helo, resolver)
    spf = _Said(_result(result), domain)
    signed = _signed(raw, author, resolver)
    return _trust(author, spf, signed, _dmarc(author, spf, signed, resolver), "checked")


def _author_domain(mail: Mail) -> str:
    """The domain in From; "" when there is none or when there are several senders, since each could be meant."""
    fields = mail.headers.get("from", [])
    if len(fields) != 1 or fields[0].count("<") > 1:
        return ""
    emails = {one.email for one in read_addresses(fields[0]) if one.email}
    return mail.sender.email.rpartition("@")[2] if emails == {mail.sender.email} else ""


def _trust(author: str, spf: _Said, signed: _Said, dmarc: Result, source: Literal["header", "checked"]) -> Trust:
    aligned = any(one.result == "pass" and _aligned(one.domain, author) for one in (spf, signed))
    verified = bool(author) and (dmarc == "pass" or (dmarc == "none" and aligned))
    return Trust(spf.result, signed.result, dmarc, verified, source, _sentence(author, spf, signed, dmarc, verified))


def _sentence(author: str, spf: _Said, signed: _Said, dmarc: Result, verified: bool) -> str:
    if not author:
        return "The mail names no single sender, so nobody can vouch for it."
    said = f"SPF {spf.result}, DKIM {signed.result}, DMARC {dmarc}"
    if verified:
        return f"The domain {author} vouches for this mail ({said})."
    if "temperror" in (spf.result, signed.result, dmarc):
        return f"Whether {author} sent this mail could not be checked just now ({said})."
    if dmarc == "fail":
        return f"This mail does not come from {author} as that domain's rules demand ({said})."
    return f"Nothing proves that this mail comes from {author} ({said})."


def _trusted(values: Sequence[str], hosts: set[str]) -> list[Any] | None:
    """The results in the run of trusted fields at the top; the first of somebody else ends it."""
    found: list[Any] | None = None
    for value in values[:MAX_HEADERS]:
        server = _SERVER.search(value)
        if not server or server.group().lower() not in hosts:
            if found is None:
                continue
            break
        found = (found or []) + _parsed(value)
    return found


def _parsed(value: str) -> list[Any]:
    try:
        return list(_CONTEXT.parse_value(value[:MAX_LENGTH]).results)
    except Exception:  # the library has its own errors, and trips over more than them
        return []


def _best(said: list[Any], method: str, author: str) -> _Said:
    """Of several verdicts by one method: a pass for the author's domain, else any pass, else the first."""
    of_method = [_Said(_result(one.result), _domain(one)) for one in said if one.method == method]
    passed = [one for one in of_method if one.result == "pass"]
    aligned = [one for one in passed if _aligned(one.domain, author)]
    return next(iter(aligned or passed or of_method), _Said("none"))


def _domain(one: Any) -> str:
    names = {"spf": ("smtp_mailfrom", "smtp_helo"), "dkim": ("header_d", "header_i"), "dmarc": ("header_from",)}[
        one.method
    ]
    value = next((str(found) for name in names if (found := getattr(one, name, None))), "")
    return value.rpartition("@")[2].strip("<>. ").lower()


def _result(value: str | None) -> Result:
    plain = _AS.get((value or "none").lower(), (value or "none").lower())
    return next((one for one in _RESULTS if one == plain), "none")


def _dmarc_holds(dmarc: _Said, spf: _Said, signed: _Said, said: list[Any], author: str) -> bool:
    """A pass must be about the sender we read, and can't stand where SPF and DKIM both are told and neither passed."""
    if not author or (dmarc.domain and not _aligned(dmarc.domain, author)):
        return False
    told = {one.method for one in said}
    return not {"spf", "dkim"} <= told or "pass" in (spf.result, signed.result)


def _aligned(domain: str, author: str) -> bool:
    """Relaxed alignment, RFC 7489 section 3.1: the same organisation."""
    return bool(domain and author) and organisation(domain) == organisation(author)


def organisation(domain: str) -> str:
    """The part of a domain that was registered: `mail.example.co.uk` → `example.co.uk`."""
    return str(_suffixes().get_sld(domain) or domain)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _signed(raw: bytes, author: str, resolver: Resolver) -> _Said:
    """The best of the signatures; one that leaves a part of the text unsigned does not count."""
    verdicts: list[_Said] = []
    for place in range(MAX_SIGNATURES):
        verdict = _signature(raw, place, resolver)
        if verdict is None:
            break
        verdicts.append(verdict)
        if verdict.result == "pass" and _aligned(verdict.domain, author):
            return verdict
    return next((one for one in verdicts if one.result == "pass"), verdicts[0] if verdicts else _Said("none"))


def _signature(raw: bytes, place: int, resolver: Resolver) -> _Said | None:
    def ask(name: bytes | str, timeout: int = 5) -> bytes:
        plain = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        return "".join(resolver(plain.rstrip("."), "TXT")[:1]).encode()

    checker = None
    try:
        checker = dkim.DKIM(raw)
        if place >= sum(1 for name, _ in checker.headers if name.lower() == b"dkim-signature"):
            return None
        is_good = bool(checker.verify(place, dnsfunc=ask)) and b"l" not in checker.signature_fields
        return _Said("pass" if is_good else "fail", _signer(checker))
    except DnsTrouble:
        return _Said("temperror", _signer(checker))
    except dkim.KeyFormatError:
        return _Said("permerror", _signer(checker))
    except Exception:  # hostile signatures make the library raise almost anything; none of it is a pass
        return _Said("fail", _signer(checker)) if checker else None


def _signer(checker: Any) -> str:
    domain = getattr(checker, "domain", b"") or b""
    return domain.decode("ascii", "replace").lower() if isinstance(domain, bytes) else str(domain).lower()


def _dmarc(author: str, spf: _Said, signed: _Said, resolver: Resolver) -> Result:
    if not author:
        return "none"
    try:
        policy = _policy(author, resolver)
    except DnsTrouble:
        return "temperror"
    if policy is None:
        return "none"
    for one, tag in ((spf, "aspf"), (signed, "adkim")):
        is_strict = policy.get(tag, "r").startswith("s")
        if one.result == "pass" and (one.domain == author if is_strict else _aligned(one.domain, author)):
            return "pass"
    return "temperror" if "temperror" in (spf.result, signed.result) else "fail"


def _policy(author: str, resolver: Resolver) -> dict[str, str] | None:
    """The tags of the DMARC record of the author's domain, else of its organisation; None when neither has one."""
    for domain in dict.fromkeys((author, organisation(author))):
        records = [
            one for one in resolver(f"_dmarc.{domain}", "TXT") if one.replace(" ", "").lower().startswith("v=dmarc1")
        ]
        if len(records) == 1:
            pairs = (tag.partition("=") for tag in records[0].split(";"))
            return {name.strip().lower(): value.strip().lower() for name, _, value in pairs if name.strip()}
    return None
