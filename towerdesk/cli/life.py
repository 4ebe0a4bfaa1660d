"""The demo company's life in the background: first its past, then mail that keeps coming. A process of its own."""

from towerdesk.cli.alone import alone
from towerdesk.cli.session import database, set_up_django
from towerdesk.cli.supervised import follow_supervisor


def command() -> None:
    follow_supervisor()
    with database():
        set_up_django()
        from towerdesk.cli.demo.background import live

        live()


if __name__ == "__main__":
    alone(command)
