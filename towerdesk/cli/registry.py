"""Every command of `towerdesk`: its name, where it lives, and what must be there before it runs.

A module shows `app` (a `typer.Typer`) or `command` (a function). Nothing is imported before it is called for, so that
`towerdesk --help` is quick; a module that is not there is not offered.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

type Needs = Literal["nothing", "settings", "database", "desk"]


@dataclass(frozen=True)
class Command:
    """`needs`: nothing; Django's settings; also PostgreSQL running; also its tables up to date (a whole desk)."""

    module: str
    help: str
    needs: Needs = "desk"
    group: bool = False


COMMANDS: dict[str, Command] = {
    "up": Command("towerdesk.cli.up", "Start the desk: database, web, worker and the SMTP door.", "nothing"),
    "demo": Command(
        "towerdesk.cli.up_demo", "Start the desk with a demo company and mail that keeps coming.", "nothing"
    ),
    "stop": Command("towerdesk.cli.stop", "Stop the desk of this data folder.", "nothing"),
    "doctor": Command("towerdesk.cli.doctor", "Look at everything the desk needs, one sentence each.", "nothing"),
    "user": Command("towerdesk.cli.user", "Make a person who works here, or set a new password.", "desk", group=True),
    "key": Command("towerdesk.cli.key", "Make, list and revoke API keys.", "desk", group=True),
    "config": Command("towerdesk.cli.config", "Export, compare and import the set-up as YAML.", "desk", group=True),
    "lint": Command("towerdesk.cli.lint", "Say what is wrong with the set-up, and what to do about it.", "desk"),
    "kb": Command("towerdesk.cli.kb", "Bring in and look at articles.", "desk", group=True),
    "intake": Command("towerdesk.cli.intake", "Take in mails from files, mbox and Maildir.", "desk"),
    "rules": Command("towerdesk.cli.rules", "Try, explain and switch rules and schedules.", "desk", group=True),
    "procedure": Command(
        "towerdesk.cli.procedure", "Lint, test, bring in and write down procedures.", "desk", group=True
    ),
    "ai": Command("towerdesk.cli.ai", "Train, measure and look at the assistant.", "settings", group=True),
    "replay": Command("towerdesk.cli.replay", "Decide past tickets again with what was known on their day.", "desk"),
    "simulate": Command(
        "towerdesk.cli.simulate", "What autonomy, staffing or a policy does to the desk: a model of it.", "desk"
    ),
    "gaps": Command("towerdesk.cli.gaps", "What the assistant could not do, and drafts that would change it.", "desk"),
    "receipts": Command("towerdesk.cli.receipts", "Check the chain of decisions, write it out.", "desk", group=True),
    "db": Command("towerdesk.cli.db", "Look into the database, save it, bring it back.", "nothing", group=True),
    "web": Command("towerdesk.cli.web", "Only the web part, in the foreground.", "nothing"),
    "worker": Command("towerdesk.cli.worker", "Only the worker, in the foreground.", "nothing"),
    "smtpd": Command("towerdesk.cli.smtpd", "Only the SMTP door, in the foreground.", "nothing"),
}


def offered() -> dict[str, Command]:
    return {name: command for name, command in COMMANDS.items() if find_spec(command.module)}
