"""Jobs outlive their workers, and exist exactly when the change that asked for them does."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate import App
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from procrastinate.jobs import Status

from towerdesk.lib.clock import now
from towerdesk.lib.queue import TRIES, prune, rescue_stalled, worker_is_gone

pytestmark = pytest.mark.django_db(transaction=True)


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
