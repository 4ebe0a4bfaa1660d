"""Take in mails from files: .eml, folders, mbox and Maildir. Each is stored first, then read, like any other mail."""

import json
import re
import sys
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer
from django.db import InterfaceError, OperationalError

from towerdesk.channels.contract import Incoming
from towerdesk.channels.models import Inbox
from towerdesk.intake.accept import Accepted, accept, read_raw
from towerdesk.intake.first_inbox import first_inbox
from towerdesk.intake.models import Raw
from towerdesk.intake.sources import Found, mails_in
from towerdesk.intake.store import inbox_for, store
from towerdesk.lib.errors import NotFound
from towerdesk.lib.text import one_line, plain_address

HEAD = 65_536  # bytes searched for recipients
RECIPIENT_HEADERS = re.compile(
    rb"^(?:To|Cc|Delivered-To|X-Original-To|Envelope-To)[ \t]*:(.*(?:\r?\n[ \t].*){0,50})", re.IGNORECASE | re.MULTILINE
)
ADDRESS = re.compile(rb"[^\s<>,;:\"()\[\]]{1,64}@[\w.-]{1,255}")


def command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help=".eml files, folders, mbox files, Maildirs.")],
    inbox: Annotated[str, typer.Option(help="Its address; left out, the mail's recipients decide.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each mail, one on a line.")] = False,
    wait: Annotated[
        bool, typer.Option(help="Read the mails here, or only store them and leave that to the worker.")
    ] = True,
) -> int:
    """Take in mails from files. The same mail taken in twice is one message.

    A path that does not exist or can't be read is said, the others are taken in, and the command ends with 1.
    """
    chosen = _inbox(inbox)
    seen: Counter[str] = Counter()
    for found in chain.from_iterable(map(mails_in, paths)):
        if found.trouble:
            print(f"{found.path}: {found.trouble}", file=sys.stderr)
            seen["not read" if found.was_named else "passed over"] += 1
        if not found.trouble or (as_json and found.was_named):
            said = _take(found, chosen, wait=wait)
            seen[said["outcome"]] += not found.trouble
            print(json.dumps(said, ensure_ascii=False) if as_json else _line(said), flush=True)
    if not as_json:
        print(_sum(seen))
    return 1 if seen["not read"] else 0


def _sum(seen: Counter[str]) -> str:
    said = ", ".join(f"{number} {outcome.replace('_', ' ')}" for outcome, number in seen.items() if number)
    return said or "No mail found."


def _inbox(address: str) -> Inbox | None:
    """The one that was named; None: the recipients of each mail decide."""
    first = first_inbox(address)
    if not address:
        return first if Inbox.objects.count() == 1 else None
    named = {plain_address(one.address): one for one in Inbox.objects.select_related("team")}
    if plain_address(address) not in named:
        raise NotFound(f"There is no inbox {address}. Choose one of: {', '.join(sorted(named))}.")
    return named[plain_address(address)]


def _take(found: Found, inbox: Inbox | None, *, wait: bool) -> dict[str, Any]:
    """What became of one mail. Only a database that is gone ends the whole run."""
    if found.trouble:
        return _said(found, "failed", found.trouble)
    try:
        raw = store(
            found.content, inbox or inbox_for(_recipients(found.content)), door="file", envelope={"path": found.path}
        )
        return _outcome(found, raw) if wait else _said(found, "stored", f"Stored as {raw.pk}.")
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        return _said(found, "failed", f"{type(error).__name__}: {error}")


def _recipients(content: bytes) -> list[str]:
    headers = re.split(rb"\r?\n\r?\n", content[:HEAD], maxsplit=1)[0]
    values = b",".join(RECIPIENT_HEADERS.findall(headers))
    return [address.decode("ascii", "replace") for address in ADDRESS.findall(values)[:100]]


def _outcome(found: Found, raw: Raw) -> dict[str, Any]:
    """A worker that runs beside us may have been faster: the outcome is the same."""
    accepted = accept(raw.pk)
    if accepted is None:
        raw = Raw.objects.to_read().get(pk=raw.pk)
        accepted = Accepted(raw, read_raw(raw))
    raw = accepted.raw
    return _said(found, raw.state, raw.reason, raw.ticket_id, accepted.incoming)


def _said(
    found: Found, outcome: str, reason: str, ticket: int | None = None, incoming: Incoming | None = None
) -> dict[str, Any]:
    read = incoming or Incoming()
    return {
        "path": found.path,
        "outcome": outcome,
        "reason": reason,
        "ticket": ticket,
        "subject": read.subject,
        "from": read.sender,
        "to": list(read.to),
        "text": read.text,
        "visible_reply": read.visible,
        "attachments": [{"name": file.name, "type": file.type, "size": file.size} for file in read.files],
        "auto": bool(read.auto),
    }


def _line(said: dict[str, Any]) -> str:
    where = f"ticket {said['ticket']}" if said["ticket"] else said["outcome"].replace("_", " ")
    return one_line(f"{said['path']}: {where} {said['reason'] or said['subject']}", 200)
