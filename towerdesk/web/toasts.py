"""Quiet words after something was done, with a way back where there is one."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Toast:
    """`undo` is the path that takes it back by a POST; `seconds` is how long that works (0: no limit)."""

    sentence: str
    undo: str = ""
    seconds: int = 0


def say(request: HttpRequest, sentence: str, *, undo: str = "", seconds: int = 0) -> None:
    messages.info(request, sentence, extra_tags=f"{undo} {seconds}" if undo else "")


def toasts(request: HttpRequest) -> Iterator[Toast]:
    for message in messages.get_messages(request):
        undo, _, seconds = (message.extra_tags or "").partition(" ")
        yield Toast(str(message), undo, int(seconds or 0))
