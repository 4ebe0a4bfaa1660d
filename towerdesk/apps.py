"""Ties the journey together: `flow` says which jobs follow which event, `clockwork` what the clock does."""

from django.apps import AppConfig


class TowerdeskConfig(AppConfig):
    name = "towerdesk"
    label = "towerdesk"

    def ready(self) -> None:
        from towerdesk.events.record import begin_when_needed

        begin_when_needed(begin)


def begin() -> None:
    """Jobs are known by being imported: the journey's, the clock's, and those that nobody's ticket waits for."""
    from towerdesk import clockwork, flow  # noqa: F401
    from towerdesk.assistant import tasks  # noqa: F401
    from towerdesk.rehearsal import tasks as more  # noqa: F401

    flow.begin()
