"""The jobs of rehearsals: in slices, behind everything that somebody waits for."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from towerdesk.events.queue import defer
from towerdesk.lib.embedding import embedder
from towerdesk.rehearsal.gaps.work import work_on
from towerdesk.rehearsal.models import Draft, Replay, Simulation
from towerdesk.rehearsal.past.run import go_on
from towerdesk.rehearsal.simulator.run import run

REPLAY = "towerdesk.rehearsal.replay"
SIMULATE = "towerdesk.rehearsal.simulate"
DRAFT = "towerdesk.rehearsal.draft"
SECONDS = 15.0
LAST_OF_ALL = -10


def defer_replay(replay: Replay) -> None:
    defer(REPLAY, lock="rehearsal", priority=LAST_OF_ALL, replay=replay.pk)


@app.task(name=REPLAY)
def replay_more(replay: int) -> None:
    close_old_connections()
    found = Replay.objects.filter(pk=replay).first()
    if found is not None and go_on(found, embedder(), seconds=SECONDS):
        defer_replay(found)


def defer_simulation(simulation: Simulation) -> None:
    defer(SIMULATE, lock="rehearsal", priority=LAST_OF_ALL, simulation=simulation.pk)


@app.task(name=SIMULATE)
def simulate(simulation: int) -> None:
    """A minute or so, for the usual wish."""
    close_old_connections()
    found = Simulation.objects.filter(pk=simulation).exclude(state__in=("done", "failed")).first()
    if found is not None:
        run(found)


def defer_draft(draft: Draft) -> None:
    defer(DRAFT, lock=f"draft:{draft.pk}", draft=draft.pk)


@app.task(name=DRAFT)
def work_on_draft(draft: int) -> None:
    """Make it, or try it: whichever it waits for. Somebody looks on."""
    close_old_connections()
    found = Draft.objects.filter(pk=draft).first()
    if found is not None:
        work_on(found, embedder())
