from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "towerdesk.channels"
    label = "channels"
