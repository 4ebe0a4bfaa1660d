"""What the clock does by itself: at a deadline, each minute, each hour, each night."""

from collections.abc import Callable, Iterable

import structlog
from procrastinate import JobContext
from procrastinate.contrib.django import app

from towerdesk.assistant import settle, sightings
from towerdesk.assistant.disagree import find_if_changed
from towerdesk.assistant.procedures.recover import recover as recover_procedures
from towerdesk.assistant.review_all import review_all
from towerdesk.assistant.study import study_at_first, study_when_free
from towerdesk.automation.routing.tend import tend_routing
from towerdesk.automation.rules.clock import run_clock_rules
from towerdesk.automation.schedules.run import run_schedules
from towerdesk.channels.renew import renew_due
from towerdesk.chats.leave import leave_abandoned
from towerdesk.chats.transcript import send_transcripts
from towerdesk.connectors import decide as decide_calls
from towerdesk.connectors import recover as recover_calls
from towerdesk.delivery.ask_approvers import ask_approvers
from towerdesk.delivery.confirm import confirm_due
from towerdesk.delivery.recover import recover
from towerdesk.delivery.send import send_due
from towerdesk.insights import facts
from towerdesk.intake import accept, ask_lists, poll
from towerdesk.intake.forget import forget_waiting
from towerdesk.knowledge.index import index_all
from towerdesk.lib import queue
from towerdesk.lib.embedding import embedder
from towerdesk.lib.locks import if_nobody_else
from towerdesk.lib.under_way import clock_is_set_back
from towerdesk.notifications.post import post_due
from towerdesk.notifications.post import recover as recover_posts
from towerdesk.notifications.prune import prune as prune_notifications
from towerdesk.problems.issues.look import forget_deliveries, look_due
from towerdesk.problems.issues.push import push_due
from towerdesk.problems.surges.decide import end_solved
from towerdesk.problems.surges.watch import forget as forget_sightings
from towerdesk.problems.surges.watch import pass_by
from towerdesk.sla.notice import BATCH, notice
from towerdesk.tickets.join import bring_along
from towerdesk.tickets.time_passes import time_passes

DEADLINE = "towerdesk.clockwork.deadline"

log = structlog.get_logger()


@app.task(name=DEADLINE, queueing_lock="deadline")
def deadline() -> None:
    """The worker's lookout has seen that a clock is due."""
    notice_due()


def notice_due() -> None:
    """One process at a time; none while a past is being told, whose deadlines are not of now."""
    with if_nobody_else("deadlines") as mine:
        while mine and not clock_is_set_back() and notice() == BATCH:
            pass


def index_articles() -> int:
    return index_all(embedder())


CHORES = (
    notice_due,
    time_passes,
    run_schedules,
    tend_routing,
    send_due,
    ask_approvers,
    confirm_due,
    settle.conclude,
    find_if_changed,
    recover,
    recover_calls.recover,
    decide_calls.expire,
    recover_procedures,
    post_due,
    recover_posts,
    leave_abandoned,
    send_transcripts,
    bring_along,
    accept.sweep,
    poll.keep_watching,
    ask_lists.ask_due,
    sightings.see_again,
    pass_by,
    end_solved,
    push_due,
    look_due,
    facts.fold,
    study_at_first,
)


CHORES_OF_THE_HOUR = (
    run_clock_rules,
    index_articles,
    review_all,
    study_when_free,
    prune_notifications,
    renew_due,
    forget_waiting,
    sightings.bring_along,
    forget_sightings,
    forget_deliveries,
)


@app.periodic(cron="* * * * *")
@app.task(name="towerdesk.clockwork.minute", queueing_lock="minute", pass_context=True)
def minute(context: JobContext, timestamp: int) -> None:
    """What is due by now: steps on tickets, sends that were put off or interrupted, arrivals left behind, facts."""
    with if_nobody_else("clock") as mine:
        do(CHORES if mine else ())


@app.periodic(cron="17 * * * *")
@app.task(name="towerdesk.clockwork.hour", queueing_lock="hour")
def hour(timestamp: int) -> None:
    do(CHORES_OF_THE_HOUR)


def do(chores: Iterable[Callable[[], object]]) -> None:
    """One that fails holds up none of the others. None of them is of now while the clock is set back."""
    for chore in () if clock_is_set_back() else chores:
        try:
            chore()
        except Exception:
            log.exception("a chore of the clock failed", chore=chore.__name__)


@app.periodic(cron="* * * * * */20")
@app.task(name="towerdesk.clockwork.rescue", queueing_lock="rescue")
async def rescue(timestamp: int) -> None:
    """Without a `lock`: what it rescues may hold one."""
    await queue.rescue_stalled(app)


@app.periodic(cron="41 3 * * *")
@app.task(name="towerdesk.clockwork.prune", queueing_lock="prune")
async def prune(timestamp: int) -> None:
    await queue.prune(app)
