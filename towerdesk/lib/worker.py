"""The worker of the queue: the library's, with hands that go from job to job without a way through its event loop.

The library asks for each job by a pool of its own, gives it to a thread, writes down how it ended and asks again: a
handful of statements and a dozen tasks of asyncio a job. A hand says in one statement that its job is done and what it
does next, on the connection that its jobs use (decision 0052). Whatever is rare is left to the library: jobs that are
coroutines, jobs that failed, the last one before the end.

A hand that fails (not its job) ends the worker: the server may have given it a job of which it never heard, and a worker
that lives is not rescued from its jobs. Whoever begins anew puts them back.
"""

import asyncio
import inspect
import json
import logging
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection, connections
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import AbortReason, JobContext, JobResult
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker
from psycopg import Error
from psycopg.errors import UniqueViolation

NEXT = """
SELECT job.id, job.status::text, job.task_name, job.priority, job.lock, job.queueing_lock, job.args::text,
  job.scheduled_at, job.queue_name, job.attempts, EXISTS (
    SELECT FROM procrastinate_jobs AS other
    WHERE other.status = 'todo' AND other.id <> job.id AND (other.scheduled_at IS NULL OR other.scheduled_at <= now())),
  ({beside})::text
FROM {before} procrastinate_fetch_job_v2(NULL, {worker}) AS job
"""
DONE = "WITH done AS MATERIALIZED (SELECT procrastinate_finish_job_v1(%s, 'succeeded', true) IS NULL AS said)"
UNLESS_DONE = "CASE WHEN done.said IS NOT NULL THEN %s::bigint END"
"""One needs the other, so that the lock of the job that is done is free when the next one is looked for."""
NONE_YET = Job(id=None, queue="default", lock=None, queueing_lock=None, task_name="looking for a job")
ALL_THERE_WITHIN = 1.0  # seconds; a thread that was never begun has no connection to close

log = logging.getLogger(__name__)


