"""`towerdesk lint`: what is wrong with the set-up, and what to do about it."""

import json
from typing import Annotated

import typer

from towerdesk.advice.lint import CHECKS, Warned, lint
from towerdesk.lib.actor import CLOCK


def command(
    as_json: Annotated[
        bool, typer.Option("--json", help="For a program to read: one object with all warnings.")
    ] = False,
) -> int:
    """Look at the set-up and say how it fails. Exit code: 0 nothing is wrong, 1 there are warnings."""
    found = lint(by=CLOCK)
    print(_as_json(found) if as_json else "\n".join(_lines(found)))
    return 1 if found else 0


def _as_json(found: list[Warned]) -> str:
    checks = [check.name for check in CHECKS]
    return json.dumps({"checks": checks, "warnings": [one.as_json() for one in found]}, indent=2, ensure_ascii=False)


def _lines(found: list[Warned]) -> list[str]:
    told = [line for one in found for line in _of(one)]
    end = f"{len(found)} warning{'' if len(found) == 1 else 's'} from {len(CHECKS)} checks."
    return [*told, end if found else f"Nothing is wrong: {len(CHECKS)} checks looked."]


def _of(one: Warned) -> list[str]:
    said = one.finding
    shows = [f"      {shown.words}: {shown.path}" for shown in said.shows]
    return [f"{one.check.name}: {said.what}", f"      {said.do} ({said.mend.path})", *shows, ""]
