"""Django in threads beneath an ASGI server, with one way over and one way back for each small request.

Each crossing between the server's loop and a thread wakes the other one up. A body that came whole with its request goes
along with it, and an answer that is ready goes back in one piece; only what is long crosses piece by piece.
"""

import asyncio
import contextvars
import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
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
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, is_whole = await _beginning(receive)
        loop = asyncio.get_running_loop()
        body = io.BytesIO(begun) if is_whole else io.BufferedReader(_Rest(begun, receive, loop))
        work = contextvars.copy_context().run
        answer = await loop.run_in_executor(self.pool, work, self._answer, _environ(scope, body), send, loop)
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
            for message in chain(heads, (_piece(one, more=True) for one in answer)):
                asyncio.run_coroutine_threadsafe(send(message), loop).result()  # type: ignore[arg-type]
            return (_piece(b""),)
        finally:
            answer.close()


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
