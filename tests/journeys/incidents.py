"""Live a real log of incidents through the verbs, with the clock set to the log's times; and reckon its verdicts apart.

The log is `events-servicenow-incidents`: one row for each update of an incident, times to the minute, no zone. The policy
stated here: until resolved, within office hours in London without the bank holidays, not while awaiting somebody.
"""

import csv
import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

import numpy as np

from tests.data import data

ZONE = ZoneInfo("Europe/London")
OPENS, SHUTS = 8 * 60, 18 * 60
HOURS = {"critical": 4, "high": 8, "normal": 24, "low": 80}
PRIORITIES = {"1": "critical", "2": "high", "3": "normal", "4": "low"}
STATES = {
    "New": "new",
    "Active": "open",
    "Awaiting User Info": "pending",
    "Awaiting Vendor": "hold",
    "Awaiting Problem": "hold",
    "Awaiting Evidence": "hold",
    "Resolved": "resolved",
    "Closed": "closed",
}
DONE, STILL = ("resolved", "closed"), ("pending", "hold")
BANK_HOLIDAYS = (
    "2016-03-25", "2016-03-28", "2016-05-02", "2016-05-30", "2016-08-29", "2016-12-26", "2016-12-27", "2017-01-02",
)  # fmt: skip
FIRST, LAST = date(2016, 2, 1), date(2017, 3, 1)


@dataclass(frozen=True, slots=True)
class Update:
    at: datetime
    state: str
    priority: str
    group: str
    person: str


@dataclass(slots=True)
class Incident:
    """`opened` and every update are aware; none is before the one that it follows."""

    number: str
    opened: datetime
    caller: str
    made_sla: bool
    updates: list[Update] = field(default_factory=list)

    @property
    def priority(self) -> str:
        return self.updates[-1].priority


def incidents() -> Iterator[Incident]:
    """All of the log, in its order."""
    with gzip.open(data("events-servicenow-incidents") / "incident_event_log.csv.gz", "rt") as file:
        for number, rows in groupby(csv.DictReader(file), key=lambda row: row["number"]):
            yield _incident(number, list(rows))


def _incident(number: str, rows: list[dict[str, str]]) -> Incident:
    last = _moment(rows[0]["opened_at"])
    one = Incident(number, last, rows[0]["caller_id"], rows[-1]["made_sla"] == "true")
    for row in rows:
        last = max(last, _moment(row["sys_updated_at"]))
        known = one.updates[-1].state if one.updates else "new"  # a state -100 is a slip of the log
        state = STATES.get(row["incident_state"], known)
        priority = PRIORITIES[row["priority"][0]]
        one.updates.append(Update(last, state, priority, row["assignment_group"], row["assigned_to"]))
    return one


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=ZONE).astimezone(UTC)


def verdict(incident: Incident) -> tuple[bool, int]:
    """Kept, and minutes used: what follows from the log's own times, counted minute by minute and without our code."""
    spells = [(incident.opened, "new"), *((update.at, update.state) for update in incident.updates)]
    done = [at for at, state in _trailing(spells)]
    end = done[0] if done else spells[-1][0]
    used = _open_minutes(incident.opened, end)
    for (begin, state), (until, _) in pairwise(spells):
        if state in (*STILL, *DONE) and begin < end:
            used -= _open_minutes(begin, min(until, end))
    return used <= HOURS[incident.priority] * 60, used


def _trailing(spells: list[tuple[datetime, str]]) -> list[tuple[datetime, str]]:
    """The last spells as long as all of them are done."""
    kept: list[tuple[datetime, str]] = []
    for spell in reversed(spells):
        if spell[1] not in DONE:
            break
        kept.insert(0, spell)
    return kept


