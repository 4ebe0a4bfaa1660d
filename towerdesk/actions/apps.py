from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "towerdesk.actions"
    label = "actions"
