"""Keep the job queue healthy: jobs of a worker that was killed go back, finished ones go away.

A job whose worker dies stays `doing` and holds its lock, so everything behind that lock waits. Both functions are run
by the clock, with a `queueing_lock` and without a `lock` (a rescue must not wait for what it rescues).
"""

import logging
from typing import Any

from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Job, Status
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

SILENT_AFTER = 30.0  # seconds without a heartbeat; a worker beats every 5
TRIES = 10  # a job that takes its worker down this often is failed, and shown, instead of tried again
KEEP_FAILED_HOURS = 30 * 24
KEEP_DONE_HOURS = 24

log = logging.getLogger(__name__)


class WorkerConnector(PsycopgConnector):
    """A small pool for the worker itself; what its jobs defer goes through Django's connection.

    Without this a job deferred inside `atomic()` by another job would be seen before the transaction ends, or in spite
    of a rollback. Each step of the queue is one statement, so it is sent alone: without BEGIN, COMMIT and a question
    before it whether the server is there. A worker that loses the server ends and begins anew.
    """

    def __init__(self, connections: int) -> None:
        super().__init__(
            kwargs=connector_params(), min_size=1, max_size=connections, pool_factory=_pool, configure=_each_alone
        )
        self._django = DjangoConnector()

    def get_sync_connector(self) -> Any:
        return self._django


def _pool(**options: Any) -> AsyncConnectionPool:
    return AsyncConnectionPool(**options | {"check": None})


async def _each_alone(link: AsyncConnection[Any]) -> None:
    await link.set_autocommit(True)


async def rescue_stalled(app: App, *, silent_after: float = SILENT_AFTER) -> int:
    """Give back the jobs of workers that have ended or been silent for this many seconds. How many they were."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_after))
    for job in stalled:
        await _give_back(app, job)
    return len(stalled)


async def worker_is_gone(app: App, worker_id: int) -> None:
    """Its jobs count as stalled from now on, without waiting for the silence."""
    await app.job_manager.unregister_worker(worker_id)


async def prune(app: App) -> None:
    """Forget jobs that ended: failed ones after 30 days, all others after one. The event log is what is kept."""
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_DONE_HOURS, include_cancelled=True, include_aborted=True)
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_FAILED_HOURS, include_failed=True)


async def _give_back(app: App, job: Job) -> None:
    if job.attempts >= TRIES:
        log.error("job %s (%s) took its worker down %s times: given up", job.id, job.task_name, job.attempts)
        await app.job_manager.finish_job(job=job, status=Status.FAILED, delete_job=False)
    else:
        log.warning("job %s (%s) was left behind by its worker: tried again", job.id, job.task_name)
        await app.job_manager.retry_job(job=job)
