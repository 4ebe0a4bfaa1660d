"""Whether there is a form to fill in, and the token of its thank-you page: names one arrival, can't be guessed."""

from towerdesk.intake.models import Raw
from towerdesk.lib.ids import is_signed, signature
from towerdesk.tickets.models import Form

PURPOSE = "webform-sent"
LENGTH = 20


def sent_token(raw: Raw) -> str:
    return f"{raw.pk}-{signature(PURPOSE, str(raw.pk), LENGTH)}"


def sent_raw(token: str) -> Raw | None:
    number, _, signed = token.partition("-")
    if not (number.isdecimal() and len(number) < 19 and len(signed) == LENGTH):
        return None
    if not is_signed(PURPOSE, number, signed):
        return None
    return Raw.objects.filter(pk=int(number), door="webform").first()


def can_write() -> bool:
    return Form.objects.filter(retired_at=None, page__public=True).exists()