def _open_minutes(begin: datetime, end: datetime) -> int:
    sums, first = _minutes()
    at = [int((moment - first).total_seconds()) // 60 for moment in (begin, end)]
    return int(sums[at[1]] - sums[at[0]])


@cache
def _minutes() -> tuple[np.ndarray, datetime]:
    """For every minute of the log's year how many were open before it."""
    first = datetime.combine(FIRST, datetime.min.time(), tzinfo=UTC)
    count = (LAST - FIRST).days * 1440
    opened = np.zeros(count, dtype=np.int64)
    for minute in range(count):
        local = (first + timedelta(minutes=minute)).astimezone(ZONE)
        of_day = local.hour * 60 + local.minute
        if local.weekday() < 5 and OPENS <= of_day < SHUTS and local.date().isoformat() not in BANK_HOLIDAYS:
            opened[minute] = 1
    return np.concatenate([[0], np.cumsum(opened)]), first


class Replay:
    """The desk that lives through it: teams, people and a policy of its own."""

    def __init__(self) -> None:
        from towerdesk.accounts.models import Team
        from towerdesk.channels.models import Inbox
        from towerdesk.hours.save import Plan as Week
        from towerdesk.hours.save import save_calendar
        from towerdesk.lib.actor import CLOCK
        from towerdesk.sla.save import Plan, save_policy

        self.by = CLOCK
        self.team = Team.objects.create(name="Service desk", slug="service-desk")
        self.inbox = Inbox.objects.create(name="Incidents", address="incidents@example.com", team=self.team)
        self.teams, self.users, self.callers = {"?": self.team}, {}, {}
        week = [((OPENS, SHUTS),)] * 5 + [(), ()]
        office = save_calendar(None, Week("London", "Europe/London", week, "GB", "ENG"), by=CLOCK)
        targets = {"resolution": {priority: hours * 60 for priority, hours in HOURS.items()}}
        save_policy(None, Plan("Incidents", calendar=office, targets=targets), by=CLOCK)

    def live(self, incident: Incident) -> int:
        """From its opening to its last update; returns the ticket's number."""
        from towerdesk.lib import clock
        from towerdesk.tickets.open import open_ticket

        first = incident.updates[0]
        with clock.at(incident.opened):
            caller = self._caller(incident.caller)
            ticket = open_ticket(
                incident.number, requester=caller, inbox=self.inbox, by=caller.actor(), priority=first.priority
            )
        was = Update(incident.opened, "new", first.priority, "?", "?")
        for update in incident.updates:
            with clock.at(update.at):
                self._follow(ticket, was, update)
            was = update
        return ticket.pk

    def _follow(self, ticket, was: Update, now: Update) -> None:
        from towerdesk.tickets.assign import assign
        from towerdesk.tickets.change import change

        if was.state in DONE and now.state not in DONE:
            self._move(ticket, was, now)
        if was.state not in DONE and now.priority != was.priority:
            change(ticket, priority=now.priority, by=self.by)
        if now.group != was.group:
            assign(ticket, self._team(now.group), by=self.by)
        if now.person not in ("?", was.person):
            assign(ticket, self._user(now.person), by=self.by)
        if now.state != was.state and not (was.state in DONE and now.state not in DONE):
            self._move(ticket, was, now)

    def _move(self, ticket, was: Update, now: Update) -> None:
        from towerdesk.tickets.change import change
        from towerdesk.tickets.close import close
        from towerdesk.tickets.reopen import reopen
        from towerdesk.tickets.resolve import resolve

        if was.state in DONE and now.state not in DONE:
            reopen(ticket, "The log says so", by=self.by)
            was = Update(was.at, "open", was.priority, was.group, was.person)
        if now.state == "resolved":
            resolve(ticket, "As in the log", by=self.by)
        elif now.state == "closed":
            close(ticket, "As in the log", by=self.by)
        elif now.state != was.state and now.state != "new":
            change(ticket, status=now.state, by=self.by)

    def _caller(self, name: str):
        from towerdesk.people.find import person_for

        if name not in self.callers:
            self.callers[name] = person_for(f"{name.replace(' ', '').replace('?', 'nobody').lower()}@example.com", name)
        return self.callers[name]

    def _team(self, name: str):
        from towerdesk.accounts.models import Team

        if name not in self.teams:
            self.teams[name] = Team.objects.create(name=name, slug=name.lower().replace(" ", "-"))
        return self.teams[name]

    def _user(self, name: str):
        from towerdesk.accounts.models import User

        if name not in self.users:
            self.users[name] = User.objects.create(email=f"{name.replace(' ', '').lower()}@example.com", name=name)
        return self.users[name]


def differences(found: Iterable[tuple[Incident, int]]) -> list[str]:
    """Where the clocks' verdicts are not those of the log. Of an incident without an end: up to its last update."""
    from towerdesk.sla.models import Clock

    clocks = {clock.ticket_id: clock for clock in Clock.objects.filter(kind="resolution")}
    wrong = []
    for incident, number in found:
        clock, (kept, used) = clocks[number], verdict(incident)
        ours = clock.state == "met" or (
            clock.is_going and (clock.due_at is None or clock.due_at >= incident.updates[-1].at)
        )
        seconds = clock.used_seconds if not clock.is_going else used * 60
        if (ours, seconds) != (kept, used * 60):
            wrong.append(
                f"{incident.number}: {clock.state} after {clock.used_seconds // 60} min, not {kept} after {used}"
            )
    return wrong
