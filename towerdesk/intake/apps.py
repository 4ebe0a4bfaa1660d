from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "towerdesk.intake"
    label = "intake"
