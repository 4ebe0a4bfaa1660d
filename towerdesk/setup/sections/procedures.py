"""Procedures, each with its tests; what is published goes out as it runs, whatever is being written meanwhile."""

from typing import Annotated, Literal

from pydantic import Field

from towerdesk.assistant.models import Procedure
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.publish import publish, retire
from towerdesk.assistant.procedures.write import head_of, write
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.setup.section import RETIRE, Entry, Fate, Section
from towerdesk.setup.shapes import Slug

type Page = Annotated[str, Field(max_length=60_000)]


class ProcedureEntry(Entry):
    key: Slug
    status: Literal["draft", "published", "retired"] = "published"
    text: Page
    tests: Page = ""


class Procedures(Section[ProcedureEntry]):
    """Nothing of it is deleted: what ran on tickets stays to be read."""

    name = "procedures"
    key = "key"
    shape = ProcedureEntry

    def entries(self) -> list[ProcedureEntry]:
        found = Procedure.objects.select_related("current").prefetch_related("versions").order_by("key")
        return [_entry(procedure) for procedure in found]

    def write(self, entry: ProcedureEntry, *, by: Actor) -> None:
        known = Procedure.objects.filter(key=entry.key).first()
        if known is None and head_of(entry.text).key != entry.key:
            raise Invalid(f"its text calls it “{head_of(entry.text).key}”: write “key: {entry.key}” at its head")
        saved = write(known, entry.text, entry.tests, by=by)
        if entry.status == "published":
            publish(saved, desk_tools(), by=by)
        elif entry.status == "retired":
            retire(saved, by=by)
        elif saved.status != "draft":
            raise Invalid(f"it is {saved.status} here and can't become a draft: say “retired” to take it out of use")

    def fate(self, key: str) -> Fate:
        known = Procedure.objects.get(key=key)
        return (
            RETIRE
            if known.status == "published"
            else {"draft": "it is only a draft"}.get(known.status, "it is retired")
        )

    def prune(self, key: str, *, by: Actor) -> None:
        retire(Procedure.objects.get(key=key), by=by)


def _entry(procedure: Procedure) -> ProcedureEntry:
    shown = procedure.current if procedure.status == "published" else next(iter(procedure.versions.all()), None)
    text, tests = (shown.text, shown.tests) if shown else ("", "")
    return ProcedureEntry.model_validate(
        {"key": procedure.key, "status": procedure.status, "text": text, "tests": tests}
    )
