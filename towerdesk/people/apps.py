from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "towerdesk.people"
    label = "people"
