"""Whatever a request brings and an answer says crosses whole and in order, in one piece where it is small."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from towerdesk.lib.one_crossing import AT_ONCE, OneCrossing

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterator[bytes] | list[bytes]]

SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "POST",
    "path": "/",
    "query_string": b"",
    "http_version": "1.1",
    "headers": [],
}


def asked(application: Application, *parts: bytes) -> list[dict[str, Any]]:
    """What the server was given to send, for a request whose body came in these parts."""
    coming = [{"type": "http.request", "body": part, "more_body": True} for part in parts or (b"",)]
    coming[-1]["more_body"] = False
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(OneCrossing(application)(SCOPE, receive, send))  # type: ignore[arg-type]
    return sent


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("201 Created", [("X-Said", "yes")])
    return [b"You said: ", environ["wsgi.input"].read()]


@pytest.mark.parametrize("parts", [(), (b"hello",), (b"he", b"l", b"lo")])
def test_a_body_is_read_whole_and_a_small_answer_is_sent_in_one_piece(parts: tuple[bytes, ...]) -> None:
    assert asked(echo, *parts) == [
        {"type": "http.response.start", "status": 201, "headers": [(b"x-said", b"yes")]},
        {"type": "http.response.body", "body": b"You said: " + b"".join(parts)},
    ]


def test_a_long_answer_is_sent_as_it_is_made() -> None:
    part, made = b"x" * (AT_ONCE // 4), []

    def long(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [])
        for number in range(10):
            made.append(number)
            yield part

    start, *bodies = asked(long)
    assert start["status"] == 200
    assert [len(one["body"]) // len(part) for one in bodies] == [4, 4, 2]
    assert [one.get("more_body", False) for one in bodies] == [True, True, False]
    assert made == list(range(10))


def test_an_application_that_breaks_sends_nothing_of_what_it_had_begun() -> None:
    def breaks(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"a word"
        raise ZeroDivisionError

    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(OneCrossing(breaks)(SCOPE, receive, send))  # type: ignore[arg-type]
    assert sent == []


@pytest.mark.parametrize("begun", [[], [b"half a re"], [b"half a re", b"ply, bu"]])
def test_what_was_cut_short_is_not_taken_for_the_whole(begun: list[bytes]) -> None:
    coming: list[dict[str, Any]] = [{"type": "http.request", "body": part, "more_body": True} for part in begun]
    coming.append({"type": "http.disconnect"})
    read: list[bytes] = []

    def reads(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        try:
            read.append(environ["wsgi.input"].read())
        except OSError:
            read.append(b"cut short")
        start_response("400 Bad Request", [])
        return []

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: Any) -> None:
        pass

    asyncio.run(OneCrossing(reads)(SCOPE, receive, send))  # type: ignore[arg-type]
    assert read == ([b"cut short"] if begun else [])
