"""Put a drafted change before customers by the verbs that procedures have, or take that back. A person decides."""

from django.db import transaction

from towerdesk.assistant.models import Procedure
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.publish import publish, retire
from towerdesk.assistant.procedures.write import take_back as bring_back
from towerdesk.assistant.procedures.write import write
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.rehearsal.models import Draft


def put_in(draft: Draft, *, by: Actor) -> Procedure:
    """A new version, published: what decides is another one from then on, so licences to act are earned again.

    Raises `Conflict` when somebody saved another version since it was drafted, `Faulty` or `Invalid` when it can't be published.
    """
    by.must("procedure.change")
    with transaction.atomic():
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        if held.state != "open" or held.kind != "procedure":
            raise Conflict("This draft is put in, dropped or being tried by now: look at it again.")
        if held.based_on is not None and held.procedure is None:
            raise Invalid("The procedure that it changes is not there any more.")
        held.before_id = held.procedure.current_id if held.procedure else None
        procedure = write(held.procedure, held.text, held.tests, based_on=held.based_on, by=by)
        publish(procedure, desk_tools(), by=by)
        held.procedure, held.state, held.settled_at = procedure, "merged", now()
        held.save()
    draft.refresh_from_db()
    procedure.refresh_from_db()
    return procedure


def take_out(draft: Draft, *, by: Actor) -> Procedure:
    """The text of before as a version of its own; a new procedure is retired. The draft is open again."""
    by.must("procedure.change")
    with transaction.atomic():
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        if held.state != "merged" or held.procedure is None:
            raise Conflict("This draft is not put in: look at it again.")
        procedure: Procedure = held.procedure
        before = procedure.versions.filter(pk=held.before_id or 0).first()
        if before is None:
            retire(procedure, by=by)
        else:
            procedure = bring_back(procedure, before.number, by=by)
            publish(procedure, desk_tools(), by=by)
            held.based_on = procedure.versions.values_list("number", flat=True).first()
        held.state, held.before_id, held.settled_at = "open", None, None
        held.save()
    draft.refresh_from_db()
    procedure.refresh_from_db()
    return procedure
