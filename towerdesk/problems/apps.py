from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "towerdesk.problems"
    label = "problems"
