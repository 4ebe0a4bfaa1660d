"""The thread that worked last works next; none is forgotten, none works twice."""

import threading
from threading import Barrier, get_ident

import pytest

from towerdesk.lib.warm_threads import WarmThreads


def test_one_request_after_the_other_is_done_by_the_same_thread():
    threads = WarmThreads(4)
    first = threads.submit(get_ident).result(60)
    for _ in range(50):
        assert threads.submit(get_ident).result(60) == first


def test_as_many_work_at_once_as_there_may_be_and_the_rest_waits():
    threads, together = WarmThreads(3), Barrier(3)
    asked = [threads.submit(together.wait, 60) for _ in range(9)]
    assert sorted(one.result(60) for one in asked) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_what_went_wrong_is_told_and_the_thread_works_on():
    threads = WarmThreads(1)
    with pytest.raises(ZeroDivisionError):
        threads.submit(lambda: 1 / 0).result(60)
    assert threads.submit(sum, [1, 2]).result(60) == 3


def test_what_is_called_off_in_time_is_not_done():
    threads, may_end, done = WarmThreads(1), threading.Event(), []
    busy = threads.submit(may_end.wait, 60)
    waiting = threads.submit(done.append, "called off")
    assert waiting.cancel()
    may_end.set()
    assert busy.result(60)
    threads.submit(done.append, "the next").result(60)
    assert done == ["the next"]
