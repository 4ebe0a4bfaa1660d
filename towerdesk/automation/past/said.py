"""What was said on tickets by when, and a condition asked of a ticket as it was then."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from towerdesk.lib.actor import Actor
from towerdesk.tickets.filters import Condition
from towerdesk.tickets.filters.condition import And, Clause, Not, Or, Words
from towerdesk.tickets.filters.words import number_in, query_text
from towerdesk.tickets.models import Ticket


def about(condition: Condition, unsure: frozenset[str]) -> tuple[str, ...]:
    """Which of its clauses ask what the log does not hold."""
    clauses = [leaf for leaf in condition.leaves() if isinstance(leaf, Clause)]
    asked = {leaf.name for leaf in clauses} | {"due" for leaf in clauses if leaf.name == "is" and "late" in leaf.values}
    return tuple(sorted(asked & unsure))


FIRST_SAID = """
SELECT words.n, message.ticket_id, min(message.created_at) FROM unnest(%s::text[]) WITH ORDINALITY AS words (text, n)
JOIN tickets_message AS message ON message.ticket_id = ANY(%s) AND message.search @@ towerdesk_query(words.text)
GROUP BY 1, 2
"""


class Said:
    """When which words were first on which ticket: one query for all words of all conditions, none when there are none."""

    def __init__(self, conditions: Iterable[Condition], numbers: Sequence[int]) -> None:
        leaves = (leaf for condition in conditions for leaf in condition.leaves())
        words = list(dict.fromkeys(leaf for leaf in leaves if isinstance(leaf, Words)))
        self.when: dict[Words, dict[int, datetime]] = {leaf: {} for leaf in words}
        if not words:
            return
        with connection.cursor() as cursor:
            cursor.execute(FIRST_SAID, [[query_text(leaf.words) for leaf in words], list(numbers)])
            for place, ticket, moment in cursor.fetchall():
                self.when[words[place - 1]][ticket] = moment

    def holds(self, condition: Condition, ticket: Ticket, moment: datetime, me: Actor) -> bool:
        match condition:
            case And(parts):
                return all(self.holds(part, ticket, moment, me) for part in parts)
            case Or(parts):
                return any(self.holds(part, ticket, moment, me) for part in parts)
            case Not(part):
                return not self.holds(part, ticket, moment, me)
            case Words():
                first = self.when[condition].get(ticket.pk)
                return number_in(condition.words) == ticket.pk or (first is not None and first <= moment)
        return condition.matches(ticket, me)
