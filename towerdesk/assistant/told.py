"""What a receipt tells of one decision: everything that went into it."""

from typing import Any

from towerdesk.assistant.decision import Decision
from towerdesk.assistant.models import Licence, Run
from towerdesk.assistant.read import Reading


def told(run: Run, decision: Decision) -> dict[str, Any]:
    reading, proposal, judgement = decision.reading, decision.proposal, decision.judgement
    return {
        "run": run.pk,
        "ticket": run.ticket_id,
        "message": run.message_id,
        "at": run.at.isoformat(),
        "read": {"text": reading.text, "language": reading.language, "mood": reading.mood, "caution": reading.caution},
        "intent": _intent(reading),
        "named": decision.named,
        "evidence": proposal.evidence,
        "rejected": proposal.rejected,
        "reply": proposal.text,
        "grounded": proposal.grounded,
        "checks": proposal.checks,
        "score": {
            "value": round(proposal.score, 4),
            "parts": {name: round(v, 4) for name, v in proposal.parts.items()},
        },
        "judgement": {"outcome": judgement.outcome, "why": judgement.why, "arm": judgement.arm},
        "draw": {"number": run.draw, "asked": run.asked},
        "licence": _licence(judgement.licence) if judgement.licence else None,
        "model": proposal.model,
        "tools": proposal.tools,
        "procedure": proposal.procedure,
        "fingerprint": run.fingerprint,
        "cost": float(run.cost),
        "milliseconds": round(run.milliseconds, 2),
    }


def _intent(reading: Reading) -> dict[str, Any]:
    return {
        "slug": reading.slug,
        "probability": round(reading.probability, 4),
        "scope": round(reading.scope, 4),
        "runners_up": reading.runners_up,
    }


def _licence(licence: Licence) -> dict[str, Any]:
    return {"id": licence.pk, **{name: getattr(licence, name) for name in ("threshold", "n", "k", "bound")}}
