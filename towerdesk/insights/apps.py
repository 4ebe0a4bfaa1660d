from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "towerdesk.insights"
    label = "insights"
