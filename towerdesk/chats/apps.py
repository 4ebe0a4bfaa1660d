from django.apps import AppConfig


class ChatsConfig(AppConfig):
    name = "towerdesk.chats"
    label = "chats"
