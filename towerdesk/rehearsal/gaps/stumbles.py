"""Where procedures came to a person: which step, which rule, which slot, and what was said there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from towerdesk.assistant.models import Procedure, ProcedureRun, Run
from towerdesk.assistant.procedures.follow import NOT_SURE
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.model import Branch, Node
from towerdesk.assistant.procedures.model import Procedure as Graph
from towerdesk.assistant.procedures.runs import UNKNOWN_SENDER
from towerdesk.rehearsal.gaps.deeds import changed_after

SENDER = (UNKNOWN_SENDER, "Somebody else wrote than the one it was begun for")
NO_YES = ("They did not plainly say yes or no", "They said no to the rest of it")


@dataclass(frozen=True, slots=True)
class Stumble:
    """One run that came to a person, and when. `mark`: kind, and what it was about, by which like ones are found."""

    run: ProcedureRun
    at: datetime
    mark: tuple[str, ...]
    why: str
    about: dict[str, Any] = field(hash=False)

    @property
    def kind(self) -> str:
        return self.mark[0]


def stumbles(since: datetime) -> Iterator[Stumble]:
    """One for each run at most, as it first came to a person; also where a rule said no and people did it nevertheless."""
    seen: set[int] = set()
    for run, at, stop in _handed_over(since):
        if run.pk not in seen:
            seen.add(run.pk)
            yield _stumble(run, at, stop)
    refused = ProcedureRun.objects.filter(state="refused", started_at__gte=since).exclude(pk__in=seen)
    done_anyhow = changed_after(refused)
    for run in refused.select_related("version__procedure").order_by("id"):
        if run.pk in done_anyhow:
            yield _stumble(run, run.changed_at, run.stop)


def together(found: Iterable[Stumble]) -> dict[tuple[Procedure, tuple[str, ...]], list[Stumble]]:
    groups: dict[tuple[Procedure, tuple[str, ...]], list[Stumble]] = defaultdict(list)
    for one in found:
        groups[one.run.version.procedure, one.mark].append(one)
    return groups


def _handed_over(since: datetime) -> Iterator[tuple[ProcedureRun, datetime, dict[str, Any]]]:
    """A person may have gone on with the same run since: where it stood then is in the receipt."""
    rows = Run.objects.filter(at__gte=since, outcome="handed_over").exclude(procedure_run=None).exclude(fingerprint="")
    for row in rows.select_related("receipt", "procedure_run__version__procedure").order_by("id"):
        run = row.procedure_run
        if run is not None:
            told = (row.receipt.body.get("procedure") or {}) if hasattr(row, "receipt") else {}
            yield run, row.at, told.get("stop") or {"kind": "hand_over", "why": NOT_SURE}


def _stumble(run: ProcedureRun, at: datetime, stop: dict[str, Any]) -> Stumble:
    graph = graph_of(run.version)
    node = next((one for one in graph.nodes if one.id == stop.get("node")), None)
    why, missing = str(stop.get("why") or stop.get("text") or ""), stop.get("missing") or []
    step = graph.steps[node.step].title if node else ""
    if node is not None and node.do == "ask" and missing:
        return Stumble(run, at, ("slot", missing[0]), why, {"slot": missing[0], "step": step})
    if node is not None and node.do == "ask_again":
        values = run.kept.get("rejected", {}).get(node.slot, [])
        return Stumble(run, at, ("value", node.slot), why, {"slot": node.slot, "step": step, "refused": values})
    if node is not None and node.do in ("hand_over", "refuse"):
        said = node.why if node.do == "hand_over" else next(iter(node.text.values()))
        guard = _guard_of(graph, node)
        about = {"when": guard.when if guard else "", "said": said, "step": step}
        return Stumble(run, at, ("guard", about["when"], said), said, about)
    kind = _kind_of(node, why)
    about = {"step": step}
    return Stumble(run, at, (kind, "" if kind == "tool" else why), why, about)


def _guard_of(graph: Graph, node: Node) -> Branch | None:
    return next(
        (one for one in graph.nodes if isinstance(one, Branch) and one.guard and one.otherwise == node.id), None
    )


def _kind_of(node: Node | None, why: str) -> str:
    if why == NOT_SURE:
        return "unsure"
    if why in SENDER:
        return "sender"
    if why in NO_YES:
        return "yes"
    return "tool" if node is not None and node.do in ("read", "write", "check") else "other"
