"""Measure speed and size on a real desk: one JSON line per figure, then the table.

    python -m tests.performance [tickets in the large world, 100000]

CPU time is the judge: of web, worker, SMTP door, supervisor and PostgreSQL together, for one operation.
"""

import os
import sys
from collections.abc import Callable
from itertools import cycle

from tests.performance import cpu, world
from tests.performance.client import MailServer, signed_in, with_key
from tests.performance.desk import Desk, desk
from tests.performance.figures import Report
from tests.performance.floors import Floor
from tests.performance.mails import all_at_once, mails
from tests.performance.watch import Watch

SMALL, LARGE = 1_000, 100_000
EXAMPLES: dict[int, list[str]] = {}
TEXT = "The grinder stopped in the middle of a cup and now only hums. What can I do before I send it in? " * 3


def main() -> None:
    large = int(sys.argv[1]) if sys.argv[1:] else LARGE
    report = Report()
    with desk() as one:
        os.environ.update(one.env)
        report.tell("ready_new", one.start(), "s", goal=45)
        watch = set_up(one)
        world.grow(one.dsn, SMALL)
        pages(one, report, SMALL)
        plain_mail(one, report, watch, "mail_plain_small")
        world.grow(one.dsn, large)
        pages(one, report, large)
        for name in ("list", "tower", "ticket"):
            report.growth(f"{name}_growth", f"{name}_{SMALL}", f"{name}_{large}")
        searches(one, report)
        api(one, report, watch)
        plain_mail(one, report, watch, "mail_plain")
        report.growth("mail_plain_growth", "mail_plain_small", "mail_plain")
        rates(one, report, watch)
        understood_mail(one, report, watch)
        decisions(one, report)
        rules(report)
        rest(one, report, watch)
        one.stop()
        report.tell("ready_existing", one.start(), "s", goal=15)
    print(f"\n{report.table()}")


def set_up(one: Desk) -> Watch:
    """The demo company without anything that the assistant could know: nothing indexed, nothing trained.

    Its intents have no examples yet, since a desk learns by itself as soon as they have.
    """
    from towerdesk.cli.session import set_up_django

    set_up_django()
    from towerdesk.channels.models import Inbox
    from towerdesk.cli.demo.prepare import prepare
    from towerdesk.tickets.models import Intent

    prepare()
    Inbox.objects.update(settings={"most_per_hour": 10**9})
    EXAMPLES.update(Intent.objects.values_list("pk", "examples"))
    Intent.objects.update(examples=[])
    return Watch(one)


def pages(one: Desk, report: Report, size: int) -> None:
    browser, floor = signed_in(one), Floor(one.dsn)
    numbers = [world.FIRST + at * (size // 400) for at in range(400)]
    page(report, one, f"list_{size}", 40, lambda _: browser.get("/tickets"), floor.cost(floor.list_page))
    page(report, one, f"tower_{size}", 40, lambda _: browser.get("/"), floor.cost(floor.tower))
    page(
        report,
        one,
        f"ticket_{size}",
        20,
        lambda at: browser.get(f"/tickets/{numbers[at % 400]}"),
        floor.cost(lambda at: floor.ticket_page(numbers[at % 400])),
    )


def page(
    report: Report, one: Desk, name: str, goal: float, work: Callable[[int], object], floor: float, times: int = 20
) -> None:
    """Warm, as after the first minute of a day."""
    for number in range(24):
        work(number)
    report.tell(name, cpu.cost(one.cpu, work, times=times), goal=goal, floor=floor)


def searches(one: Desk, report: Report) -> None:
    """Through the list page with the words in its search box, other words each time."""
    browser, floor = signed_in(one), Floor(one.dsn)
    for name, goal, words in zip(("rare", "common"), (25, 80), world.rare_and_common(one.dsn), strict=True):
        again = cycle(words)
        bare = floor.cost(lambda at, words=words: floor.search(words[at % len(words)]))
        page(report, one, f"search_{name}", goal, lambda _, again=again: browser.get(f"/tickets?q={next(again)}"), bare)


def api(one: Desk, report: Report, watch: Watch) -> None:
    """The request alone, as the worker's part is decided by what is set to follow."""
    program, floor = with_key(one), Floor(one.dsn)
    made: list[int] = []

    def create(number: int) -> None:
        said = {"name": f"Somebody {number}", "email": f"program{len(made)}@example.com"}
        ticket = program.post("/api/v1/tickets", {"subject": "From a program", "text": TEXT, "requester": said})
        made.append(ticket["number"])

    def reply(number: int) -> None:
        program.post(f"/api/v1/tickets/{made[number]}/reply", {"text": TEXT})

    with one.paused("worker"):
        page(report, one, "api_create", 4, create, floor.cost(lambda _: floor.create(TEXT)), times=30)
        page(report, one, "api_reply", 4, reply, floor.cost(lambda at: floor.reply(made[at], TEXT)), times=25)
    watch.settle()


def plain_mail(one: Desk, report: Report, watch: Watch, name: str) -> None:
    """From DATA to ticket with nothing trained and no article indexed."""
    report.tell(name, mail(one, watch, seed=len(report.figures)), goal=10, floor=mail_floor(one))


def understood_mail(one: Desk, report: Report, watch: Watch) -> None:
    learn()
    report.tell("mail_understood", mail(one, watch, seed=len(report.figures)), goal=60, floor=mail_floor(one))


def learn() -> None:
    """What `set_up` kept away."""
    from towerdesk.cli.demo.prepare import understand
    from towerdesk.tickets.models import Intent

    for pk, examples in EXAMPLES.items():
        Intent.objects.filter(pk=pk).update(examples=examples)
    understand()


def mail(one: Desk, watch: Watch, seed: int) -> float:
    server, some = MailServer(one), mails(seed)

    def send(_: int) -> None:
        one_mail = next(some)
        server.send(one_mail.sender, one_mail.to, one_mail.content)

    for number in range(5):
        send(number)
    return cpu.cost(one.cpu, send, times=20, batches=5, settle=watch.settle)


def mail_floor(one: Desk) -> float:
    floor, some = Floor(one.dsn), mails(9)
    return floor.cost(lambda _: floor.mail(next(some).content), times=20)


def rates(one: Desk, report: Report, watch: Watch) -> None:
    some, writer = [], mails(77)
    while len(some) < 300:
        some.append(next(writer))
    kept, on_tickets = all_at_once(one, some, watch.settle)
    report.tell("mails_kept", kept, "mails/s", goal=60)
    report.tell("mails_on_tickets", on_tickets, "mails/s", goal=60)


def decisions(one: Desk, report: Report) -> None:
    from tests.performance.deciding import decide

    middle, late = decide(one)
    report.tell("decision_median", middle)
    report.tell("decision_p95", late, goal=80)


def rules(report: Report) -> None:
    """1,000 active rules on a ticket event."""
    from tests.performance.ruling import measure

    measure(report)


def rest(one: Desk, report: Report, watch: Watch) -> None:
    watch.settle()
    for part in ("web", "worker", "smtpd", "supervisor"):
        report.tell(f"memory_{part}", one.memory(one.pids(part)), "MB")
    report.tell("memory", one.memory(one.pids()), "MB", goal=550)
    report.tell("idle_minute", watch.idle_minute())


if __name__ == "__main__":
    main()
