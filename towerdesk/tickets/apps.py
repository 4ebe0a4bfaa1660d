from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "towerdesk.tickets"
    label = "tickets"
