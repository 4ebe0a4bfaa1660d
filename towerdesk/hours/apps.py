from django.apps import AppConfig


class HoursConfig(AppConfig):
    name = "towerdesk.hours"
    label = "hours"
