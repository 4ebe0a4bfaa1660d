"""Ties the journey together at start-up: `flow` says which jobs follow which event, `clockwork` what the clock does."""

from django.apps import AppConfig


class TowerdeskConfig(AppConfig):
    name = "towerdesk"
    label = "towerdesk"

    def ready(self) -> None:
        # Only now are all models there. What the clock does are jobs, which are known by being imported.
        from towerdesk import clockwork, flow  # noqa: F401

        flow.begin()
