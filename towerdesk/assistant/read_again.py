"""After a change of the embedding model, or of how texts are read: the vectors that were kept are made again."""

from django.db.models import Q

from towerdesk.assistant.brain import heads, reads_as_now
from towerdesk.assistant.learn import question_of
from towerdesk.assistant.models import Run, Solved
from towerdesk.assistant.understand.gist import gist
from towerdesk.knowledge.index import index_all, pack
from towerdesk.lib.embedding import Embedder


def is_of_another(model: Embedder) -> bool:
    """Whether what decides was taught with other vectors than this model makes."""
    using = heads().intents
    return using is not None and using.embedding != model.fingerprint


def read_again(model: Embedder) -> None:
    """Articles, solved tickets, graded questions; a minute for some thousand. Does little where all is read as today.

    Of what nobody graded no vector is kept that another model made: nothing compares it with this one's. The heads are
    learnt after this (`study`), so whoever is killed on the way is asked for all of it again.
    """
    index_all(model)
    is_another = is_of_another(model)
    if not is_another and reads_as_now():
        return
    for solved in Solved.objects.iterator():
        solved.vector, solved.model = pack(model.embed([gist(solved.question)])), model.fingerprint
        solved.save(update_fields=["vector", "model"])
    graded = Run.objects.filter(Q(grade__isnull=False) | Q(procedure_run__considered__grade__isnull=False)).distinct()
    for run in graded.exclude(vector=None).select_related("message").iterator():
        run.vector = pack(model.embed([gist(question_of(run.message))]))
        run.save(update_fields=["vector"])
    if is_another:
        Run.objects.exclude(pk__in=graded.values("pk")).exclude(vector=None).update(vector=None)
