from towerdesk.tickets.models.intent import Intent
from towerdesk.tickets.models.message import Attachment, Message
from towerdesk.tickets.models.ticket import Ticket

__all__ = ["Attachment", "Intent", "Message", "Ticket"]
