"""Every kind of event, the data it carries, and the sentence a timeline shows for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`fields` are the exact keys of `Event.data`; `sentence` may use them and `{actor}`. No sentence: not on timelines."""

    fields: frozenset[str]
    sentence: str = ""


def kind(sentence: str = "", *fields: str) -> Kind:
    return Kind(frozenset(fields), sentence)


PASSED_ON = ("was", "now", "team", "reason", "note", "accept_by")
"""What is said of a handoff: owners and the owning team by name, why, and until when it is to be accepted (ISO 8601)."""
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
    "inbox.forgot": kind("", "number", "days"),
    "inbox.disconnected": kind(""),
    # tickets
    "ticket.opened": kind("{actor} opened this", "inbox", "team", "team_id", "priority", "channel", "requester_id"),
    "ticket.assigned": kind("{actor} gave this to {now}", "was", "now", "team"),
    "ticket.changed": kind("{actor} changed {what}", "what", "changes"),
    "ticket.step": kind("", "kind", "sentence", "due"),
    "ticket.resolved": kind("{actor} resolved this: {note}", "kind", "note", "known_by"),
    "ticket.confirmed": kind("{actor}: the resolution is {known_by}", "known_by"),
    "ticket.reopened": kind("{actor} reopened this", "why"),
    "ticket.closed": kind("{actor} closed this", "why"),
    "ticket.merged": kind("{actor} merged {other} into this", "other", "messages", "status"),
    "ticket.merged_into": kind("{actor} merged this into {other}", "other"),
    "ticket.unmerged": kind("{actor} took {other} out of this again", "other", "messages", "status"),
    "ticket.unmerged_from": kind("{actor} took this out of {other} again", "other", "status"),
    "ticket.split": kind("{actor} split {other} off this", "other", "messages"),
    "ticket.split_from": kind("{actor} split this off {other}", "other", "messages"),
    "ticket.linked": kind("{actor} linked this: it is {says} {other}", "link", "says", "other"),
    "ticket.unlinked": kind("{actor} took a link away: this is no longer {says} {other}", "link", "says", "other"),
    "ticket.restored": kind("{actor} undid {what}", "what", "changes"),
    "ticket.snoozed": kind("{actor} snoozed this until {until}", "until", "why"),
    "ticket.woken": kind("{actor} brought this back from its snooze", "why"),
    "ticket.mentioned": kind("{actor} mentioned {name}, who watches this now", "user", "name"),
    "ticket.listed": kind("{actor} put on the checklist: {text}", "text"),
    "ticket.ticked": kind("{actor} {did}: {text}", "did", "text"),
    "ticket.tagged": kind("{actor} changed the tags", "added", "removed"),
    "ticket.watched": kind("{actor} {did} this", "did"),
    "ticket.told": kind("{actor} told {name}: {text}", "user", "team", "name", "text", "urgent"),
    "ticket.rated": kind("{actor} rated this: {rating}", "rating", "comment"),
    "ticket.handed_off": kind("{actor} handed this to {now}: {note}", *PASSED_ON),
    "ticket.escalated": kind("{actor} escalated this to {now}: {note}", *PASSED_ON),
    "handoff.accepted": kind("{actor} accepted this from {sender}", "sender", "team"),
    "handoff.returned": kind("{actor} sent this back to {now}: {note}", "was", "now", "team", "note"),
    "handoff.withdrawn": kind("{actor} took this back before {was} had accepted it", "was", "now", "team"),
    "approval.asked": kind("{actor} asked {names} to decide: {question}", "question", "names", "need", "deadline"),
    "approval.answered": kind("{actor} said {answer}", "answer", "note"),
    "approval.delegated": kind("{actor} passed the decision on to {name}", "name"),
    "approval.ended": kind("{outcome}: {question}", "outcome", "question"),
    "bulk.started": kind("", "says", "tickets"),
    "bulk.ended": kind("", "results"),
    "bulk.undone": kind("", "says"),
    # messages
    "message.received": kind("", "channel", "auto", "first"),
    "message.queued": kind("", "channel", "auto", "then", "took"),
    "message.sent": kind("", "channel"),
    "message.failed": kind("The reply could not be sent: {reason}", "reason"),
    "message.unsure": kind("Nobody knows whether the reply went out: {reason}", "reason"),
    "message.tried_again": kind("{actor} sends the reply again"),
    "message.bounced": kind("The reply did not arrive: {reason}", "reason", "status", "recipient", "permanent"),
    "message.arrived": kind("", "how"),
    "message.edited": kind("{actor} changed a message, which was: “{was}”", "was"),
    "message.taken_back": kind("{actor} deleted a message at their end"),
    "message.put_back": kind("{actor} put a message back that was deleted at their end", "at"),
    "message.reacted": kind("{actor} reacted with {sign}", "sign"),
    "chat.left": kind("{name} left the chat", "name"),
    "chat.by_mail": kind("From here on {name} is answered by mail to {mail}", "name", "mail"),
    "chat.came_back": kind("{actor} is back in the chat"),
    "chat.ended": kind("{actor} ended the chat"),
    "chat.transcript": kind("{actor} asked for the transcript by mail to {mail}", "mail"),
    "message.withdrawn": kind("{actor} stopped the reply", "why"),
    "message.noted": kind(
        "",
    ),
    "form.confirmed": kind("It was confirmed by mail to {to}", "to"),
    "form.unconfirmed": kind("No confirmation was mailed to {to}: {why}", "to", "why"),
    # the assistant
    "assistant.asked": kind("{actor} asked the assistant"),
    "assistant.proposed": kind("", "run", "outcome", "intent", "score", "cost", "milliseconds"),
    "assistant.handed_over": kind("{actor} handed over: {why}", "run", "why", "score"),
    "assistant.graded": kind("{actor} graded the suggestion: {verdict}", "run", "verdict", "intent", "score"),
    "assistant.withdrawn": kind("The suggestion was withdrawn: {why}", "run", "why"),
    "licence.issued": kind("", "intent", "threshold", "n", "k", "bound"),
    "licence.ended": kind("", "intent", "why"),
    "intent.levelled": kind("", "intent", "was", "now"),
    "intent.made": kind("", "intent"),
    "intent.changed": kind("", "intent", "what"),
    "intent.removed": kind("", "intent"),
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
    "rule.fired": kind("Rule {rule} fired", "rule", "version", "did"),
    "rule.failed": kind("Rule {rule} could not act: {trouble}", "rule", "trouble"),
    "rule.saved": kind("", "rule", "version"),
    "rule.switched": kind("", "rule", "on"),
    "rule.moved": kind("", "rule", "was", "now"),
    "rule.deleted": kind("", "rule"),
    "schedule.acted": kind("Schedule {schedule}: {why}", "schedule", "stage", "why", "did"),
    "schedule.failed": kind("Schedule {schedule} could not act: {trouble}", "schedule", "stage", "trouble"),
    "schedule.saved": kind("", "schedule"),
    "schedule.switched": kind("", "schedule", "on"),
    "schedule.deleted": kind("", "schedule"),
    "ticket.routed": kind("{why}", "route", "to", "why"),
    "ticket.accepted": kind("{to} accepted this", "to"),
    "ticket.passed": kind("{who}: {why}", "who", "why"),
    "route.saved": kind("", "route", "on"),
    "route.deleted": kind("", "route"),
    "skill.saved": kind("", "skill"),
    "user.planned": kind("", "who", "what"),
    "channel.weighed": kind("", "channel", "units"),
    "macro.saved": kind("", "macro"),
    "macro.deleted": kind("", "macro"),
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
    "team.changed": kind("", "name", "what"),
    "team.removed": kind("", "name"),
    "team.hooked": kind("", "name", "on"),
    "preference.saved": kind("", "who"),
    # the set-up
    "taxonomy.changed": kind("", "list", "key", "did"),
    "taxonomy.moved": kind("", "list", "was", "now", "tickets"),
    "taxonomy.moved_back": kind("", "list", "was", "now", "tickets"),
    "inbox.changed": kind("", "address", "what"),
    "inbox.removed": kind("", "address"),
    "config.imported": kind("", "changes", "pruned"),
}
