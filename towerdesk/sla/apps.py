from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "towerdesk.sla"
    label = "sla"
