"""How much and how often a tool may be used. A day is the last 24 hours; what nobody knows the fate of counts.

Of whom nobody knows who they are all are one person: who is unknown may not have more than who is known.
"""

from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from towerdesk.connectors.models import Call, ToolSetting
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Refused

DAY = timedelta(hours=24)
COUNTS = ("claimed", "done", "unknown")


def must_be_within(setting: ToolSetting, title: str, amount: Decimal | None, person: str) -> None:
    """Raises `Refused`. Whoever asks holds the setting's row, so that two at once can't both be the last."""
    if amount is None and has_amounts(setting):
        raise Refused(f"{title} has a limit in money, so the amount must be said.")
    _at_most(title, "an amount", amount, setting.most_amount)
    if not _has_days(setting):
        return
    used = _used(str(setting), person)
    money = amount or Decimal(0)
    _at_most(title, "calls within a day", used["n"] + 1, setting.most_a_day)
    _at_most(title, "calls for one person within a day", used["n_theirs"] + 1, setting.most_a_day_each)
    _at_most(title, "money within a day", used["money"] + money, setting.most_amount_a_day)
    each = used["money_theirs"] + money
    _at_most(title, "money for one person within a day", each, setting.most_amount_a_day_each)


def has_amounts(setting: ToolSetting) -> bool:
    amounts = (setting.most_amount, setting.most_amount_a_day, setting.most_amount_a_day_each, setting.approve_above)
    return any(one is not None for one in amounts)


def are_set(setting: ToolSetting) -> bool:
    return _has_days(setting) or has_amounts(setting)


def _has_days(setting: ToolSetting) -> bool:
    days = (setting.most_a_day, setting.most_a_day_each, setting.most_amount_a_day, setting.most_amount_a_day_each)
    return any(one is not None for one in days)


def _used(name: str, person: str) -> dict[str, Decimal]:
    theirs = Q(person__iexact=person)
    lately = Call.objects.filter(tool=name, state__in=COUNTS, claimed_at__gt=now() - DAY)
    found = lately.aggregate(
        n=Count("pk"),
        n_theirs=Count("pk", filter=theirs),
        money=Sum("amount"),
        money_theirs=Sum("amount", filter=theirs),
    )
    return {which: value or Decimal(0) for which, value in found.items()}


def _at_most(title: str, of: str, wanted: Decimal | int | None, most: Decimal | int | None) -> None:
    if most is not None and wanted is not None and wanted > most:
        raise Refused(f"{title} is limited: {of} may be at most {most}, and this would make {wanted}.")
