"""How far the assistant may go with a procedure's next move: words like any answer, deeds only by a licence to act."""

from dataclasses import replace

from towerdesk.assistant import policy
from towerdesk.assistant.policy import Judgement
from towerdesk.assistant.procedures.forecast import coming
from towerdesk.assistant.procedures.runs import Move
from towerdesk.connectors import registry
from towerdesk.tickets.models import Intent, Message, Ticket

FOR_PEOPLE = ("hand_over", "task", "later")
DEEDS = ("write", "approve")


def judge_move(ticket: Ticket, message: Message, move: Move, *, score: float, decider: str) -> Judgement:
    """`why` is what a person reads who takes over."""
    intent, stop = move.run.intent, move.stop
    if stop.kind in FOR_PEOPLE:
        return Judgement("handed_over", stop.why)
    if stop.kind in DEEDS:
        return judge_deed(ticket, message, intent, move, score, decider)
    judged = policy.judge(
        ticket,
        message,
        intent,
        score=max(score, policy.LEAST_SCORE),
        proposed=True,
        failed="",
        caution="",
        kind="action",
        decider=decider,
    )
    return judged if judged.outcome != "handed_over" else replace(judged, outcome="draft")


def judge_deed(
    ticket: Ticket, message: Message, intent: Intent | None, move: Move, score: float, decider: str
) -> Judgement:
    """What changes something outside needs its own licence, or a person's approval."""
    if intent is None or move.stop.kind == "approve":
        return Judgement("draft", move.stop.why or "A person approves this")
    if intent.level in ("off", "shadow"):
        return Judgement("shadow", f"The assistant only watches {intent.name} so far")
    if intent.risk == "money" or _is_final(move):
        return Judgement("draft", "What moves money or can't be taken back needs a person's approval")
    if intent.level != "send":
        return Judgement("draft", f"What {intent.name} changes needs a person's approval")
    return policy.by_licence(ticket, message, intent, score, kind="action", decider=decider)


def _is_final(move: Move) -> bool:
    """Whether anything that it would do now is money, or is for good."""
    specs = [registry.tool(foreseen.tool).spec for foreseen in coming(move.run)]
    return any(spec.effect == "final" or spec.amount for spec in specs)
