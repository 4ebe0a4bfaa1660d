"""Ties the journey together at start-up: `flow` says which jobs follow which event."""

from django.apps import AppConfig


class TowerdeskConfig(AppConfig):
    name = "towerdesk"
    label = "towerdesk"

    def ready(self) -> None:
        from towerdesk import flow  # only now are all models there

        flow.begin()
