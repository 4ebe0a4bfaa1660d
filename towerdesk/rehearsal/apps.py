from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    name = "towerdesk.rehearsal"
    label = "rehearsal"
