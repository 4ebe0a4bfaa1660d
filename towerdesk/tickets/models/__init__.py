from towerdesk.tickets.models.form import CustomField, Form
from towerdesk.tickets.models.intent import Intent
from towerdesk.tickets.models.message import Attachment, Message
from towerdesk.tickets.models.ticket import Ticket
from towerdesk.tickets.models.value import Value, Vocabulary

__all__ = ["Attachment", "CustomField", "Form", "Intent", "Message", "Ticket", "Value", "Vocabulary"]
