from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "towerdesk.delivery"
    label = "delivery"
