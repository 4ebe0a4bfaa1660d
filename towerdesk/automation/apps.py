from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "towerdesk.automation"
    label = "automation"
