"""The desk as the checks look at it: each question is asked once, by one query, when the first check needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.timezone import get_default_timezone

from towerdesk.accounts.models import Team, User
from towerdesk.advice.lately import Lately, read_lately
from towerdesk.advice.plans import Plan, plan_of
from towerdesk.assistant.models import Procedure
from towerdesk.automation.models import Absence, Profile, Route, Rule, Schedule, Skill
from towerdesk.channels.models import Inbox
from towerdesk.connectors.models import Connection
from towerdesk.events.models import Event
from towerdesk.lib.clock import now
from towerdesk.sla.models import Policy, Step
from towerdesk.tickets.models import Form, Intent
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.known import Taxonomy

WINDOW = timedelta(days=90)
LONG_LATE = timedelta(days=7)
ENOUGH = 100
"""Below so many tickets in the window nothing is said about what is used and what not."""

KEPT = """
SELECT policy_id, kind, count(*) FILTER (WHERE state = 'met' OR breached_at IS NOT NULL),
  count(breached_at), (array_agg(ticket_id ORDER BY id DESC) FILTER (WHERE breached_at IS NOT NULL))[1:12]
FROM sla_clock WHERE ticket_id >= %s GROUP BY policy_id, kind ORDER BY policy_id, kind
"""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here. `away` are spells from, until before."""

    name: str
    teams: frozenset[int]
    skills: frozenset[str]
    off: bool  # switched themselves off for now
    away: tuple[tuple[datetime, datetime], ...]

    def is_away(self, at: datetime) -> bool:
        return any(begins <= at < ends for begins, ends in self.away)


@dataclass(frozen=True, slots=True)
class Kept:
    """How one promise of a policy fared: `judged` clocks came to an end or broke, `broken` of them broke."""

    policy: int
    kind: str
    judged: int
    broken: int
    tickets: tuple[int, ...]


class Desk:
    def __init__(self) -> None:
        self.at = now()
        self.since = self.at - WINDOW

    @property
    def long_ago(self) -> datetime:
        """Midnight a week ago, so that a filter by date finds the very same tickets."""
        day = (self.at - LONG_LATE).astimezone(get_default_timezone()).date()
        return datetime.combine(day, time.min, tzinfo=get_default_timezone())

    @cached_property
    def connections(self) -> list[Connection]:
        """Those that are on, with what was said about their tools."""
        return list(Connection.objects.filter(active=True).prefetch_related("tool_settings"))

    @cached_property
    def procedures(self) -> list[Procedure]:
        return list(Procedure.objects.published().select_related("current"))

    @cached_property
    def lately(self) -> Lately:
        return read_lately(self.since, self.long_ago)

    @cached_property
    def taxonomy(self) -> Taxonomy:
        return taxonomy()

    @cached_property
    def intents(self) -> list[Intent]:
        return list(Intent.objects.filter(active=True).select_related("team"))

    @cached_property
    def forms(self) -> list[Form]:
        return list(Form.objects.filter(retired_at=None))

    @cached_property
    def rules(self) -> list[Rule]:
        """Those that are on, in their order."""
        return list(Rule.objects.filter(active=True).select_related("owner"))

    @cached_property
    def plans(self) -> list[Plan]:
        """What each of them asks and sets; those that can't be read are left out."""
        return [plan for rule in self.rules if (plan := plan_of(rule))]

    @cached_property
    def did(self) -> Mapping[tuple[int | None, str], int]:
        """How often each rule fired or failed in the window, by its id and the event's kind."""
        lately = Event.objects.filter(kind__in=("rule.fired", "rule.failed"), at__gte=self.since).order_by()
        rows = lately.values_list("actor_id", "kind").annotate(Count("id"))
        return {(actor, kind): count for actor, kind, count in rows}

    @cached_property
    def schedules(self) -> list[Schedule]:
        return list(Schedule.objects.filter(active=True).select_related("owner"))

    @cached_property
    def routes(self) -> list[tuple[Route, frozenset[str]]]:
        """With the names of the skills that each asks for."""
        skills = ArraySubquery(Skill.objects.filter(routes=OuterRef("pk")).values("name"))
        found = Route.objects.filter(active=True).select_related("owner", "team").annotate(asks=skills)
        return [(route, frozenset(route.asks)) for route in found]

    @cached_property
    def policies(self) -> list[tuple[Policy, bool]]:
        """Those that are on, each with whether it does anything when a promise is due or broken."""
        acts = Exists(Step.objects.filter(policy=OuterRef("pk"), minutes__gte=0))
        found = Policy.objects.filter(active=True).select_related("calendar").annotate(acts=acts)
        return [(policy, policy.acts) for policy in found]

    @cached_property
    def kept(self) -> list[Kept]:
        with connection.cursor() as cursor:
            cursor.execute(KEPT, [self.lately.first])
            return [
                Kept(policy, kind, judged, broken, tuple(dict.fromkeys(numbers or ())))
                for policy, kind, judged, broken, numbers in cursor.fetchall()
            ]

    @cached_property
    def teams(self) -> list[Team]:
        """Those that work comes to: by an inbox, an intent or a route."""
        asked = Q(Exists(Inbox.objects.filter(team=OuterRef("pk"))))
        asked |= Q(Exists(Intent.objects.filter(team=OuterRef("pk"), active=True)))
        asked |= Q(Exists(Route.objects.filter(team=OuterRef("pk"), active=True)))
        return list(Team.objects.filter(asked))

    @cached_property
    def members(self) -> list[Member]:
        """All who can be given work."""
        away = Absence.objects.filter(user=OuterRef("pk"), ends__gt=self.at)
        found = User.objects.filter(is_active=True).exclude(role="viewer")
        people = found.annotate(
            in_teams=ArraySubquery(Team.objects.filter(members=OuterRef("pk")).values("pk")),
            can=ArraySubquery(Skill.objects.filter(people=OuterRef("pk")).values("name")),
            off=Exists(Profile.objects.filter(user=OuterRef("pk"), available=False)),
            spells=ArraySubquery(away.values(spell=JSONObject(begins="begins", ends="ends"))),
        )
        return [
            Member(str(one), frozenset(one.in_teams), frozenset(one.can), one.off, _spells(one.spells))
            for one in people
        ]

    def members_of(self, team: Team) -> list[Member]:
        return [member for member in self.members if team.pk in member.teams]


def _spells(rows: list[dict[str, str]]) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((datetime.fromisoformat(row["begins"]), datetime.fromisoformat(row["ends"])) for row in rows)
