"""Mail that is no request we could serve: newsletters, robots, tricks, threats, and people who mean somebody else."""

import gzip
import tomllib
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from towerdesk.cli.demo.dice import Dice, fill, pick
from towerdesk.cli.demo.envelope import Attachment
from towerdesk.cli.demo.facts import HERE
from towerdesk.cli.demo.people import Person, someone
from towerdesk.cli.demo.phrases import PRODUCTS
from towerdesk.cli.demo.request import Csat, Request, Says
from towerdesk.cli.demo.slots import slots

KINDS = (
    "newsletter", "auto_reply", "bounce", "dmarc_report", "injection", "outlook_reply", "legal_threat", "out_of_scope",
)  # fmt: skip
AUTOMATIC = ("newsletter", "auto_reply", "bounce", "dmarc_report")
SILENT = Csat(answers=False, if_solved=3, if_not=2, comment_if_solved="", comment_if_not="")

DMARC = """<?xml version="1.0" encoding="UTF-8"?>
<feedback>
  <report_metadata><org_name>{domain}</org_name><report_id>{digits}</report_id></report_metadata>
  <policy_published><domain>brasswell.example</domain><p>quarantine</p></policy_published>
  <record>
    <row><source_ip>192.0.2.25</source_ip><count>{qty}</count>
      <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row>
    <identifiers><header_from>brasswell.example</header_from></identifiers>
  </record>
</feedback>
"""


def stray(chance: Dice, people: tuple[Person, ...], at: datetime, kind: str = "") -> Request:
    """One stray of this kind, or of one by its weight. Raises ValueError for an unknown kind."""
    row = _row(chance, kind)
    text = chance.choice(row["text"])
    language = text.get("language", "en")
    writer = someone(chance, _speakers(people, language))
    sender = _robot(chance, row, writer) if "from" in row else writer
    facts = slots(chance, writer, at, language, PRODUCTS[:4], (), ())
    facts |= {"domain": sender.email.partition("@")[2], "other": someone(chance, people).email}
    body = pick(chance, [text["body"]], facts)
    return Request(
        token=f"{chance.getrandbits(64):016x}",
        kind=row["kind"],
        intent="complaint" if row["kind"] == "legal_threat" else "",
        case=0,
        truth_articles=(),
        needs_person=row["kind"] not in AUTOMATIC,
        person=sender,
        language=language,
        mood="angry" if row["kind"] == "legal_threat" else "calm",
        subject=pick(chance, [text["subject"]], facts),
        words=body.split("\n________________________________")[0].split("\nFrom: ")[0].strip(),
        body=body,
        html=None,
        says=_says(row["kind"]),
        csat=SILENT,
        attachments=_attachments(row["kind"], facts),
        headers=tuple((name, fill(value, facts)) for name, value in row.get("headers", {}).items()),
        slots=facts,
    )


def _row(chance: Dice, kind: str) -> dict[str, Any]:
    rows = [row for row in _rows() if kind in ("", row["kind"])]
    if not rows:
        raise ValueError(f"There is no stray mail of the kind {kind!r}; there are: {', '.join(KINDS)}.")
    [row] = chance.choices(rows, weights=[row["weight"] for row in rows])
    return row


def _speakers(people: tuple[Person, ...], language: str) -> tuple[Person, ...]:
    return tuple(person for person in people if language in ("en", person.language)) or people


def _robot(chance: Dice, row: dict[str, Any], writer: Person) -> Person:
    """What sends such mail, in the place of the writer."""
    name, email = chance.choice(row["from"])
    return replace(writer, name=name, first=name, last="", email=email, organisation="", program="web")


def _says(kind: str) -> Says:
    if kind in AUTOMATIC:
        return Says(thanks="", asked_back="", not_solved="", solved="")
    return Says(
        thanks="Thank you for the answer.",
        asked_back="I have nothing to add to what I wrote.",
        not_solved="That is a pity. Is there nobody who could decide this?",
        solved="",
    )


def _attachments(kind: str, facts: dict[str, str]) -> tuple[Attachment, ...]:
    if kind != "dmarc_report":
        return ()
    report = gzip.compress(fill(DMARC, facts).encode(), mtime=0)
    return (Attachment(f"{facts['domain']}!brasswell.example!{facts['digits']}.xml.gz", "application/gzip", report),)


@cache
def _rows() -> list[dict[str, Any]]:
    return list(tomllib.loads((HERE / "strays.toml").read_text(encoding="utf-8"))["stray"])
