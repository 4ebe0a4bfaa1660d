from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "towerdesk.notifications"
    label = "notifications"
