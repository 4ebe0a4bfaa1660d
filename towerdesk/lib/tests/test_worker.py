"""The worker does what can be done at once, loses nothing when it is cut off, and ends when it can't go on."""

import asyncio
import time

import psycopg
import pytest
from django.db import OperationalError, connection
from procrastinate import App, JobContext, RetryStrategy
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import DeleteJobCondition

from towerdesk.lib.queue import rescue_stalled, worker_is_gone
from towerdesk.lib.worker import PromptWorker
from towerdesk.testing.waiting import waits

pytestmark = pytest.mark.django_db(transaction=True)


def stands_by[W: PromptWorker](
    app: App, of: type[W], *, hands: int = 1, patience: float | None = None, beside: str = "NULL"
) -> W:
    """A worker that polls so seldom that only being woken helps."""
    worker = of(
        app,
        concurrency=hands,
        fetch_job_polling_interval=600,
        install_signal_handlers=False,
        shutdown_graceful_timeout=patience,
        beside=beside,
    )
    worker.delete_jobs = DeleteJobCondition.SUCCESSFUL
    return worker


class Noting(PromptWorker):
    """Has jobs deferred at the worst moment: a hand has found nothing, and is not free yet."""

    late: list[int]

    def _next(self, done=None):
        found = super()._next(done)
        if found is None and self.late:
            self.app.configure_task("work").defer(number=self.late.pop())
            time.sleep(0.3)  # so long does the hand take to be free that word of it comes first
        return found


def works_until(done, *, late=(), lock="ticket:1", hands=2, broken=(), by_coroutine=False):
    """Returns the numbers in the order in which they ended."""

    async def story(app):
        ended, tried = [], []

        def work(number: int) -> None:
            tried.append(number)
            if number in broken and tried.count(number) == 1:
                raise ValueError(f"{number} does not work")
            time.sleep(0.05)
            ended.append(number)

        async def work_on_the_loop(number: int) -> None:
            work(number)

        again = RetryStrategy(max_attempts=2, wait=0)
        app.task(work_on_the_loop if by_coroutine else work, name="work", retry=again)
        for number in done:
            if number not in late:
                await app.configure_task("work", lock=lock).defer_async(number=number)
        worker = stands_by(app, Noting, hands=hands)
        worker.late = list(late)
        running = asyncio.create_task(worker.run())
        try:
            async with asyncio.timeout(60):
                while len(ended) < len(done):
                    await asyncio.sleep(0.02)
        finally:
            worker.stop()
            await running
        return ended

    return story


@pytest.mark.parametrize("by_coroutine", [False, True])
def test_a_job_that_waited_for_another_of_its_lock_begins_when_that_ends(queue, by_coroutine):
    assert queue.run(works_until([1, 2, 3], by_coroutine=by_coroutine)) == [1, 2, 3]
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.parametrize("hands", [1, 2])
def test_word_of_a_job_that_comes_while_a_hand_has_just_found_nothing_is_not_forgotten(queue, hands):
    assert queue.run(works_until([1, 2], late=[2], hands=hands)) == [1, 2]


def test_what_is_asked_for_beside_a_job_is_in_its_context(queue):
    async def story(app):
        found = []

        def look(context: JobContext, number: int) -> None:
            found.append(context.additional_context["beside"])

        app.task(look, name="look", pass_context=True)
        for number in (1, 2):
            await app.tasks["look"].defer_async(number=number)
        worker = stands_by(app, PromptWorker, beside="SELECT job.args WHERE (job.args ->> 'number')::int = 2")
        running = asyncio.create_task(worker.run())
        await until(lambda: len(found) == 2)
        worker.stop()
        await running
        return found

    assert queue.run(story) == [None, {"number": 2}]


def test_what_one_hand_leaves_another_takes(queue):
    assert sorted(queue.run(works_until([1, 2, 3, 4], lock=None))) == [1, 2, 3, 4]


def test_a_job_that_fails_is_tried_again_and_holds_up_nobody(queue):
    assert sorted(queue.run(works_until([1, 2], lock=None, hands=1, broken=[1]))) == [1, 2]
    assert not ProcrastinateJob.objects.exists()


def test_a_job_that_fails_for_good_stays_to_be_seen(queue):
    def break_down() -> None:
        raise ValueError("This never works")

    async def story(app):
        app.task(break_down, name="break")
        await app.tasks["break"].defer_async()
        return await works_until([1])(app)

    assert queue.run(story) == [1]
    assert list(ProcrastinateJob.objects.values_list("task_name", "status")) == [("break", "failed")]