class PromptWorker(Worker):
    """Never sleeps while there is a job that can be done and a hand that is free.

    `beside` is SQL for what is read along with the `job`, as JSON; its task finds it in its context by that name.
    """

    _missed = False  # word of a job came while no hand was free
    _broke: BaseException | None = None  # why a hand could not go on
    _hands: ThreadPoolExecutor

    def __init__(self, *given: Any, beside: str = "NULL", **options: Any) -> None:
        super().__init__(*given, **options)
        self._first = NEXT.format(before="", worker="%s::bigint", beside=beside)
        self._done_and_next = DONE + NEXT.format(before="done, LATERAL", worker=UNLESS_DONE, beside=beside)

    async def run(self) -> None:
        """As many threads as jobs at once, so that each keeps its connection, and with it the plans of its statements.

        Raises what a hand failed with, when the others have done what they were at.
        """
        with ThreadPoolExecutor(self.concurrency, "hand") as self._hands:
            try:
                await super().run()  # type: ignore[no-untyped-call]
            finally:
                all_there = Barrier(self.concurrency)
                for _ in range(self.concurrency):
                    self._hands.submit(_let_go, all_there)
        if self._broke is not None:
            raise self._broke

    def wake(self) -> None:
        """There is a new job. On the loop."""
        self._missed = self._job_semaphore.locked()
        if not self._missed:
            self._new_job_event.set()

    async def _fetch_and_process_jobs(self) -> None:
        """A free hand goes to look; it calls another one when it leaves something behind."""
        self._new_job_event.clear()
        self._missed = self._job_semaphore.locked()
        if self._missed or self._stop_event.is_set():
            return
        await self._job_semaphore.acquire()
        working = asyncio.create_task(self._lend_a_hand(), name="a hand")
        self._running_jobs[working] = self._context(NONE_YET)
        working.add_done_callback(self._is_free)

    async def _lend_a_hand(self) -> None:
        mine = asyncio.current_task()
        assert mine is not None  # noqa: S101 - this is one
        await asyncio.get_running_loop().run_in_executor(self._hands, self._work_off, mine)

    def _is_free(self, working: "asyncio.Task[None]") -> None:
        del self._running_jobs[working]
        self._job_semaphore.release()
        if working.cancelled():
            return
        if error := working.exception():
            log.error("a hand of the worker failed, which ends it: %s", error, exc_info=error)
            self._broke = self._broke or error
            self.stop()  # type: ignore[no-untyped-call]
        elif self._missed:
            self._new_job_event.set()

    def _work_off(self, mine: "asyncio.Task[None]") -> None:
        """In a thread: one job after the other until there is none that can be done."""
        close_old_connections()
        found = self._next()
        while found is not None:
            job, leaves_some, beside = found
            if leaves_some and not self._job_semaphore.locked():
                self._on_loop.call_soon_threadsafe(self.wake)
            context = self._running_jobs[mine] = self._context(job, beside)
            found = self._next(self._do(context))

    def _next(self, done: Job | None = None) -> tuple[Job, bool, Any] | None:
        """The next job, whether others wait, and what is beside it. `done` has ended well, and is gone by this."""
        if self._stop_event.is_set() and done is None:
            return None
        sql, values = (self._done_and_next, [done.id]) if done else (self._first, [])
        try:
            row = _answer(sql, [*values, self.worker_id])
        except (DatabaseError, Error):  # Django's where it opens the connection, else the driver's
            connection.close()
            if done:
                self._by_the_library(self._persist(self._context(done), Status.SUCCEEDED))
            raise
        connection.health_check_done = True  # type: ignore[attr-defined] # by this very statement
        return _read(row, self.worker_id) if row[0] is not None else None

    def _do(self, context: JobContext) -> Job | None:
        """The job when it has ended well and that is not written down yet."""
        task = self.app.tasks.get(context.job.task_name)
        if task is None or inspect.iscoroutinefunction(task.func):
            self._by_the_library(super()._process_job(context))
            return None
        try:
            task(*([context] if task.pass_context else []), **context.job.task_kwargs)
        except BaseException as error:  # as the library does it
            self._by_the_library(self._fail(context, error))
            return None
        finally:
            close_old_connections()
        if self._stop_event.is_set():
            self._by_the_library(self._persist(context, Status.SUCCEEDED))
            return None
        return context.job

    async def _fail(self, context: JobContext, error: BaseException) -> None:
        """Tried again when its task says so."""
        again = context.task.get_retry_exception(exception=error, job=context.job)
        status = Status.ABORTED if isinstance(error, JobAborted) else Status.FAILED
        result = JobResult(start_timestamp=context.start_timestamp, end_timestamp=time.time())
        self._log_job_outcome(status, context, result, again, error)
        await self._persist_job_status(context.job, status, again.retry_decision if again else None, context, result)

    async def _persist(self, context: JobContext, status: Status) -> None:
        result = JobResult(start_timestamp=context.start_timestamp, end_timestamp=time.time())
        await self._persist_job_status(context.job, status, None, context, result)

    def _abort_job(self, process_job_task: "asyncio.Task[None]", context: JobContext, reason: AbortReason) -> None:
        """The library would cancel the hand of a coroutine, whose thread goes on all the same and waits for its end."""
        if context.job.id is not None:
            self._job_ids_to_abort[context.job.id] = reason

    def _by_the_library(self, doing: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(doing, self._on_loop).result()

    @property
    def _on_loop(self) -> asyncio.AbstractEventLoop:
        assert self._loop is not None  # noqa: S101 - it runs as long as a hand does
        return self._loop

    def _context(self, job: Job, beside: Any = None) -> JobContext:
        return JobContext(
            app=self.app,
            worker_name=self.worker_name,
            worker_queues=self.queues,
            job=job,
            abort_reason=lambda: self._job_ids_to_abort.get(job.id or 0),
            start_timestamp=time.time(),
            additional_context={"beside": beside},
        )


def _let_go(all_there: Barrier) -> None:
    """Each thread for itself: nobody else can close its connections."""
    with suppress(BrokenBarrierError):
        all_there.wait(ALL_THERE_WITHIN)
    connections.close_all()


def _answer(sql: str, values: list[Any]) -> tuple[Any, ...]:
    """Asked again when somebody else has taken an urgent job of the same lock since we looked: a lock has one holder."""
    connection.ensure_connection()
    while True:
        with suppress(UniqueViolation):
            row: tuple[Any, ...] = connection.connection.execute(sql, values, prepare=True).fetchone()
            return row


def _read(row: tuple[Any, ...], worker: int | None) -> tuple[Job, bool, Any]:
    number, status, task, priority, lock, queueing_lock, arguments, at, queue, attempts, leaves_some, beside = row
    job = Job(
        id=number,
        status=status,
        task_name=task,
        priority=priority,
        lock=lock,
        queueing_lock=queueing_lock,
        task_kwargs=json.loads(arguments),
        scheduled_at=at,
        queue=queue,
        attempts=attempts,
        worker_id=worker,
    )
    return job, leaves_some, json.loads(beside) if beside else None
