"""Django in threads beneath an ASGI server, with one way over and one way back for each small request.

Each crossing between the server's loop and a thread wakes the other one up. A body that came whole with its request goes
along with it, and an answer that is ready goes back in one piece; only what is long crosses piece by piece.
"""

import asyncio
import contextvars
import io
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from itertools import chain
from queue import SimpleQueue
from threading import Thread
from typing import Any

type Scope = dict[str, Any]
type Message = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

AT_ONCE = 64 * 2**10
"""Bytes of a body that are awaited before a thread is taken; of a longer one, the thread fetches the rest itself."""
OWN_NAMES = {"content-length": "CONTENT_LENGTH", "content-type": "CONTENT_TYPE"}


class InThreads:
    """An ASGI application around Django's WSGI one (whose answers say whether they are `streaming`)."""

    def __init__(self, application: Application, *, workers: int) -> None:
        self.application = application
        self.workers = Workers(workers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, is_whole = await _beginning(receive)
        loop = asyncio.get_running_loop()
        body = io.BytesIO(begun) if is_whole else io.BufferedReader(_Rest(begun, receive, loop))
        work = contextvars.copy_context().run
        answer = await self.workers.do(partial(work, self._answer, _environ(scope, body), send, loop))
        for message in answer:
            await send(message)

    def _answer(self, environ: dict[str, Any], send: Send, loop: asyncio.AbstractEventLoop) -> tuple[Message, ...]:
        """What is still to be sent: of a streamed answer only its end."""
        heads: list[Message] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            heads[:] = [_head(status, headers)]

        answer: Any = self.application(environ, start_response)
        try:
            if not answer.streaming:
                return heads[0], _piece(b"".join(answer))
            pieces: Iterable[Message] = chain(heads, (_piece(one, more=True) for one in answer))
            for message in pieces:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()  # type: ignore[arg-type]
            return (_piece(b""),)
        finally:
            answer.close()


class Workers:
    """Threads, of which the one that worked last works next.

    Its connection, its server process and the plans they keep are in the processor's caches still; a pool that goes round
    among its threads finds all of them cold each time. Jobs are handed out and come back in the server's loop.
    """

    def __init__(self, most: int) -> None:
        self.left = most
        self.idle: list[_Worker] = []
        self.waiting: deque[_Job] = deque()

    async def do(self, work: Callable[[], Any]) -> Any:
        job = _Job(work, asyncio.get_running_loop())
        if self.idle:
            self.idle.pop().jobs.put(job)
        elif self.left:
            self.left -= 1
            _Worker(self).jobs.put(job)
        else:
            self.waiting.append(job)
        return await job.done

    def is_free(self, worker: "_Worker") -> None:
        if self.waiting:
            worker.jobs.put(self.waiting.popleft())
        else:
            self.idle.append(worker)


class _Job:
    def __init__(self, work: Callable[[], Any], loop: asyncio.AbstractEventLoop) -> None:
        self.work, self.loop = work, loop
        self.done: asyncio.Future[Any] = loop.create_future()

    def is_over(self, result: Any, error: BaseException | None) -> None:
        if self.done.cancelled():
            return
        if error is not None:
            self.done.set_exception(error)
        else:
            self.done.set_result(result)


class _Worker:
    def __init__(self, workers: Workers) -> None:
        self.workers = workers
        self.jobs: SimpleQueue[_Job] = SimpleQueue()
        Thread(target=self._work, name="web", daemon=True).start()

    def _work(self) -> None:
        while True:
            job = self.jobs.get()
            result, error = None, None
            try:
                result = job.work()
            except BaseException as trouble:
                error = trouble
            try:
                job.loop.call_soon_threadsafe(self._back, job, result, error)
            except RuntimeError:  # the server has stopped meanwhile
                self.workers.idle.append(self)
            del job, result, error

    def _back(self, job: _Job, result: Any, error: BaseException | None) -> None:
        self.workers.is_free(self)
        job.is_over(result, error)


async def _beginning(receive: Receive) -> tuple[bytes, bool]:
    """The body as far as it is awaited, and whether that is all of it."""
    message = await receive()
    begun: bytes = message.get("body", b"")
    while message.get("more_body", False) and len(begun) < AT_ONCE:
        message = await receive()
        begun += message.get("body", b"")
    return begun, not message.get("more_body", False)


class _Rest(io.RawIOBase):
    """A long body, read in a thread as far as it is wanted: the sender waits meanwhile."""

    def __init__(self, begun: bytes, receive: Receive, loop: asyncio.AbstractEventLoop) -> None:
        self.here, self.more = begun, True
        self.receive, self.loop = receive, loop

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while not self.here and self.more:
            message = asyncio.run_coroutine_threadsafe(self.receive(), self.loop).result()  # type: ignore[arg-type]
            self.here, self.more = message.get("body", b""), message.get("more_body", False)
        piece, self.here = self.here[: len(into)], self.here[len(into) :]
        into[: len(piece)] = piece
        return len(piece)


def _environ(scope: Scope, body: io.IOBase) -> dict[str, Any]:
    """PEP 3333: text as Latin-1 of the bytes that came."""
    host, port = scope.get("server") or ("localhost", None)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = scope["client"][0], str(scope["client"][1])
    _headers_into(environ, scope["headers"])
    return environ


def _headers_into(environ: dict[str, Any], headers: Iterable[tuple[bytes, bytes]]) -> None:
    """One with a `_` in its name is left out, or it could stand in for one of ours that has a `-` there."""
    for name, value in headers:
        said = name.decode("latin-1")
        if "_" in said:
            continue
        key = OWN_NAMES.get(said) or f"HTTP_{said.upper().replace('-', '_')}"
        text = value.decode("latin-1")
        between = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{between}{text}" if key in environ else text


def _head(status: str, headers: list[tuple[str, str]]) -> Message:
    raw = [(name.strip().lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
    return {"type": "http.response.start", "status": int(status[:3]), "headers": raw}


def _piece(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}
