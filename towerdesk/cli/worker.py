"""The worker: does what was queued, in a few threads, and picks up what a killed predecessor left."""

import asyncio
import contextlib
import fcntl
import os
import sys
from typing import Any

import psycopg

from config import env
from towerdesk.cli.session import database, set_up_django
from towerdesk.cli.supervised import follow_supervisor, say_ready

HEARTBEAT = 5.0  # seconds; `lib.queue.SILENT_AFTER` is several of them
LET_GO = 5.0  # seconds that running jobs get when the desk stops; a job cut short is tried again


def command() -> None:
    """Do the queued work until stopped: read mails, decide, send replies."""
    follow_supervisor()
    at_once = env.number("TOWERDESK_WORKER_JOBS", 2, least=1, most=32)
    with database():
        set_up_django(whole=True)
        if not asyncio.run(_work(at_once)):
            print("The database's connection was lost: the worker ends, to begin anew.", file=sys.stderr)
            sys.exit(1)


async def _work(at_once: int) -> bool:
    """True when told to stop, False when the database went away."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params

    from towerdesk.events.of_job import EVENT_OF_JOB
    from towerdesk.lib.queue import WorkerConnector, rescue_stalled
    from towerdesk.lib.worker import PromptWorker

    with app.replace_connector(WorkerConnector(at_once + 2)) as queue, _Slot() as slot:
        async with queue.open_async():
            queue.perform_import_paths()  # type: ignore[no-untyped-call]
            await slot.bury_predecessor(queue)
            await rescue_stalled(queue)
            options: dict[str, Any] = {
                **queue.worker_defaults,
                "concurrency": at_once,
                "delete_jobs": "successful",
                "update_heartbeat_interval": HEARTBEAT,
                "listen_notify": False,
                "shutdown_graceful_timeout": LET_GO,
            }
            worker = PromptWorker(queue, beside=EVENT_OF_JOB, **options)
            return await _run(worker, connector_params(), slot)


async def _run(worker: Any, params: dict[str, Any], slot: "_Slot") -> bool:
    running = asyncio.create_task(worker.run())
    hearing = asyncio.create_task(_hear(worker, params))
    looking_out = asyncio.create_task(_look_out(params))
    while worker.worker_id is None and not running.done():
        await asyncio.sleep(0.01)
    if worker.worker_id is not None:
        slot.note(worker.worker_id)
        say_ready("worker")
    await asyncio.wait({running, hearing}, return_when=asyncio.FIRST_COMPLETED)
    lost = hearing.done()
    hearing.cancel()
    looking_out.cancel()
    worker.stop()
    with contextlib.suppress(Exception if lost else ()):  # type: ignore[arg-type]
        await running
    return not lost


async def _hear(worker: Any, params: dict[str, Any]) -> None:
    """Wake the worker for each new job. Returns when the server is gone.

    A job that ends in that moment can't say so, and would count as running for ever; a worker that begins anew puts it
    back.
    """
    from towerdesk.lib.ears import Ears

    with contextlib.suppress(psycopg.OperationalError):
        async with await psycopg.AsyncConnection.connect(**params, autocommit=True) as link:
            ears = Ears(link)
            await ears.listen("procrastinate_any_queue_v1")
            while True:
                worker.wake()
                await ears.hear()


async def _look_out(params: dict[str, Any]) -> None:
    """Have a job done the moment a clock is due. Should this end, the minute's chores still notice, only later."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    from towerdesk.clockwork import DEADLINE
    from towerdesk.sla.watch import watch

    async def have_it_done() -> None:
        with contextlib.suppress(AlreadyEnqueued):
            await app.configure_task(DEADLINE, queueing_lock="deadline", priority=10).defer_async()

    with contextlib.suppress(psycopg.OperationalError):
        async with await psycopg.AsyncConnection.connect(**params, autocommit=True) as link:
            await watch(link, have_it_done)


class _Slot:
    """A lock file that says which worker of this data folder we are, so that the next one knows who is surely dead."""

    def __enter__(self) -> "_Slot":
        folder = env.data_dir() / "workers"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(1, 1000):
            self.file = (folder / str(number)).open("a+")
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            self.file.close()
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    async def bury_predecessor(self, queue: Any) -> None:
        from towerdesk.lib.queue import worker_is_gone

        self.file.seek(0)
        noted = self.file.read().strip()
        if noted.isdigit():
            await worker_is_gone(queue, int(noted))

    def note(self, worker_id: int) -> None:
        self.file.truncate(0)
        self.file.write(f"{worker_id}\n")
        self.file.flush()
        os.fsync(self.file.fileno())


if __name__ == "__main__":
    from towerdesk.cli.alone import alone

    alone(command)
