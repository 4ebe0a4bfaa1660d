"""Every kind of event, the data it carries, and the sentence a timeline shows for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`fields` are the exact keys of `Event.data`; `sentence` may use them and `{actor}`. No sentence: not on timelines."""

    fields: frozenset[str]
    sentence: str = ""


def kind(sentence: str = "", *fields: str) -> Kind:
    return Kind(frozenset(fields), sentence)


CLOCK = ("kind", "minutes", "used", "due")
"""What is said of one clock: its kind, minutes promised, seconds used, and when it is due (ISO 8601, or nothing)."""

KINDS: dict[str, Kind] = {
    # what arrives
    "raw.arrived": kind("", "inbox", "door"),
    "raw.accepted": kind("", "inbox"),
    "raw.set_aside": kind("", "inbox", "reason"),
    "raw.failed": kind("", "inbox", "reason"),
    "raw.bounced": kind("", "inbox", "reason"),
    "raw.replayed": kind("", "inbox"),
    "inbox.opened": kind("", "address"),
    "inbox.connected": kind("", "server"),
    "inbox.disconnected": kind(""),
    # tickets
    "ticket.opened": kind("{actor} opened this", "inbox", "team", "team_id", "priority", "channel", "requester_id"),
    "ticket.assigned": kind("{actor} gave this to {now}", "was", "now"),
    "ticket.changed": kind("{actor} changed {what}", "what", "changes"),
    "ticket.step": kind("", "kind", "sentence", "due"),
    "ticket.resolved": kind("{actor} resolved this: {note}", "kind", "note", "known_by"),
    "ticket.confirmed": kind("{actor}: the resolution is {known_by}", "known_by"),
    "ticket.reopened": kind("{actor} reopened this", "why"),
    "ticket.closed": kind("{actor} closed this", "why"),
    "ticket.merged": kind("{actor} merged {other} into this", "other"),
    "ticket.merged_into": kind("{actor} merged this into {other}", "other"),
    "ticket.tagged": kind("{actor} changed the tags", "added", "removed"),
    "ticket.watched": kind("{actor} {did} this", "did"),
    "ticket.rated": kind("{actor} rated this: {rating}", "rating", "comment"),
    # messages
    "message.received": kind("", "channel", "auto", "first"),
    "message.queued": kind("", "channel", "auto"),
    "message.sent": kind("", "channel"),
    "message.failed": kind("The reply could not be sent: {reason}", "reason"),
    "message.unsure": kind("Nobody knows whether the reply went out: {reason}", "reason"),
    "message.tried_again": kind("{actor} sends the reply again"),
    "message.bounced": kind("The reply did not arrive: {reason}", "reason", "status", "recipient", "permanent"),
    "message.withdrawn": kind("{actor} stopped the reply", "why"),
    "message.noted": kind(
        "",
    ),
    # the assistant
    "assistant.asked": kind("{actor} asked the assistant"),
    "assistant.proposed": kind("", "run", "outcome", "intent", "score", "cost", "milliseconds"),
    "assistant.handed_over": kind("{actor} handed over: {why}", "run", "why", "score"),
    "assistant.graded": kind("{actor} graded the suggestion: {verdict}", "run", "verdict", "intent", "score"),
    "assistant.withdrawn": kind("The suggestion was withdrawn: {why}", "run", "why"),
    "licence.issued": kind("", "intent", "threshold", "n", "k", "bound"),
    "licence.ended": kind("", "intent", "why"),
    "intent.levelled": kind("", "intent", "was", "now"),
    # promises: calendars, policies, clocks
    "calendar.saved": kind("", "name"),
    "calendar.deleted": kind("", "name"),
    "policy.saved": kind("", "name"),
    "policy.deleted": kind("", "name"),
    "sla.started": kind("{policy} promises {words}", "policy", "clocks", "words"),
    "sla.changed": kind("Now {policy} promises {words}; reckoned from the start", "policy", "clocks", "words"),
    "sla.paused": kind("The clocks stand still: {why}", "why", "kinds"),
    "sla.resumed": kind("The clocks run again: {words}", "words", "clocks"),
    "sla.met": kind("{words}", "words", *CLOCK),
    "sla.missed": kind("{words}", "words", *CLOCK),
    "sla.warned": kind("{words}", "words", *CLOCK),
    "sla.breached": kind("{words}", "words", *CLOCK),
    "sla.escalated": kind("{words}", "words", *CLOCK),
    "sla.asked": kind("", "actions"),
    "sla.acted": kind("{actor} acted on it: {said}", "did", "said"),
    "sla.stuck": kind("{actor} could not act: {trouble}", "trouble"),
    "sla.ended": kind("The clocks ended: {why}", "why", "kinds"),
    # rules
    "rule.fired": kind("Rule {rule} fired", "rule", "did"),
    "rule.failed": kind("Rule {rule} could not act: {trouble}", "rule", "trouble"),
    # knowledge and portal
    "article.published": kind("", "title"),
    "article.retired": kind("", "title"),
    "article.viewed": kind("", "visitor"),
    "article.judged": kind("", "visitor", "helped"),
    # accounts and people
    "key.created": kind("", "prefix", "role"),
    "key.revoked": kind("", "prefix"),
    "user.created": kind("", "email", "role"),
    "user.changed": kind("", "email", "what"),
    "team.created": kind("", "name"),
}
