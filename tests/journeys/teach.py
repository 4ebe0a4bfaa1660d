"""Run inside a desk's surroundings: set up the small company and let one intent earn its licence by grades."""

import django

django.setup()

from towerdesk.accounts.models import User  # noqa: E402
from towerdesk.assistant import brain  # noqa: E402
from towerdesk.assistant.consider import consider  # noqa: E402
from towerdesk.assistant.grade import audit  # noqa: E402
from towerdesk.assistant.licences import review  # noqa: E402
from towerdesk.assistant.models import Run  # noqa: E402
from towerdesk.events.record import follow_with  # noqa: E402
from towerdesk.knowledge.index import index_all  # noqa: E402
from towerdesk.knowledge.publish import publish  # noqa: E402
from towerdesk.knowledge.write import write  # noqa: E402
from towerdesk.lib.actor import CLOCK  # noqa: E402
from towerdesk.lib.embedding import embedder  # noqa: E402
from towerdesk.testing import cast  # noqa: E402
from towerdesk.testing.evidence import decided  # noqa: E402
from towerdesk.testing.lessons import ARTICLES, EXAMPLES, QUESTION  # noqa: E402
from towerdesk.tickets.close import close  # noqa: E402
from towerdesk.tickets.models import Intent  # noqa: E402

THOUGHT_UP, MORE = 12, 100  # decisions that are really made, and such as are written down as if they had been


def teach() -> None:
    follow_with({})  # this script does itself what follows
    desk = cast.small_desk()
    ben = cast.agent("Ben Okafor", desk.repairs, role="lead")
    ben.set_password("correct horse battery")
    ben.save()
    for slug, examples in EXAMPLES.items():
        level = "send" if slug == "return-how-to" else "suggest"
        Intent.objects.create(slug=slug, name=slug, examples=examples, team=desk.repairs, level=level)
    for slug, (title, text) in ARTICLES.items():
        publish(write(None, title, text, slug=slug, by=CLOCK), by=CLOCK)
    index_all(embedder())
    brain.train_intents(embedder())
    runs = [_graded(desk, ben, number) for number in range(THOUGHT_UP)]
    first, lowest = runs[0], min(run.score for run in runs) - 0.05
    same = {"fingerprint": first.fingerprint, "evidence": first.evidence, "score": lowest}
    decided(first.ticket, Intent.objects.get(slug="return-how-to"), [True] * MORE, **same)
    print("licensed" if review(Intent.objects.get(slug="return-how-to")) else "not licensed")


def _graded(desk: cast.Desk, ben: User, number: int) -> Run:
    ticket = cast.opened(desk, cast.jonas(), "Return", f"{QUESTION} ({number})")
    run = consider(ticket.messages.get())
    if run is None:
        raise SystemExit("the assistant considered nothing")
    audit(run, right=True, by=cast.acting(ben))
    close(ticket, "only for grading", by=CLOCK)
    return run


teach()
