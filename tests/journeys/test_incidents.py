"""Some hundred incidents of a real log, lived through the verbs: the clocks' verdicts are those of the log's own times.

The whole log: `python -m tests.performance.incidents`.
"""

from itertools import islice

import pytest

from tests.journeys.incidents import Incident, Replay, differences, incidents, verdict
from towerdesk.sla.models import Clock

SOME, AMONG = 60, 5_000


@pytest.fixture(scope="module")
def some() -> list[Incident]:
    """Those with the most in them: reopened, awaiting, of another priority."""
    found = sorted(islice(incidents(), AMONG), key=lambda one: -_turns(one))
    return found[: SOME // 2] + found[:: AMONG // SOME * 2]


def _turns(incident: Incident) -> int:
    return len({(update.state, update.priority, at // 3) for at, update in enumerate(incident.updates)})


@pytest.mark.django_db
def test_the_clocks_say_what_follows_from_the_log(some):
    replay = Replay()
    lived = [(incident, replay.live(incident)) for incident in some]

    assert differences(lived) == []
    assert Clock.objects.filter(state="met").exists()
    assert Clock.objects.filter(state="missed").exists()


def test_the_log_as_a_whole():
    """Known totals, so that nothing is compared with the wrong thing."""
    whole = list(incidents())

    assert (len(whole), sum(len(one.updates) for one in whole)) == (20_769, 119_998)
    assert sum(one.made_sla for one in whole) == 12_595
    assert 0 < sum(verdict(one)[0] for one in whole) < len(whole)