def test_a_job_in_whose_middle_the_worker_is_stopped_ends_and_is_not_done_again(queue):
    async def story(app):
        worker = stands_by(app, PromptWorker)

        def stop() -> None:
            worker.stop()
            while not worker._stop_event.is_set():
                time.sleep(0.01)

        app.task(stop, name="stop")
        await app.tasks["stop"].defer_async()
        await app.tasks["send"].defer_async()
        async with asyncio.timeout(60):
            await worker.run()

    queue.run(story)

    assert list(ProcrastinateJob.objects.values_list("task_name", "status")) == [("send", "todo")]


async def until(holds) -> None:
    def look() -> bool:
        try:
            return holds()
        finally:
            connection.close()  # this thread's own

    async with asyncio.timeout(60):
        while not await asyncio.to_thread(look):
            await asyncio.sleep(0.02)


def test_two_that_take_jobs_of_one_lock_in_the_same_moment_do_both_of_them(queue):
    """An urgent job of a ticket comes in and is taken between another hand's look and its grip: the lock has one holder."""

    async def story(app):
        other = await app.job_manager.register_worker()
        await app.tasks["send"].defer_async()
        async with await psycopg.AsyncConnection.connect(**connector_params()) as link:
            row = await link.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, priority) "
                "VALUES ('default', 'send', 'ticket:1', 5) RETURNING id"
            )
            [urgent] = await row.fetchone()
            await link.execute("SELECT procrastinate_fetch_job_v2(NULL, %s)", [other])
            worker = stands_by(app, PromptWorker)
            running = asyncio.create_task(worker.run())
            await until(lambda: waits("procrastinate_fetch_job_v2"))
            await link.commit()
            await until(lambda: not waits("procrastinate_fetch_job_v2"))
            await link.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [urgent])
            await link.commit()
        worker.wake()
        await until(lambda: not ProcrastinateJob.objects.exists())
        assert not running.done()
        worker.stop()
        await running

    queue.run(story)


class Losing(PromptWorker):
    """Its connection is cut after the server gave it a job and before it hears of it."""

    def _next(self, done=None):
        if super()._next(done) is not None:
            connection.close()
            raise OperationalError("the connection is lost")


def test_a_worker_that_can_not_know_what_it_was_given_ends_and_the_next_one_does_it(queue):
    async def story(app):
        job_id = await app.tasks["send"].defer_async()
        with pytest.raises(OperationalError):
            async with asyncio.timeout(60):
                await stands_by(app, Losing, hands=2).run()
        return job_id, await rescue_stalled(app)

    job_id, rescued = queue.run(story)

    assert rescued == 1
    assert list(ProcrastinateJob.objects.values_list("pk", "status", "attempts")) == [(job_id, "todo", 1)]


def test_a_worker_that_was_taken_for_dead_ends_instead_of_taking_nothing_for_ever(queue):
    """A machine that slept: another worker has buried this one meanwhile."""

    async def story(app):
        worker = stands_by(app, PromptWorker)
        running = asyncio.create_task(worker.run())
        await until(lambda: ProcrastinateWorker.objects.exists())
        await until(lambda: not worker._running_jobs)
        await worker_is_gone(app, worker.worker_id)
        await app.tasks["send"].defer_async()
        worker.wake()
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            async with asyncio.timeout(60):
                await running

    queue.run(story)

    assert list(ProcrastinateJob.objects.values_list("status", flat=True)) == ["todo"]


class Slow(PromptWorker):
    """The database keeps it waiting."""

    def _next(self, done=None):
        self._on_loop.call_soon_threadsafe(self.stop)
        time.sleep(0.3)


def test_a_worker_is_stopped_while_a_hand_still_waits_for_the_database(queue):
    async def story(app):
        async with asyncio.timeout(60):
            await stands_by(app, Slow, patience=0.01).run()

    queue.run(story)

    assert not ProcrastinateWorker.objects.exists()


def test_a_coroutine_that_takes_its_time_is_waited_for_when_the_worker_stops(queue):
    ended = []

    async def story(app):
        worker = stands_by(app, PromptWorker, patience=0.01)

        async def slow() -> None:
            worker.stop()
            await asyncio.sleep(0.3)
            ended.append("slow")

        app.task(slow, name="slow")
        await app.tasks["slow"].defer_async()
        async with asyncio.timeout(60):
            await worker.run()

    queue.run(story)

    assert ended == ["slow"]
    assert not ProcrastinateJob.objects.exists()
