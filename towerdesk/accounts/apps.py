from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "towerdesk.accounts"
    label = "accounts"
