"""The token behind the link in an approver's mail: names one voice at one address, can't be guessed."""

from towerdesk.lib.ids import is_signed, signature
from towerdesk.tickets.models import Voice

PURPOSE = "approval"
LENGTH = 26  # characters of the signature: 130 bits


def approval_token(voice: Voice) -> str:
    """`<id>-<signature>`. Passing the decision on changes the address, so that the old link is void."""
    return f"{voice.pk}-{signature(PURPOSE, _signed(voice), LENGTH)}"


def voice_of(token: str) -> Voice | None:
    """None for a token that we did not write, that was passed on, or whose ticket is gone."""
    number, _, signed = token.partition("-")
    if not (number.isdecimal() and len(number) < 19 and len(signed) == LENGTH):
        return None
    found = Voice.objects.select_related("approval__ticket__requester", "user").filter(pk=int(number)).first()
    return found if found and is_signed(PURPOSE, _signed(found), signed) else None


def _signed(voice: Voice) -> str:
    return f"{voice.pk} {voice.email}"
