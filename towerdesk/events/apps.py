from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "towerdesk.events"
    label = "events"
