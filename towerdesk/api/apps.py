from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "towerdesk.api"
    label = "api"
