from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "towerdesk.knowledge"
    label = "knowledge"
