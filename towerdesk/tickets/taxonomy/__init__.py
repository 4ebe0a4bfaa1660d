"""The governed lists: what there is, what may be chosen, and what became of what is gone.

`taxonomy()` is the whole of it in memory; the verbs beside it change it.
"""

from towerdesk.tickets.taxonomy.known import Asked, Known, Taxonomy, forget, taxonomy

__all__ = ["Asked", "Known", "Taxonomy", "forget", "taxonomy"]
