"""Questions that nobody answers, and forms that nobody fills in."""

from collections.abc import Iterator

from towerdesk.advice.desk import ENOUGH, Desk
from towerdesk.advice.finding import Finding, Shown, counted, some, tickets
from towerdesk.tickets.models import Form

FIELDS = Shown("Fields", "/settings/fields")
FORMS = Shown("Forms", "/settings/forms")
TRIED = 20
"""A form that was used less often says nothing about its questions."""


def unused(desk: Desk) -> Iterator[Finding]:
    if desk.lately.total < ENOUGH:
        return
    yield from _fields(desk)
    yield from _forms(desk)
    for form in desk.forms:
        yield from _asks_in_vain(desk, form)


def _fields(desk: Desk) -> Iterator[Finding]:
    fields = [field for field in desk.taxonomy.fields.values() if not field.retired]
    idle = [field for field in fields if not desk.lately.used["field"].get(field.key)]
    if idle:
        verb = "is" if len(idle) == 1 else "are"
        yield Finding(
            f"{counted(len(idle), 'field')} {verb} filled in on no ticket of the last 90 days: "
            f"{some(field.name for field in idle)}.",
            "Retire what nobody needs, or ask for it where it is known: in a form, or before a status.",
            FIELDS,
            tuple(Shown(field.name, f"/settings/fields/{field.key}") for field in idle[:6]),
        )


def _forms(desk: Desk) -> Iterator[Finding]:
    idle = [form for form in desk.forms if not desk.lately.used["form"].get(form.key)]
    if idle:
        verb = "was" if len(idle) == 1 else "were"
        yield Finding(
            f"{counted(len(idle), 'form')} {verb} filled in by nobody in 90 days: {some(form.name for form in idle)}.",
            "Offer it where people write to you, or retire it.",
            FORMS,
            tuple(Shown(form.name, f"/settings/forms/{form.key}") for form in idle[:6]),
        )


def _asks_in_vain(desk: Desk, form: Form) -> Iterator[Finding]:
    used, answered = desk.lately.used["form"].get(form.key, 0), desk.lately.used["asked"]
    fields = [desk.taxonomy.fields[ask["ask"]] for ask in form.asks if ask["ask"] in desk.taxonomy.fields]
    vain = [field for field in fields if not answered.get(f"{form.key} {field.key}")]
    if used >= TRIED and vain:
        yield Finding(
            f"The form “{form}” was filled in {used} times in 90 days, and nobody answered "
            f"{some(field.name for field in vain)}.",
            "Take the question out: each one that nobody answers makes people answer the others less carefully.",
            Shown(form.name, f"/settings/forms/{form.key}"),
            (tickets(f"Tickets by {form}", f"form:{form.key} created:<90d"),),
        )
