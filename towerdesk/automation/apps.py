from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "towerdesk.automation"
    label = "automation"

    def ready(self) -> None:
        from towerdesk.automation.uses import uses
        from towerdesk.tickets.taxonomy.usage import counted_by

        counted_by(uses)
