"""An approver presses a button in a chat. The one law: only who was asked answers, and only as a person we know."""

from django.db import transaction

from towerdesk.channels.contract import Incoming
from towerdesk.intake.finish import finish
from towerdesk.intake.models import Raw
from towerdesk.intake.whisper import whisper
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.errors import Trouble
from towerdesk.people.find import normal, normal_email
from towerdesk.people.models import Identity
from towerdesk.tickets.approval_link import voice_of
from towerdesk.tickets.approve import answer_approval
from towerdesk.tickets.models import Voice
from towerdesk.tickets.one_person import proven_to_be_one

VOID = "This question was passed on, or there is no such question any more."
NOT_KNOWN = "Only who was asked may answer, and this account is not known to be theirs: use the link in the mail."


def decided(raw: Raw, incoming: Incoming, *, by: Actor = CLOCK) -> None:
    """What the verb refuses is said to whoever pressed, and kept as the reason for setting it aside."""
    voice = voice_of(incoming.about)
    against = VOID if voice is None else "" if _is_theirs(voice, incoming) else NOT_KNOWN
    if voice is None or against:
        said = against
    else:
        said, against = _answer(raw, incoming, voice, by)
    if against:
        with transaction.atomic():
            finish(raw, "set_aside", against, incoming=incoming, by=by)
    whisper(raw, incoming, said)


def _answer(raw: Raw, incoming: Incoming, voice: Voice, by: Actor) -> tuple[str, str]:
    """What to say, and what spoke against it."""
    yes = incoming.said == "yes"
    try:
        with transaction.atomic():
            approval = answer_approval(voice, yes, by=voice.actor())
            finish(raw, "message", "An approver answered.", incoming=incoming, ticket=approval.ticket_id, by=by)
    except Trouble as refused:
        return str(refused), str(refused)
    return f"You said {'yes' if yes else 'no'}: {approval.question}", ""


def _is_theirs(voice: Voice, incoming: Incoming) -> bool:
    """The account and the address that was asked belong to one person: as a provider says, not as somebody decided."""
    if incoming.identity == "email":
        return False
    account = Identity.objects.filter(kind=incoming.identity, value=normal(incoming.identity, incoming.sender)).first()
    asked = Identity.objects.filter(kind="email", value=normal_email(voice.email)).first()
    return account is not None and asked is not None and proven_to_be_one(account, asked)
