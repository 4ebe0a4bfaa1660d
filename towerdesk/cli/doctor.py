"""Look at everything the desk needs, one sentence each; exit 1 when something is wrong."""

import contextlib
import json
from typing import Annotated

import typer

from towerdesk.cli.checks import Finding, outside
from towerdesk.cli.session import database, set_up_django
from towerdesk.lib.errors import Trouble

SIGNS = {"good": "✓", "note": "!", "bad": "✗"}


def command(as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False) -> None:
    """Look at everything the desk needs, one sentence each."""
    findings = list(outside.look())
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(database())
            set_up_django()
            from towerdesk.cli.checks import inside  # its models need Django set up

            findings += inside.look()
        except Trouble as trouble:
            findings.append(Finding("bad", "PostgreSQL", str(trouble)))
    for finding in findings:
        print(
            json.dumps(finding.__dict__) if as_json else f"{SIGNS[finding.state]} {finding.about}: {finding.sentence}"
        )
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)
