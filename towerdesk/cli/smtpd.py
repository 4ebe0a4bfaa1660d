"""The SMTP door: mail in, answered 250 only when its bytes are kept."""

from config import env
from towerdesk.cli.ports import check
from towerdesk.cli.session import database
from towerdesk.cli.supervised import follow_supervisor


def command() -> None:
    """Take mail by SMTP until stopped."""
    follow_supervisor()
    check(env.host(), env.smtp_port(), "TOWERDESK_SMTP_PORT")
    with database():
        from towerdesk.intake.smtpd import serve

        serve(env.host(), env.smtp_port())


if __name__ == "__main__":
    from towerdesk.cli.alone import alone

    alone(command)
