"""Keep what a customer was told and what each sentence rested on, so that a wrong article can be followed to its readers."""

from collections.abc import Iterator, Sequence
from typing import Any

from towerdesk.assistant.models import Claim, Run
from towerdesk.assistant.propose.results import ToolResult
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Message


def keep_claims(run: Run, message: Message) -> list[Claim]:
    """The proposed sentences that are still in what was queued, word for word. Call in the transaction that queued it."""
    said = _bare(message.text)
    claims = [
        Claim(
            message=message,
            ticket_id=message.ticket_id,
            run=run,
            text=sentence["text"],
            version_id=source["version"],
            chunk=source.get("chunk"),
            start=start,
            end=end,
            at=now(),
        )
        for sentence in run.grounded
        if _bare(sentence["text"]) in said
        for source, start, end in _spans(sentence, run.evidence)
        if source.get("version")
    ]
    return Claim.objects.bulk_create(claims)


def keep_told(run: Run | None, message: Message, told: Sequence[tuple[str, ToolResult]]) -> list[Claim]:
    """The same of sentences that rest on results of tools."""
    claims = [
        Claim(
            message=message,
            ticket_id=message.ticket_id,
            run=run,
            text=sentence,
            tool=result.tool[:120],
            call=str(result.call)[:64],
            at=now(),
        )
        for sentence, result in told
    ]
    return Claim.objects.bulk_create(claims)


def _spans(sentence: dict[str, Any], evidence: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int, int]]:
    for span in (sentence, *sentence.get("also", ())):
        yield evidence[span["source"]], span["start"], span["end"]


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()
