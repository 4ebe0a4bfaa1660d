"""Jobs outlive their workers, and exist exactly when the change that asked for them does."""

import asyncio
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from procrastinate.jobs import DeleteJobCondition, Status

from towerdesk.lib.clock import now
from towerdesk.lib.queue import TRIES, WorkerConnector, prune, rescue_stalled, worker_is_gone
from towerdesk.lib.worker import PromptWorker

pytestmark = pytest.mark.django_db(transaction=True)


class Queue:
    """A queue with one task; `run` opens it the way a worker does."""

    def __init__(self) -> None:
        self.app: App = DjangoApp(connector=WorkerConnector(3))
        self.app.task(lambda: None, name="send", lock="ticket:1")

    def run(self, story):
        async def whole():
            async with self.app.open_async():
                return await story(self.app)

        return asyncio.run(whole())


@pytest.fixture
def queue() -> Queue:
    return Queue()


async def begun(app: App) -> tuple[int, int]:
    """One job in the hands of one worker: their numbers."""
    job_id = await app.tasks["send"].defer_async()
    worker_id = await app.job_manager.register_worker()
    job = await app.job_manager.fetch_job(queues=None, worker_id=worker_id)
    assert job.id == job_id
    return job_id, worker_id


def state(job_id: int) -> tuple[str, int]:
    job = ProcrastinateJob.objects.get(pk=job_id)
    return job.status, job.attempts


def test_a_job_of_a_killed_worker_goes_back(queue):
    async def story(app):
        job_id, worker_id = await begun(app)
        await worker_is_gone(app, worker_id)
        return job_id, await rescue_stalled(app)

    job_id, rescued = queue.run(story)

    assert rescued == 1
    assert state(job_id) == ("todo", 1)


def test_a_living_worker_keeps_its_job(queue):
    async def story(app):
        job_id, _ = await begun(app)
        return job_id, await rescue_stalled(app)

    job_id, rescued = queue.run(story)

    assert rescued == 0
    assert state(job_id) == ("doing", 0)


def test_a_worker_that_fell_silent_counts_as_gone(queue):
    async def story(app):
        job_id, worker_id = await begun(app)
        await app.connector.execute_query_async(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds' WHERE id = %(id)s",
            id=worker_id,
        )
        return job_id, await rescue_stalled(app)

    job_id, rescued = queue.run(story)

    assert rescued == 1
    assert state(job_id) == ("todo", 1)


def test_a_job_that_takes_every_worker_down_is_given_up_and_shown(queue):
    async def story(app):
        job_id, worker_id = await begun(app)
        await app.connector.execute_query_async(
            "UPDATE procrastinate_jobs SET attempts = %(tries)s WHERE id = %(id)s", tries=TRIES, id=job_id
        )
        await worker_is_gone(app, worker_id)
        await rescue_stalled(app)
        return job_id

    assert state(queue.run(story))[0] == "failed"


def test_a_rescued_job_frees_the_lock_for_those_behind_it(queue):
    async def story(app):
        _, worker_id = await begun(app)
        await app.tasks["send"].defer_async()
        other = await app.job_manager.register_worker()
        assert await app.job_manager.fetch_job(queues=None, worker_id=other) is None
        await worker_is_gone(app, worker_id)
        await rescue_stalled(app)
        return await app.job_manager.fetch_job(queues=None, worker_id=other)

    assert queue.run(story).attempts == 1


def test_ended_jobs_are_forgotten_failed_ones_later(queue):
    async def story(app):
        jobs = []
        for status in (Status.SUCCEEDED, Status.FAILED):
            job_id, _ = await begun(app)
            job = (await app.job_manager.list_jobs_async(id=job_id))[0]
            await app.job_manager.finish_job(job=job, status=status, delete_job=False)
            jobs.append(job_id)
        await app.connector.execute_query_async("UPDATE procrastinate_events SET at = at - interval '2 days'")
        await prune(app)
        return jobs

    _, failed = queue.run(story)

    assert list(ProcrastinateJob.objects.values_list("pk", flat=True)) == [failed]
    assert ProcrastinateEvent.objects.filter(at__lt=now() - timedelta(days=1)).exists()


def test_what_a_job_defers_in_a_transaction_goes_with_its_rollback(queue):
    """The worker's own pool must not be used: its commit would not wait for ours."""

    @queue.app.task(name="decide")
    def decide() -> None:
        with transaction.atomic():
            queue.app.configure_task("send").defer()
            transaction.set_rollback(True)
        connection.close()  # this thread's own

    @queue.app.task(name="resolve")
    def resolve() -> None:
        with transaction.atomic():
            queue.app.configure_task("close").defer()
        connection.close()

    queue.app.task(lambda: None, name="close", queue="later")

    async def story(app):
        await app.tasks["decide"].defer_async()
        await app.tasks["resolve"].defer_async()
        await app.run_worker_async(queues=["default"], wait=False, listen_notify=False, install_signal_handlers=False)

    queue.run(story)

    names = list(ProcrastinateJob.objects.order_by("pk").values_list("task_name", "status"))
    assert names == [("decide", "succeeded"), ("resolve", "succeeded"), ("close", "todo")]


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
    """A worker that polls so seldom that only being woken helps. Returns the numbers in the order in which they ended."""

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
        worker = Noting(app, concurrency=hands, fetch_job_polling_interval=600, install_signal_handlers=False)
        worker.late = list(late)
        worker.delete_jobs = DeleteJobCondition.SUCCESSFUL
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
        worker = PromptWorker(app, concurrency=1, fetch_job_polling_interval=600, install_signal_handlers=False)
        worker.delete_jobs = DeleteJobCondition.SUCCESSFUL

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
