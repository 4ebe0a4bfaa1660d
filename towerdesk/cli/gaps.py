"""`towerdesk gaps`: what the assistant could not do, by people's minutes; draft what is missing, and try it on the past."""

import json
from typing import Annotated

import typer

from towerdesk.lib.actor import CLOCK
from towerdesk.lib.embedding import embedder
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.rehearsal.gaps.find import DAYS, find_gaps
from towerdesk.rehearsal.gaps.trial import ask_trial
from towerdesk.rehearsal.gaps.work import ask_for, work_on
from towerdesk.rehearsal.models import Draft, Gap


def command(
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far back.")] = DAYS,
    draft: Annotated[
        int | None,
        typer.Option(help="Draft an article or a change of a procedure for this gap, and try it on the past."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")] = False,
) -> None:
    """Find them anew, or draft for one. Publishing a draft is a person's decision, at the desk."""
    if draft is not None:
        _draft(draft, as_json)
        return
    gaps, alone = find_gaps(days=days, by=CLOCK)
    for gap in gaps:
        print(
            _json(gap)
            if as_json
            else f"{gap.pk:>5}  {gap.count:>4} tickets {gap.minutes:>7.0f} min  {gap.name}: {gap.why}"
        )
    if not as_json:
        print(f"{len(gaps)} gaps; {alone} more tickets are like no others.")


def _draft(number: int, as_json: bool) -> None:
    gap = Gap.objects.filter(pk=number).first()
    if gap is None:
        raise NotFound(f"There is no gap {number}: “towerdesk gaps” finds them.")
    made = ask_for(gap, by=CLOCK)
    work_on(made, embedder())
    if made.state == "failed":
        raise Invalid(made.trouble)
    ask_trial(made, by=CLOCK)
    made.refresh_from_db()
    work_on(made, embedder())
    print(
        json.dumps({"draft": made.pk, "title": made.title, "trial": made.trial}) if as_json else "\n".join(_lines(made))
    )


def _json(gap: Gap) -> str:
    names = ("kind", "name", "why", "intent", "tickets", "count", "minutes")
    return json.dumps({"gap": gap.pk} | {name: getattr(gap, name) for name in names}, ensure_ascii=False)


def _lines(made: Draft) -> list[str]:
    trial = made.trial
    return [
        f"Draft {made.pk}: {made.title}",
        "",
        made.text,
        "",
        (
            f"Of {trial['tickets']} tickets of the gap it would answer {len(trial['wins'])} ({trial['as_people']} as people did; "
            f"{len(trial['wins_fresh'])} of {trial['tickets_fresh']} that lent it no sentence)."
        ),
        *(f"To look at: {note}" for note in made.notes),
        f"Of {trial['others']} other tickets it would move {len(trial['moved'])} and break {len(trial['breaks'])}.",
        "Nothing is published: a person does that at the desk, under Reports, What it could not do.",
    ]
