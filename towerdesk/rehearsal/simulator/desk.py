"""The model: a discrete-event simulation (simpy) of people who work in office hours and tickets that wait for them.

Time runs in seconds from `start`. People of several teams take the most urgent of all their teams' tickets, the oldest
first. A ticket is looked at after the pick-up time that the log shows, then waits for somebody who is free.
"""

import heapq
from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import simpy

from towerdesk.hours.opening import Hours
from towerdesk.hours.reckon import add, between
from towerdesk.rehearsal.simulator.trace import Trace, Turn

RANKS = {"critical": 0, "high": 1, "normal": 2, "low": 3}
PAUSE = 120.0  # seconds: the assistant's answer waits so long to be stopped

type Steps = Generator[simpy.Event, Any, None]


@dataclass(frozen=True, slots=True)
class Arrival:
    """`at` in seconds; every random number of its life is drawn beforehand, so that scenarios differ by nothing else."""

    at: float
    trace: Trace
    stand_in: Trace
    held_out: float
    right: float
    comes_back: float  # seconds until a customer who was answered wrongly writes again


@dataclass(slots=True)
class Outcome:
    """What became of an arrival. Times in seconds; minutes are people's work; `waited` is the customer's own time."""

    arrival: Arrival
    answered: float | None = None
    resolved: float | None = None
    minutes: float = 0.0
    alone: bool = False
    wrong: bool = False
    waited: float = 0.0


@dataclass(slots=True)
class Person:
    teams: frozenset[str]
    number: int


@dataclass(slots=True)
class Staff:
    """Who is free, and what waits for each team."""

    env: simpy.Environment
    people: Sequence[Person]
    free: list[Person] = field(default_factory=list)
    queues: dict[str, list[tuple[int, float, int, simpy.Event]]] = field(default_factory=lambda: defaultdict(list))
    number: "count[int]" = field(default_factory=count)
    known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.free = list(self.people)
        self.known = {team for person in self.people for team in person.teams}

    def ask(self, team: str, rank: int) -> simpy.Event:
        """Comes about with a person. A team of nobody's is served by anybody: its tickets are not lost."""
        event = simpy.Event(self.env)
        fit = [person for person in self.free if self._serves(person, team)]
        if fit:
            person = min(fit, key=lambda one: (len(one.teams), one.number))
            self.free.remove(person)
            event.succeed(person)
        else:
            heapq.heappush(self.queues[team], (rank, self.env.now, next(self.number), event))
        return event

    def give_back(self, person: Person) -> None:
        waiting = [team for team, queue in self.queues.items() if queue and self._serves(person, team)]
        if waiting:
            team = min(waiting, key=lambda one: self.queues[one][0][:3])
            heapq.heappop(self.queues[team])[3].succeed(person)
        else:
            self.free.append(person)

    def _serves(self, person: Person, team: str) -> bool:
        return team in person.teams or team not in self.known


@dataclass(slots=True)
class Desk:
    """`pickup` is the factor on the log's pick-up times; `alone` the keys of traces that the assistant may answer alone.

    `verdicts` says by key whether its answer is right or wrong, as far as somebody knows.
    """

    start: datetime
    hours: Hours
    people: Sequence[Person]
    pickup: float = 1.0
    alone: frozenset[str] = frozenset()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    hold_out: float = 0.0
    as_logged: bool = False
    precision: float = 1.0  # how often an answer is right of which nobody knows

    def run(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        env = simpy.Environment()
        staff = Staff(env, self.people)
        outcomes = [Outcome(arrival) for arrival in arrivals]
        for outcome in outcomes:
            env.process(self._life(env, staff, outcome))
        env.run()
        return outcomes

    def _life(self, env: simpy.Environment, staff: Staff, outcome: Outcome) -> Steps:
        arrival = outcome.arrival
        yield env.timeout(arrival.at)
        trace, turns = arrival.trace, arrival.trace.turns
        if self._answers_alone(arrival):
            yield env.timeout(PAUSE)
            outcome.alone, outcome.answered = True, env.now
            outcome.wrong = not self._is_right(arrival)
            if not outcome.wrong:
                outcome.resolved = env.now
                return
            yield env.timeout(arrival.comes_back)
            outcome.waited += arrival.comes_back
            turns = arrival.stand_in.turns if trace.lone else turns
        elif self.as_logged and trace.lone:
            yield env.timeout(PAUSE)
            outcome.answered = env.now
        elif trace.lone:
            turns = arrival.stand_in.turns
        yield from self._by_people(env, staff, outcome, turns)
        outcome.resolved = env.now

    def _by_people(self, env: simpy.Environment, staff: Staff, outcome: Outcome, turns: Sequence[Turn]) -> Steps:
        trace = outcome.arrival.trace
        for turn in turns:
            yield env.timeout(turn.gap)
            outcome.waited += turn.gap
            yield env.timeout(self._until(env.now, turn.pickup * self.pickup - turn.work))
            person = yield staff.ask(trace.team, RANKS.get(trace.priority, 2))
            yield env.timeout(self._until(env.now, turn.work))
            staff.give_back(person)
            outcome.minutes += turn.work
            outcome.answered = env.now if outcome.answered is None else outcome.answered

    def _answers_alone(self, arrival: Arrival) -> bool:
        return arrival.trace.key in self.alone and arrival.held_out >= self.hold_out

    def _is_right(self, arrival: Arrival) -> bool:
        verdict = self.verdicts.get(arrival.trace.key, "")
        return verdict == "right" if verdict else arrival.right < self.precision

    def _until(self, moment: float, minutes: float) -> float:
        """Seconds until so many minutes of office time are over."""
        at = self.start + timedelta(seconds=moment)
        if minutes <= 0:
            return 0.0
        return (add(self.hours, at, timedelta(minutes=minutes)) - at).total_seconds()

    def office_minutes(self, begin: float, end: float) -> float:
        at = self.start + timedelta(seconds=begin)
        return between(self.hours, at, self.start + timedelta(seconds=end)).total_seconds() / 60
