"""Words in a condition: what was said on a ticket, asked of the same text index that search uses."""

import re
from collections.abc import Sequence

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from towerdesk.tickets.models import Message, Ticket

NUMBER = re.compile(r"#?(\d{1,15})")


class Finds(Func):
    """`search @@ towerdesk_query(…)`: true where the message holds all the words."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


def query_text(words: Sequence[str]) -> str:
    """For `towerdesk_query`: every word in quotation marks, so that none of them is an operator."""
    return " ".join(f'"{word}"' for word in words)


def number_in(words: Sequence[str]) -> int | None:
    """The ticket number when the words are nothing else, as in `1042` or `#1042`."""
    found = NUMBER.fullmatch(words[0]) if len(words) == 1 else None
    return int(found[1]) if found else None


def messages_with(words: Sequence[str], *, public_only: bool) -> "QuerySet[Message]":
    query = Func(Value(query_text(words)), function="towerdesk_query")
    found = Message.objects.filter(Finds(F("search"), query))
    return found.filter(public=True) if public_only else found


def with_words(words: Sequence[str], *, public_only: bool) -> Q:
    said = Q(Exists(messages_with(words, public_only=public_only).filter(ticket=OuterRef("pk"))))
    number = number_in(words)
    return said if number is None else said | Q(pk=number)


def said_in(ticket: Ticket, words: Sequence[str], *, public_only: bool) -> bool:
    """Asks the database, so that rules and lists can't disagree about what a word is."""
    if ticket.pk is not None and number_in(words) == ticket.pk:
        return True
    return messages_with(words, public_only=public_only).filter(ticket_id=ticket.pk).exists()
