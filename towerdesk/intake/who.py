"""Who wrote: the person behind the sender's identity. Never the Reply-To address, and never what the text claims."""

from towerdesk.channels.contract import Incoming
from towerdesk.lib.text import one_line, storable
from towerdesk.people.find import person_for
from towerdesk.people.models import Person
from towerdesk.people.vouched import vouched_person

NOBODY = "Unknown sender"


def person_behind(incoming: Incoming) -> Person:
    """A message without any sender gets a person of its own, so that strangers are not taken for one another."""
    name = one_line(storable(incoming.sender_name), 200)
    if not incoming.sender:
        return Person.objects.create(name=name or NOBODY)
    if incoming.vouched and incoming.identity != "email":
        return vouched_person(storable(incoming.sender), incoming.identity, storable(incoming.vouched), name)
    verified = bool(incoming.trust.get("verified"))
    return person_for(storable(incoming.sender), name, kind=incoming.identity, verified=verified, how=_how(incoming))


def _how(incoming: Incoming) -> str:
    """A mail address is vouched for by its own domain, or in a conversation by the site that its owner is signed in at."""
    if incoming.identity != "email":
        return "provider"
    return "site" if incoming.conversation else "mail"
