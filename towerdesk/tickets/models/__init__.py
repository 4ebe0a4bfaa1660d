from towerdesk.tickets.models.checklist import Point
from towerdesk.tickets.models.draft import Draft, Presence
from towerdesk.tickets.models.intent import Intent
from towerdesk.tickets.models.link import Link
from towerdesk.tickets.models.merge import Merge
from towerdesk.tickets.models.message import Attachment, Message
from towerdesk.tickets.models.ticket import Ticket

__all__ = ["Attachment", "Draft", "Intent", "Link", "Merge", "Message", "Point", "Presence", "Ticket"]
