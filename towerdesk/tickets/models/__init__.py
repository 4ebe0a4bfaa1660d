from towerdesk.tickets.models.approval import Approval, Voice
from towerdesk.tickets.models.call import Call
from towerdesk.tickets.models.checklist import Point
from towerdesk.tickets.models.draft import Draft, Presence
from towerdesk.tickets.models.form import Confirmation, CustomField, Form
from towerdesk.tickets.models.handoff import Handoff
from towerdesk.tickets.models.intent import Intent
from towerdesk.tickets.models.join import Join
from towerdesk.tickets.models.link import Link
from towerdesk.tickets.models.merge import Merge
from towerdesk.tickets.models.message import Attachment, Message
from towerdesk.tickets.models.ticket import Ticket
from towerdesk.tickets.models.value import Value, Vocabulary

__all__ = [
    "Approval",
    "Attachment",
    "Call",
    "Confirmation",
    "CustomField",
    "Draft",
    "Form",
    "Handoff",
    "Intent",
    "Join",
    "Link",
    "Merge",
    "Message",
    "Point",
    "Presence",
    "Ticket",
    "Value",
    "Vocabulary",
    "Voice",
]
