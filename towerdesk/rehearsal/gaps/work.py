"""Make a draft or try it: an article's or a procedure's, whichever it is."""

from towerdesk.lib.actor import Actor
from towerdesk.lib.embedding import Embedder
from towerdesk.rehearsal.gaps.draft import ask_draft, fill_in
from towerdesk.rehearsal.gaps.kinds import KINDS
from towerdesk.rehearsal.gaps.procedures.ask import ask_change, fill_in_change
from towerdesk.rehearsal.gaps.procedures.trial import try_out_change
from towerdesk.rehearsal.gaps.trial import try_out
from towerdesk.rehearsal.models import Draft, Gap


def ask_for(gap: Gap, *, by: Actor) -> Draft:
    """Raises `Invalid` for a gap that nothing written can close."""
    return ask_draft(gap, by=by) if KINDS[gap.kind].drafts == "article" else ask_change(gap, by=by)


def work_on(draft: Draft, embedder: Embedder) -> None:
    """Make it, or try it: whichever it waits for."""
    if draft.state == "making":
        (fill_in if draft.kind == "article" else fill_in_change)(draft, embedder)
    elif draft.state == "trying" and draft.kind == "article":
        try_out(draft, embedder)
    elif draft.state == "trying":
        try_out_change(draft)
