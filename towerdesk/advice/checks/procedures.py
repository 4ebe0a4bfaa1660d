"""Procedures that were let run and can't any more."""

from collections.abc import Iterator

from towerdesk.advice.desk import Desk
from towerdesk.advice.finding import Finding, Shown
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.publish import why_it_can_not_run


def fail(desk: Desk) -> Iterator[Finding]:
    """A tool was switched to another address or taken away, or takes something else now."""
    tools = desk_tools() if desk.procedures else {}
    for procedure in desk.procedures:
        version = procedure.current
        why = why_it_can_not_run(version.text, version.tests, tools) if version else "It has no version in use."
        if why:
            yield Finding(
                f"The procedure “{procedure}” can't run any more. {why}",
                "Mend it and publish it again, or connect the tool that it calls; until then people take over.",
                Shown(procedure.title, f"/procedures/{procedure.key}"),
            )
