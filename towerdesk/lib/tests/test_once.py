"""Put off, then done once, whoever asks first."""

import threading

import pytest

from towerdesk.lib.once import Once


def test_it_is_done_by_the_first_who_asks_and_never_again():
    once, done = Once(), []
    once.now()
    once.later(lambda: done.append(1))
    assert done == []

    once.now()
    once.now()
    assert done == [1]


def test_the_work_itself_may_ask():
    once, done = Once(), []

    def work():
        once.now()
        done.append(1)

    once.later(work)
    once.now()
    assert done == [1]


def test_another_thread_waits_until_it_is_done():
    once, under_way, go_on, seen = Once(), threading.Event(), threading.Event(), []

    def work():
        under_way.set()
        go_on.wait(60)
        seen.append("done")

    def ask():
        once.now()
        seen.append("asked")

    once.later(work)
    first, second = threading.Thread(target=ask), threading.Thread(target=ask)
    first.start()
    under_way.wait(60)
    second.start()
    assert seen == []
    go_on.set()
    first.join(60)
    second.join(60)
    assert seen == ["done", "asked", "asked"]


def test_what_failed_is_tried_again():
    once, tries = Once(), []

    def work():
        tries.append(1)
        if len(tries) == 1:
            raise OSError("not yet")

    once.later(work)
    with pytest.raises(OSError, match="not yet"):
        once.now()
    once.now()
    once.now()
    assert len(tries) == 2
