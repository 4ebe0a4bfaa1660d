"""What may be asked of the model: autonomy or none, other staff, another policy. Each scenario differs from the base by this."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from towerdesk.assistant.policy import ALPHA
from towerdesk.lib.errors import Invalid
from towerdesk.rehearsal.past.book import GRADED, MEASURED, Decided, Earned, Policy
from towerdesk.rehearsal.past.licensing import license_past
from towerdesk.rehearsal.simulator.desk import Person

EVIDENCE = {"grades": GRADED, "agreement": MEASURED}


@dataclass(frozen=True, slots=True)
class Scenario:
    """`staff`: team → people more or fewer. `alpha` and `levels` change the policy; `hold_out` goes to people by lot."""

    name: str
    autonomy: bool = False
    staff: Mapping[str, int] = field(default_factory=dict)
    alpha: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    hold_out: float = 0.0
    evidence: str = "grades"
    held: bool = False
    """With the licences that the desk holds and what it really decided, instead of those that a replay earned."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "autonomy": self.autonomy,
            "staff": dict(self.staff),
            "alpha": dict(self.alpha),
            "levels": dict(self.levels),
            "hold_out": self.hold_out,
            "evidence": self.evidence,
            "held": self.held,
        }


def scenarios(
    staff: Mapping[str, int],
    alpha: Mapping[str, float],
    levels: Mapping[str, str],
    hold_out: float,
    evidence: str,
    held: bool = False,
) -> list[Scenario]:
    """Without and with autonomy as they are; then each change that was asked for, by itself and against the right one."""
    found = [Scenario("Without autonomy"), Scenario("With autonomy", autonomy=True, evidence=evidence)]
    if held:
        found.append(Scenario("With the licences held today", autonomy=True, held=True))
    if staff:
        says = _staff_words(staff)
        found.append(Scenario(f"Without autonomy, {says}", staff=staff))
        found.append(Scenario(f"With autonomy, {says}", autonomy=True, staff=staff, evidence=evidence))
    if alpha:
        says = ", ".join(f"{risk} at most {limit:.1%} wrong" for risk, limit in alpha.items())
        found.append(Scenario(f"With autonomy, {says}", autonomy=True, alpha=alpha, evidence=evidence))
    if levels:
        says = ", ".join(f"{slug} at {level}" for slug, level in levels.items())
        found.append(Scenario(f"With autonomy, {says}", autonomy=True, levels=levels, evidence=evidence))
    if hold_out:
        says = f"{hold_out:.0%} held out"
        found.append(Scenario(f"With autonomy, {says}", autonomy=True, hold_out=hold_out, evidence=evidence))
    return found


def _staff_words(staff: Mapping[str, int]) -> str:
    return ", ".join(f"{abs(number)} {'more' if number > 0 else 'fewer'} in {team}" for team, number in staff.items())


def licences_of(
    scenario: Scenario, past: Sequence[Decided], pooled: frozenset[str] = frozenset()
) -> tuple[list[Earned], set[str]]:
    """The licences in force at the end of the past, and all that would have been answered alone on the way there."""
    if not scenario.autonomy:
        return [], set()
    policy = Policy({**ALPHA, **scenario.alpha}, scenario.levels, EVIDENCE[scenario.evidence], pooled=pooled)
    earned, alone = license_past(past, policy)
    return [one for one in earned if one.until is None], alone


def answers_alone(scenario: Scenario, past: Iterable[Decided], licences: Iterable[Earned]) -> frozenset[str]:
    """An intent's own licence speaks before that of its risk together, as the desk's policy has it."""
    policy = Policy(levels=scenario.levels)
    held = list(licences)
    own = {one.intent: one for one in held}

    def under(one: Decided) -> Iterable[Earned]:
        return [own[one.intent]] if one.intent in own else held

    return frozenset(one.key for one in past if policy.may(one) and any(each.lets_out(one) for each in under(one)))


def staffed(people: Sequence[Person], change: Mapping[str, int], teams: Collection[str]) -> list[Person]:
    """Who leaves a team stays in their others; whoever comes is of this team alone. Raises `Invalid`."""
    found = [set(person.teams) for person in people]
    for team, number in change.items():
        if team not in teams:
            raise Invalid(f"There is no team “{team}”: there are {', '.join(sorted(teams))}.")
        found += [{team} for _ in range(max(0, number))]
        for _ in range(max(0, -number)):
            members = [one for one in found if team in one]
            if not members:
                raise Invalid(f"There are not so many people in {team}.")
            min(members, key=len).discard(team)
    return [Person(frozenset(one), number) for number, one in enumerate(found) if one]


def read_changes(given: Iterable[str]) -> dict[str, int]:
    """`Billing=-1`, `Billing-1` or `Repairs+2`."""
    found: dict[str, int] = {}
    for text in given:
        match = re.fullmatch(r"(.+?)\s*=?\s*([+-]\d{1,3})", text.strip())
        if match is None:
            raise Invalid(f"“{text}” is no change of staff: write for example Billing=-1 or Repairs=+2.")
        found[match[1].rstrip("= ")] = int(match[2])
    return found


def read_pairs(given: Iterable[str], what: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise Invalid(f"“{text}” is no {what}: write NAME=VALUE.")
        found[name.strip()] = value.strip()
    return found


def read_alpha(given: Iterable[str]) -> dict[str, float]:
    """`information=0.02`."""
    found: dict[str, float] = {}
    for risk, value in read_pairs(given, "limit").items():
        if risk not in ALPHA:
            raise Invalid(f"“{risk}” is no risk: there are {', '.join(ALPHA)}.")
        try:
            found[risk] = float(value)
        except ValueError:
            found[risk] = 0.0
        if not 0 < found[risk] < 1:
            raise Invalid(f"“{value}” is no share of errors: write for example {risk}=0.02.")
    return found


def read_levels(given: Iterable[str]) -> dict[str, str]:
    found = read_pairs(given, "level")
    for level in found.values():
        if level not in ("off", "shadow", "suggest", "pause", "send"):
            raise Invalid(f"“{level}” is no level: off, shadow, suggest, pause or send.")
    return found
