from django.apps import AppConfig


class AssistantConfig(AppConfig):
    name = "towerdesk.assistant"
    label = "assistant"
