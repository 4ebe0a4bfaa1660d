"""Run inside a desk's surroundings: set up the small company and let one intent earn its licence by real grades."""

import django

django.setup()

from towerdesk.assistant import brain  # noqa: E402
from towerdesk.assistant.consider import consider  # noqa: E402
from towerdesk.assistant.grade import audit  # noqa: E402
from towerdesk.assistant.licences import review  # noqa: E402
from towerdesk.events.record import follow_with  # noqa: E402
from towerdesk.knowledge.index import index_all  # noqa: E402
from towerdesk.knowledge.publish import publish  # noqa: E402
from towerdesk.knowledge.write import write  # noqa: E402
from towerdesk.lib.actor import CLOCK  # noqa: E402
from towerdesk.lib.embedding import embedder  # noqa: E402
from towerdesk.testing import cast  # noqa: E402
from towerdesk.testing.lessons import ARTICLES, EXAMPLES, QUESTION  # noqa: E402
from towerdesk.tickets.close import close  # noqa: E402
from towerdesk.tickets.models import Intent  # noqa: E402

ENOUGH = 62


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
    for number in range(ENOUGH):
        ticket = cast.opened(desk, cast.jonas(), "Return", f"{QUESTION} ({number})")
        run = consider(ticket.messages.get())
        if run is None:
            raise SystemExit("the assistant considered nothing")
        audit(run, right=True, by=cast.acting(ben))
        close(ticket, "only for grading", by=CLOCK)
    print("licensed" if review(Intent.objects.get(slug="return-how-to")) else "not licensed")


teach()
