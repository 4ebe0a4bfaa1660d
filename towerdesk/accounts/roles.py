"""One table: role → permissions. Whoever is in no row may do nothing."""

from towerdesk.lib.actor import EVERYTHING

WORK = frozenset(
    {
        "ticket.read", "ticket.open", "ticket.receive", "ticket.reply", "ticket.note", "ticket.assign", "ticket.change",
        "ticket.resolve", "ticket.reopen", "ticket.close", "ticket.merge", "ticket.tag", "ticket.watch", "ticket.tell",
        "ticket.split", "ticket.link", "ticket.snooze", "ticket.ask_approval", "approval.answer", "ticket.hand_off",
        "person.read", "person.change", "article.read", "report.read", "assistant.grade", "message.stop", "assistant.stop",
        "tool.use", "tool.approve", "tool.settle", "surge.decide", "issue.write",
    }
)  # fmt: skip
LEAD = WORK | {
    "article.write",
    "raw.read",
    "raw.replay",
    "intent.change",
    "procedure.change",
    "taxonomy.change",
    "rule.change",
    "calendar.change",
    "sla.change",
    "person.merge",
    "problem.tell",
    "ticket.read_all",
    "tool.approve_all",
    "assistant.start",
    "assistant.budget",
    "assistant.recall",
}

ROLES: dict[str, frozenset[str]] = {
    "viewer": frozenset({"ticket.read", "article.read", "report.read", "person.read", "approval.answer"}),
    "agent": WORK | {"raw.read"},
    "lead": LEAD,
    "admin": frozenset({EVERYTHING}),
}

ASSISTANT = frozenset(
    {
        "ticket.read", "ticket.read_all", "ticket.note", "ticket.change", "ticket.tag", "ticket.assign", "ticket.reply",
        "ticket.resolve", "article.read", "tool.use",
    }
)  # fmt: skip
RULE = WORK | {"ticket.read_all"}
CUSTOMER = frozenset({"ticket.open", "ticket.receive", "ticket.reopen", "ticket.rate", "ticket.ask_person"})
