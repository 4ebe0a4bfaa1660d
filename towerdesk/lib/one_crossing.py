"""Django in threads behind the asynchronous server, with one way over and one way back for what is small.

The library takes each part of a request, and each part of its answer, from one side to the other by itself, and waits there: five
ways for a small request, each with a thread to wake and Python's lock to change hands (decision 0056).
"""

from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO
from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import WSGIResponder

type Message = dict[str, Any]
type Receive = Callable[[], Awaitable[Any]]

LEFT = "http.disconnect"
AT_ONCE = 64 * 1024  # bytes of an answer that are held until there are more, or it ends


class OneCrossing(WSGIMiddleware):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await _Responder(self.app, self.executor, self.send_queue_size)(scope, receive, send)


class _Responder(WSGIResponder):
    """Over goes the beginning of the body, for most requests all of it. Back comes the whole answer, unless it is long: then
    it comes as it is made, so that a download never stands in memory.
    """

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self._body: bytes | None = None  # all of it, when it came at once
        self._held: list[Message] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Waits for the beginning of the body here: whoever is slow to begin keeps no thread, who leaves is not served."""
        first = await receive()
        if first["type"] == LEFT:
            return
        if not first.get("more_body"):
            self._body = first.get("body", b"")
        await super().__call__(scope, _beginning_with(first, receive), send)

    def wsgi(self, environ: Any, start_response: Any) -> None:
        """In the thread."""
        if self._body is not None:
            environ["wsgi.input"] = BytesIO(self._body)
        super().wsgi(environ, start_response)

    def send(self, message: Any) -> None:
        """In the thread."""
        self._held.append(message)
        if sum(len(one.get("body", b"")) for one in self._held) >= AT_ONCE:
            held, self._held = self._held, []
            for one in _joined(held):
                super().send(one)

    async def sender(self, send: Any) -> None:
        """In the loop. The library's ends when the thread has ended: what is still held goes out then."""
        await super().sender(send)
        for message in _joined(self._held):
            await send(message)


def _beginning_with(first: Message, receive: Receive) -> Receive:
    again = [first]

    async def next_one() -> Message:
        """Raises `ConnectionResetError` in the thread when the rest never comes: half a reply is not what somebody wrote."""
        message: Message = again.pop() if again else await receive()
        if message["type"] == LEFT:
            raise ConnectionResetError("the connection ended before the request did")
        return message

    return next_one


def _joined(messages: list[Message]) -> Iterator[Any]:
    """The beginning of the answer, if it is among them, and all parts of its body as one."""
    bodies = [one for one in messages if one["type"] == "http.response.body"]
    yield from messages[: len(messages) - len(bodies)]
    if bodies:
        yield bodies[-1] | {"body": b"".join(one["body"] for one in bodies)}
