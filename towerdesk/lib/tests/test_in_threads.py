"""A browser's request crosses into a thread and its answer comes back: short, long, streamed, with strange headers."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from towerdesk.lib.in_threads import AT_ONCE, InThreads, Workers

type View = Callable[[dict[str, Any]], HttpResponseBase]


def ask(view: View, *pieces: bytes, headers: Any = (), **scope: Any) -> list[dict[str, Any]]:
    """What the server is given to send when a body comes in these pieces."""
    sent: list[dict[str, Any]] = []
    coming = iter([*pieces] or [b""])
    left = [len(pieces) or 1]

    async def receive() -> dict[str, Any]:
        left[0] -= 1
        return {"type": "http.request", "body": next(coming), "more_body": left[0] > 0}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    whole = {"method": "POST", "path": "/", "query_string": b"", "http_version": "1.1", "headers": headers, **scope}
    application = InThreads(lambda environ, start: answered(view(environ), start), workers=1)
    asyncio.run(application(whole, receive, send))
    return sent


def answered(response: Any, start: Callable[..., Any]) -> Any:
    """As Django's WSGI handler gives it back."""
    start(f"{response.status_code} {response.reason_phrase}", [*response.items()])
    return response


def echo(environ: dict[str, Any]) -> HttpResponse:
    return HttpResponse(environ["wsgi.input"].read(), content_type="text/plain")


def test_a_short_answer_comes_back_in_one_piece() -> None:
    head, body = ask(echo, b"a cup", b" of tea")
    assert head["status"] == 200
    assert (b"content-type", b"text/plain") in head["headers"]
    assert body == {"type": "http.response.body", "body": b"a cup of tea", "more_body": False}


def test_a_long_body_is_fetched_by_the_thread_and_none_of_it_is_lost() -> None:
    pieces = [bytes([65 + at]) * (AT_ONCE // 2 + 7) for at in range(9)]
    _, body = ask(echo, *pieces)
    assert body["body"] == b"".join(pieces)


def test_lines_of_a_long_body_can_be_read_one_by_one() -> None:
    def count(environ: dict[str, Any]) -> HttpResponse:
        return HttpResponse(str(sum(1 for _ in environ["wsgi.input"])))

    _, body = ask(count, *[b"a line\nanother " * AT_ONCE] * 3)
    assert body["body"] == str(3 * AT_ONCE + 1).encode()


def test_a_stream_is_sent_as_it_comes_and_ended() -> None:
    def stream(environ: dict[str, Any]) -> StreamingHttpResponse:
        return StreamingHttpResponse(iter([b"one", b"two"]))

    head, *pieces = ask(stream)
    assert head["type"] == "http.response.start"
    assert [(piece["body"], piece["more_body"]) for piece in pieces] == [(b"one", True), (b"two", True), (b"", False)]


def test_a_stream_that_breaks_is_closed_and_told() -> None:
    closed = threading.Event()

    def pieces() -> Iterator[bytes]:
        yield b"one"
        raise OSError("the file is gone")

    def stream(environ: dict[str, Any]) -> StreamingHttpResponse:
        response = StreamingHttpResponse(pieces())
        response._resource_closers.append(closed.set)  # type: ignore[attr-defined]
        return response

    with pytest.raises(OSError, match="the file is gone"):
        ask(stream)
    assert closed.is_set()


def test_headers_are_named_as_wsgi_names_them() -> None:
    said = [(b"x-one", b"a"), (b"x-one", b"b"), (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"content-type", b"text/x")]

    def show(environ: dict[str, Any]) -> HttpResponse:
        request = HttpRequest()
        request.META = environ
        return HttpResponse("|".join([environ["HTTP_X_ONE"], environ["HTTP_COOKIE"], environ["CONTENT_TYPE"]]))

    _, body = ask(show, headers=said)
    assert body["body"] == b"a,b|a=1; b=2|text/x"


def test_an_underscore_does_not_stand_in_for_a_dash() -> None:
    """Behind a proxy that sets X-Forwarded-Proto, nobody may say it by another name."""

    def show(environ: dict[str, Any]) -> HttpResponse:
        return HttpResponse(environ.get("HTTP_X_FORWARDED_PROTO", "not said"))

    _, body = ask(show, headers=[(b"x_forwarded_proto", b"https")])
    assert body["body"] == b"not said"


def test_a_path_that_is_not_ascii_is_what_django_expects() -> None:
    def show(environ: dict[str, Any]) -> HttpResponse:
        return HttpResponse(environ["PATH_INFO"].encode("latin-1"))

    _, body = ask(show, path="/hilfe/größe")
    assert body["body"] == "/hilfe/größe".encode()


def test_the_thread_that_worked_last_works_next() -> None:
    workers, used = Workers(8), []

    async def one_after_the_other() -> None:
        for _ in range(20):
            used.append(await workers.do(threading.get_ident))

    asyncio.run(one_after_the_other())
    assert len(set(used)) == 1


def test_no_more_work_at_once_than_there_are_threads_and_all_of_it_is_done() -> None:
    workers, busy, most, go = Workers(3), [0], [0], threading.Event()
    lock = threading.Lock()

    def work(number: int) -> int:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
            if busy[0] == 3:
                go.set()
        go.wait(60)
        with lock:
            busy[0] -= 1
        return number

    async def at_once() -> list[int]:
        return await asyncio.gather(*(workers.do(partial(work, number)) for number in range(12)))

    assert asyncio.run(at_once()) == list(range(12))
    assert most[0] == 3
    assert len(workers.idle) == 3
