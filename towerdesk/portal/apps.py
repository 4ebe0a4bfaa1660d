from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "towerdesk.portal"
    label = "portal"
