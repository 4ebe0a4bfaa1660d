from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "towerdesk.connectors"
    label = "connectors"
