"""After a change of the embedding model, or of how texts are read: what was learnt before is learnt again."""

from django.db.models import Q

from towerdesk.assistant.brain import fitted_scores, heads, learnt_intents, put_in_use, reads_as_now
from towerdesk.assistant.learn import question_of
from towerdesk.assistant.models import Run, Solved
from towerdesk.assistant.understand.gist import gist
from towerdesk.knowledge.index import index_all, pack
from towerdesk.lib.embedding import Embedder


def learn_again(model: Embedder) -> bool:
    """False when all that was learnt is of this model, and read as today, or nothing was learnt so far (`study`).

    A minute for some thousand lessons; safe to repeat.

    The heads come last, all at once: until then this is asked for again.
    """
    using = heads().intents
    if using is None or (using.embedding == model.fingerprint and reads_as_now()):
        return False
    if using.embedding != model.fingerprint:
        index_all(model)
    _read_again(model)
    put_in_use([learnt_intents(model), *fitted_scores()])
    return True


def _read_again(model: Embedder) -> None:
    for solved in Solved.objects.iterator():
        solved.vector, solved.model = pack(model.embed([gist(solved.question)])), model.fingerprint
        solved.save(update_fields=["vector", "model"])
    graded = Q(grade__isnull=False) | Q(procedure_run__considered__grade__isnull=False)
    for run in Run.objects.filter(graded).exclude(vector=None).select_related("message").distinct().iterator():
        run.vector = pack(model.embed([gist(question_of(run.message))]))
        run.save(update_fields=["vector"])
