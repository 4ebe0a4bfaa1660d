from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "towerdesk.web"
    label = "web"
