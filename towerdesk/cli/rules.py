"""`towerdesk rules`: list them, test one on the past, explain a ticket, switch one on or off."""

import json
from typing import Annotated, Any

import typer

from towerdesk.automation.models import Rule
from towerdesk.automation.past.backtest import Trial, Would, backtest
from towerdesk.automation.past.explain import occasions, verdicts
from towerdesk.automation.rules.switch import switch
from towerdesk.events.models import Event
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Conflict, NotFound
from towerdesk.tickets.models import Ticket

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

TheRule = Annotated[str, typer.Argument(metavar="RULE", help="Its number in “towerdesk rules list”, or its name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one object per line.")]


@app.command("list")
def every() -> None:
    """Show every rule in its order: number, on or off, when, condition, name, owner."""
    for rule in Rule.objects.select_related("owner"):
        state = "on " if rule.active else "off"
        print(
            f"{rule.pk:>4}  {state}  {rule.when:<17}  {rule.condition or 'every ticket'}  {rule.name}  {rule.owner or '–'}"
        )


@app.command("test")
def try_it(
    rule: TheRule,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far back.")] = 90,
    most: Annotated[int, typer.Option(min=1, help="How many tickets to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Which past tickets it would have changed, and what it would have done. Writes nothing."""
    found = backtest(_find(rule), days=days, by=CLOCK)
    if as_json:
        _print_json(found)
        return
    for one in found.changed[:most]:
        print(_line(one))
    if len(found.changed) > most:
        print(f"… and {len(found.changed) - most} more: --most {len(found.changed)} shows all.")
    print(found.says())
    if found.approximate:
        print(
            f"{found.approximate} of them approximately: they ask what the log does not hold, and that was taken from today."
        )


@app.command()
def explain(ticket: Annotated[int, typer.Argument(help="The ticket's number.")]) -> None:
    """Which rules fired on a ticket, which did not, and why."""
    found = Ticket.objects.for_strips().filter(pk=ticket).first()
    if found is None:
        raise NotFound(f"There is no ticket {ticket}.")
    events = list(Event.objects.of(ticket))
    for event in reversed(occasions(events)):
        told = verdicts(found, events, event)
        if told:
            print(f"{event.at:%Y-%m-%d %H:%M}  {event.kind} by {event.actor_name}")
        for one in told:
            mark = {"fired": "+", "failed": "!", "not": " "}[one.outcome]
            print(f"  {mark} {one.rule}: {one.why}{'' if one.recorded else ' (asked again)'}")


@app.command("on")
def on(rule: TheRule) -> None:
    """Switch a rule on."""
    _switch(rule, on=True)


@app.command("off")
def off(rule: TheRule) -> None:
    """Switch a rule off."""
    _switch(rule, on=False)


def _switch(named: str, *, on: bool) -> None:
    rule = _find(named)
    switch(rule, on=on, by=CLOCK)
    print(f"“{rule}” is {'on' if on else 'off'}.")


def _find(named: str) -> Rule:
    if named.isdecimal():
        found = list(Rule.objects.filter(pk=int(named)))
    else:
        found = list(Rule.objects.filter(name__iexact=named.strip()))
    if not found:
        raise NotFound(f"There is no rule “{named}”: “towerdesk rules list” shows which there are.")
    if len(found) > 1:
        raise Conflict(f"{len(found)} rules are called “{named}”: name it by its number.")
    return found[0]


def _line(one: Would) -> str:
    about = f"  [approximately: {', '.join(one.about)}]" if one.about else ""
    return f"{one.at:%Y-%m-%d %H:%M}  {one.ticket.pk}  {one.ticket.subject[:60]}: {' '.join(one.would)}{about}"


def _print_json(found: Trial) -> None:
    for one in found.changed:
        _say({"ticket": one.ticket.pk, "at": one.at.isoformat(), "would": one.would, "approximately": one.about})
    told = {
        name: getattr(found, name) for name in ("days", "looked", "held", "tickets", "changed_tickets", "approximate")
    }
    _say(told)


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what, ensure_ascii=False))
