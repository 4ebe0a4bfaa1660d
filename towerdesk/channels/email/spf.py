"""Sender Policy Framework (RFC 7208): may this address send for that domain?

Of our own, since the library for it has seen no release since 2020. Left out on purpose: the `ptr` mechanism, which
RFC 7208 tells not to use and which matches nothing here, and explanations.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote

from towerdesk.channels.email.dns import DnsTrouble, Resolver

MAX_LOOKUPS = 10  # RFC 7208 section 4.6.4
MAX_VOID = 2  # lookups that find nothing, same section
MAX_HOSTS = 10  # hosts of one MX record set, same section

_RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_TERM = re.compile(
    r"([+?~-]?)([a-z0-9._-]+)(?:([:=])([^\s/]+(?:/(?=[^\d/])[^\s/]*)*))?((?:/\d{1,3})?(?://\d{1,3})?)\Z", re.IGNORECASE
)
_MACRO = re.compile(r"%(?:\{([slodipvh])(\d{0,3})(r?)([.+,/_=-]*)\}|([%_-]))", re.IGNORECASE)


class _Wrong(Exception):
    """The record can't be evaluated: permerror."""


def check_spf(ip: str, mail_from: str, helo: str, resolver: Resolver) -> tuple[str, str]:
    """(result of RFC 7208 section 2.6, domain it was asked for). The HELO name counts when there is no sender."""
    domain = mail_from.rpartition("@")[2].strip("<> .").lower() or helo.strip("[]. ").lower()
    try:
        address = ip_address(ip)
    except ValueError:
        return "none", domain
    if not domain or "." not in domain:
        return "none", domain
    sender = mail_from if "@" in mail_from else f"postmaster@{domain}"
    try:
        return _Check(address, sender, helo, resolver).evaluate(domain), domain
    except DnsTrouble:
        return "temperror", domain
    except (_Wrong, ValueError, RecursionError):
        return "permerror", domain


@dataclass(slots=True)
class _Check:
    ip: IPv4Address | IPv6Address
    sender: str
    helo: str
    resolver: Resolver
    lookups: int = 0
    void: int = 0

    def evaluate(self, domain: str) -> str:
        record = self._record(domain)
        if not record:
            return "none"
        terms = [self._term(word) for word in record.split()[1:]]
        for sign, name, value, bits in terms:
            if name not in ("redirect", "exp") and self._matches(name, value, bits, domain):
                return _RESULTS[sign or "+"]
        redirect = next((value for _, name, value, _ in terms if name == "redirect"), "")
        if not redirect:
            return "neutral"
        self._count()
        result = self.evaluate(self._expand(redirect, domain))
        if result == "none":
            raise _Wrong
        return result

    def _record(self, domain: str) -> str:
        records = [one for one in self.resolver(domain, "TXT") if one.lower().split(" ")[0] == "v=spf1"]
        if len(records) > 1:
            raise _Wrong
        return records[0] if records else ""

    def _term(self, word: str) -> tuple[str, str, str, str]:
        found = _TERM.match(word)
        if not found:
            raise _Wrong
        sign, name, mark, value, bits = found.groups()
        name = name.lower()
        if mark != "=" and name not in ("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"):
            raise _Wrong
        return sign, name if mark != "=" or name in ("redirect", "exp") else "unknown", value or "", bits

    def _matches(self, name: str, value: str, bits: str, domain: str) -> bool:
        if name == "all":
            return True
        if name in ("ip4", "ip6"):
            network = ip_network(value + bits.lstrip(), strict=False)
            return network.version == self.ip.version and self.ip in network
        if name in ("ptr", "unknown"):
            return False
        self._count()
        target = self._expand(value, domain) if value else domain
        if name == "include":
            return self._includes(target)
        if name == "exists":
            return bool(self._ask(target, "A"))
        hosts = [target] if name == "a" else self._exchangers(target)
        return any(self._is_at(host, bits) for host in hosts)

    def _includes(self, target: str) -> bool:
        result = self.evaluate(target)
        if result == "none":
            raise _Wrong
        return result == "pass"

    def _exchangers(self, target: str) -> list[str]:
        hosts = self._ask(target, "MX")
        if len(hosts) > MAX_HOSTS:
            raise _Wrong
        return hosts

    def _is_at(self, host: str, bits: str) -> bool:
        four, _, six = bits.partition("//")
        length = (four.strip("/") or "32") if self.ip.version == 4 else (six or "128")
        addresses = self._ask(host, "A" if self.ip.version == 4 else "AAAA")
        return any(self.ip in ip_network(f"{address}/{length}", strict=False) for address in addresses)

    def _ask(self, name: str, kind: str) -> list[str]:
        found = self.resolver(name, kind)  # type: ignore[arg-type]
        self.void += not found
        if self.void > MAX_VOID:
            raise _Wrong
        return found

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MAX_LOOKUPS:
            raise _Wrong

    def _expand(self, text: str, domain: str) -> str:
        """Macros of RFC 7208 section 7."""
        local, _, own = self.sender.rpartition("@")
        flat = str(self.ip) if self.ip.version == 4 else ".".join(self.ip.exploded.replace(":", ""))
        values = {"s": self.sender, "l": local, "o": own, "d": domain, "i": flat, "h": self.helo, "p": "unknown"}
        values["v"] = "in-addr" if self.ip.version == 4 else "ip6"

        def value_of(macro: re.Match[str]) -> str:
            letter, digits, reverse, marks, literal = macro.groups()
            if literal:
                return {"%": "%", "_": " ", "-": "%20"}[literal]
            parts = re.split(f"[{re.escape(marks or '.')}]", values[letter.lower()])
            parts = parts[::-1] if reverse else parts
            kept = ".".join(parts[-int(digits) :] if digits and int(digits) else parts)
            return quote(kept, safe="") if letter.isupper() else kept

        return _MACRO.sub(value_of, text)[-253:].lower()
