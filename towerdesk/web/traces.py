"""What the assistant did on a ticket: one line that opens to its steps."""

from dataclasses import dataclass
from typing import Any

from towerdesk.assistant.models import Run
from towerdesk.web.words import score_words

DID = {
    "shadow": "read this and only watched",
    "draft": "read this and suggested a reply",
    "pause": "wrote an answer that leaves after a pause",
    "sent": "answered this alone",
    "handed_over": "read this and handed it over",
    "silent": "stayed silent",
}


@dataclass(frozen=True, slots=True)
class Trace:
    run: int
    did: str
    why: str
    steps: tuple[tuple[str, str, str], ...]  # name, sentence, how long
    mark: str
    share: int
    proven: bool


def trace(run: Run) -> Trace:
    return Trace(
        run=run.pk,
        did=DID.get(run.outcome, "is reading this"),
        why=run.why,
        steps=tuple(map(_step, run.steps)),
        mark=score_words(run.score) if run.reply else "",
        share=int(run.score * 100),
        proven=run.licence_id is not None and run.outcome in ("pause", "sent"),
    )


def _step(step: dict[str, Any]) -> tuple[str, str, str]:
    spent = float(step.get("milliseconds") or 0)
    lasted = f"{spent / 1000:.1f} s" if spent >= 100 else f"{spent:.0f} ms" if spent else ""
    return str(step.get("name", "")).capitalize(), str(step.get("sentence", "")), lasted
