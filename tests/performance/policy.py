"""How the shop's policy holds: one JSON line per figure.

    python -m tests.performance.policy [requests of each forbidden kind, 40]

Needs no database: the shop is in this process, and so is what carries the procedures out.
"""

import json
import os
import sys
import time
from collections import Counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.playbooks.abcd import playbooks  # noqa: E402
from tests.retail.forbidden import KINDS, forbidden, permitted  # noqa: E402
from tests.retail.run import carry_out, guards, procedures  # noqa: E402
from tests.retail.shop import Shop  # noqa: E402
from tests.retail.tasks import tasks  # noqa: E402
from towerdesk.assistant.procedures import lint  # noqa: E402


def main() -> None:
    each = int(sys.argv[1]) if sys.argv[1:] else 40
    expected()
    what_is_forbidden(each)
    what_is_allowed(each)
    checklists()


def expected() -> None:
    """Each task's expected changes through the procedures, and beside it what doing nothing would reach."""
    began, nothing = time.process_time(), Shop().state()
    reached, floor, ends = 0, 0, Counter[str]()
    for task in tasks():
        shop, wanted = Shop(), task.expected()
        ends.update(carry_out(request, shop).ended for request in task.requests())
        reached += shop.state() == wanted
        floor += wanted == nothing
    tell("tasks", tasks=len(tasks()), reached=reached, do_nothing_floor=floor, requests=ends, seconds=since(began))


def what_is_forbidden(each: int) -> None:
    began = time.process_time()
    ends, written, stopped = Counter[str](), 0, set[tuple[str, int]]()
    count, by_kind = 0, Counter[str]()
    for case in forbidden(each):
        shop = case.shop()
        before = shop.state()
        outcome = carry_out(case.request, shop)
        count, written = count + 1, written + bool(outcome.writes or shop.state() != before)
        ends[outcome.ended] += 1
        by_kind[case.why] += outcome.ended != "done" and not outcome.writes
        stopped.update((case.request.procedure, line) for line in outcome.stopped_at)
    every = {(key, line) for key, procedure in procedures().items() for line in guards(procedure)}
    tell("forbidden", requests=count, kinds=len(KINDS), refused=sum(by_kind.values()), written=written, ends=ends,
         guards=len(every), guards_that_refused=len(every & stopped), seconds=since(began))  # fmt: skip
    for kind, refused in by_kind.items():
        tell("forbidden kind", kind=kind, refused=refused)


def what_is_allowed(each: int) -> None:
    began, right, count = time.process_time(), 0, 0
    for case in permitted(each):
        shop, directly = case.shop(), case.shop()
        directly.call(case.tool, **case.arguments)
        count += 1
        right += carry_out(case.request, shop).ended == "done" and shop.state() == directly.state()
    tell("allowed", requests=count, done=right, seconds=since(began))


def checklists() -> None:
    every = playbooks()
    fine = sum(not lint(playbook.text, {}) for playbook in every)
    tell("playbooks", guidelines=len(every), compiled=fine, actions=sum(len(one.actions) for one in every))


def tell(name: str, **values: Any) -> None:
    print(json.dumps({"name": name, **values}), flush=True)


def since(began: float) -> float:
    return round(time.process_time() - began, 2)


if __name__ == "__main__":
    main()
