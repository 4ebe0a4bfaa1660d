"""Compile a procedure's Markdown into the graph that runs. What can't run is said, each fault with its line."""

import hashlib
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from towerdesk.assistant.procedures.build import build
from towerdesk.assistant.procedures.checks import check
from towerdesk.assistant.procedures.document import Document, Section, read_document
from towerdesk.assistant.procedures.faults import Fault, Faulty, Wrong
from towerdesk.assistant.procedures.model import Procedure, Risk, Slot
from towerdesk.assistant.procedures.needs import read_need
from towerdesk.assistant.procedures.tools import Tools

NEEDS = "what we need"
"""The one heading that is no step."""
MOST_CHARACTERS = 60_000


class Front(BaseModel):
    """What may stand in the head of the page, between the two `---`."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(
        "", pattern=r"^[a-z0-9-]*$", description="What it is called in addresses; made of the title when left out."
    )
    intents: list[str] = Field([], description="The slugs of the intents that it is for.")
    if_said: list[str] = Field(
        [], description="Begins only when the customer's message says these; else it is not begun."
    )
    risk: Risk = Field("information", description="The most that it may touch: information, account or money.")
    language: str = Field("en", pattern="^[a-z]{2}$", description="The language that it is written in (ISO 639-1).")
    attempts: Literal[1, 2, 3] = Field(
        2, description="How often it asks for the same thing before a person takes over."
    )


def compile_procedure(text: str, tools: Tools) -> Procedure:
    """Raises `Faulty`, which carries every fault that was found. `tools`: those that it may use, by their names."""
    procedure, faults = _read(text)
    if procedure is not None and not faults:
        faults = check(procedure, tools)
    if faults or procedure is None:
        raise Faulty(faults)
    return procedure


def read_procedure(text: str) -> Procedure:
    """Without looking at tools: for a text that was checked before. Raises `Faulty`."""
    procedure, faults = _read(text)
    if procedure is None:
        raise Faulty(faults)
    return procedure


def lint(text: str, tools: Tools) -> list[Fault]:
    """Every fault, in the order of the lines; empty when it can run."""
    try:
        compile_procedure(text, tools)
    except Faulty as faulty:
        return list(faulty.faults)
    return []


def _read(text: str) -> tuple[Procedure | None, list[Fault]]:
    """What could be read, and what could not."""
    if len(text) > MOST_CHARACTERS:
        return None, [Fault(1, f"The page is longer than {MOST_CHARACTERS} characters.")]
    try:
        document = read_document(text)
    except Faulty as faulty:
        return None, list(faulty.faults)
    faults: list[Fault] = []
    front = _front(document, faults)
    head, steps = document.sections[0], _steps(document, faults)
    slots = _slots(document, front.language, faults)
    if not steps:
        return None, [*faults, Fault(head.line, "There is no step: write a heading such as “## Find the order”.")]
    made, nodes = build(steps, front.language, faults)
    if faults:
        return None, faults
    procedure = Procedure(
        key=front.key or slug(head.title),
        title=head.title,
        about=head.notes,
        intents=tuple(front.intents),
        if_said=tuple(front.if_said),
        risk=front.risk,
        language=front.language,
        attempts=front.attempts,
        slots=slots,
        steps=made,
        nodes=nodes,
        hash=hashlib.sha256(text.encode()).hexdigest(),
    )
    return procedure, []


def slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]


def _front(document: Document, faults: list[Fault]) -> Front:
    try:
        return Front(**document.front)
    except ValidationError as error:
        known = ", ".join(Front.model_fields)
        for one in error.errors():
            name = str(one["loc"][0])
            told = f"there are {known}" if one["type"] == "extra_forbidden" else one["msg"].lower()
            faults.append(Fault(1, f"“{name}” in the head of the page is not understood: {told}."))
        return Front()
    except TypeError:
        faults.append(Fault(1, "The head of the page is not “name: value” lines."))
        return Front()


def _steps(document: Document, faults: list[Fault]) -> list[Section]:
    head, *sections = document.sections
    if not head.title:
        faults.append(Fault(1, "The page has no title: begin it with a line such as “# Cancel an order”."))
    for item in head.items:
        faults.append(Fault(item.line, "A line stands before the first heading: nothing before it is carried out."))
    steps = [section for section in sections if section.title.lower() != NEEDS]
    titles: set[str] = set()
    for step in steps:
        if step.level == 1:
            faults.append(Fault(step.line, "A page has one title; steps are headings with ##."))
        if step.title.lower() in titles:
            faults.append(Fault(step.line, f"Two steps are called “{step.title}”."))
        titles.add(step.title.lower())
    return steps


def _slots(document: Document, language: str, faults: list[Fault]) -> tuple[Slot, ...]:
    slots: dict[str, Slot] = {}
    for section in document.sections[1:]:
        if section.title.lower() != NEEDS:
            continue
        for item in section.items:
            try:
                slot = read_need(item, language)
                if slot.name in slots:
                    raise Wrong(f"“{slot.name}” is listed twice.")
                slots[slot.name] = slot
            except Wrong as wrong:
                faults.append(Fault(item.line, str(wrong)))
    return tuple(slots.values())
