"""Add a value to a list, name and describe it, put the list in order, say whether it takes other words."""

from collections.abc import Sequence

from django.db import transaction

from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import storable
from towerdesk.tickets.models import CustomField, Form, Value, Vocabulary
from towerdesk.tickets.models.ticket import PRIORITIES
from towerdesk.tickets.models.value import OPEN
from towerdesk.tickets.taxonomy.known import forget, taxonomy
from towerdesk.tickets.taxonomy.things import new_key, the_list, the_value, tidy_name


def changed(kind: str, key: str, did: str, *, by: Actor) -> None:
    """Every change of the taxonomy ends here: one event, and nothing remembered that is no longer so."""
    record("taxonomy.changed", by=by, list=kind, key=key, did=did)
    forget()


def make_value(kind: str, name: str, *, key: str = "", description: str = "", by: Actor) -> Value:
    """Without a key it is made from the name."""
    by.must("taxonomy.change")
    name, key = tidy_name(name), new_key(kind, name, key)
    with transaction.atomic():
        known = taxonomy().lists.get(kind, {})
        if any(key.lower() == one.lower() for one in known):
            raise Conflict(f"“{key}” is in this list already: choose another name, or take up the old one again.")
        place = max((one.position for one in known.values()), default=-1) + 1
        value = Value.objects.create(kind=kind, key=key, name=name, description=storable(description), position=place)
        changed(kind, key, "made", by=by)
    return value


def edit_value(value: Value, *, name: str, description: str, by: Actor) -> None:
    """The key stays: tickets, rules and files hold it."""
    by.must("taxonomy.change")
    with transaction.atomic():
        held = Value.objects.select_for_update().get(pk=value.pk)
        wanted = {"name": tidy_name(name), "description": storable(description)}
        what = [column for column, one in wanted.items() if getattr(held, column) != one]
        for column in what:
            setattr(value, column, wanted[column])
        if what:
            value.save(update_fields=what)
            changed(value.kind, value.key, f"changed its {' and '.join(what)}", by=by)


def arrange_values(kind: str, keys: Sequence[str], *, by: Actor) -> None:
    """In this order; what is not named comes after."""
    by.must("taxonomy.change")
    the_list(kind)
    with transaction.atomic():
        known = [one.key for one in taxonomy().all(kind)]
        wanted = [key for key in keys if key in known]
        for place, key in enumerate([*wanted, *(key for key in known if key not in wanted)]):
            value = the_value(kind, key)
            if value.position != place:
                Value.objects.filter(pk=value.pk).update(position=place)
        changed(kind, "", "put in order", by=by)


def arrange_things(model: type[CustomField] | type[Form], keys: Sequence[str], *, by: Actor) -> None:
    by.must("taxonomy.change")
    with transaction.atomic():
        place = {key: number for number, key in enumerate(keys)}
        for number, one in enumerate(sorted(model.objects.all(), key=lambda one: place.get(one.key, len(place)))):
            model.objects.filter(pk=one.pk).exclude(position=number).update(position=number)
        changed("field" if model is CustomField else "form", "", "put in order", by=by)


def set_free(kind: str, free: bool, *, by: Actor) -> None:
    """Whether tickets may take words that are not in the list; what they have already stays."""
    by.must("taxonomy.change")
    if kind not in OPEN:
        raise Invalid("Only tags and product areas can take words that are not in the list.")
    with transaction.atomic():
        row, _ = Vocabulary.objects.get_or_create(kind=kind)
        if row.free != free:
            row.free = free
            row.save(update_fields=["free"])
            changed(kind, "", "takes any word" if free else "takes only what is in the list", by=by)


def set_matrix(matrix: dict[str, dict[str, str]], *, by: Actor) -> None:
    """Impact → urgency → priority; a pair that is left out sets no priority. Raises `Invalid`."""
    by.must("taxonomy.change")
    known, priorities = taxonomy(), dict(PRIORITIES)
    for impact, row in matrix.items():
        for urgency, priority in row.items():
            if not known.find("impact", impact) or not known.find("urgency", urgency):
                raise Invalid(f"There is no impact “{impact}” or no urgency “{urgency}”: add it first.")
            if priority not in priorities:
                raise Invalid(f"A priority is one of {', '.join(priorities)}, not “{priority}”.")
    with transaction.atomic():
        held, _ = Vocabulary.objects.get_or_create(kind="priority")
        if held.matrix != matrix:
            held.matrix = matrix
            held.save(update_fields=["matrix"])
            changed("priority", "", "changed the matrix", by=by)
