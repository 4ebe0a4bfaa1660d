"""What goes on behind the demo desk: first its past is told, then customers keep writing and answering."""

from towerdesk.cli.demo import past, present


def live() -> None:
    """Does not return until the process is ended."""
    past.tell()
    present.go_on()
