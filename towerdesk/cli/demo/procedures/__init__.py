"""The demo company's procedures, as Markdown beside this file, each with its tests."""

from collections.abc import Collection
from pathlib import Path

from towerdesk.assistant.models import Procedure
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.publish import publish
from towerdesk.assistant.procedures.write import write
from towerdesk.lib.actor import Actor

HERE = Path(__file__).parent


def publish_all(*, by: Actor, only: Collection[str] = ()) -> int:
    """Those that are not on the desk yet; what somebody changed or retired stays so. The shop is connected before.

    `only`: no others than those with these keys.
    """
    made = 0
    for file in sorted(HERE.glob("*.md")):
        if only and file.stem not in only:
            continue
        if Procedure.objects.filter(key=file.stem).exists():
            continue
        tests = file.with_name(f"{file.stem}.tests.yaml").read_text(encoding="utf-8")
        publish(write(None, file.read_text(encoding="utf-8"), tests, by=by), desk_tools(), by=by)
        made += 1
    return made
