"""What a replay says in the end: agreement, licences, what would have been saved, week by week. From its items alone."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from towerdesk.assistant import binomial
from towerdesk.assistant.learn import question_of
from towerdesk.assistant.policy import ALONE, DELTA
from towerdesk.insights.metrics import minute_rate
from towerdesk.knowledge.index import unpack
from towerdesk.rehearsal.gaps.cluster import Case, cluster
from towerdesk.rehearsal.models import Replay, ReplayItem
from towerdesk.rehearsal.past.agree import ALIKE, APART, is_same_letter
from towerdesk.rehearsal.past.book import GRADED, MEASURED, Current, Decided, Earned, Policy
from towerdesk.rehearsal.past.decide import KINDS
from towerdesk.rehearsal.past.licensing import license_past
from towerdesk.rehearsal.past.story import message_of
from towerdesk.tickets.models import Intent

MOST_GAPS = 30


def decided(item: ReplayItem) -> Decided:
    return Decided(
        key=item.key,
        at=item.at,
        intent=item.intent,
        risk=item.risk,
        score=item.score,
        eligible=item.eligible,
        period=item.period,
        version=item.evidence[0].get("version", 0) if item.evidence else 0,
        verdict=item.verdict,
        measured_by=item.measured_by,
        known_at=item.known_at,
    )


def sum_up(replay: Replay, items: Sequence[ReplayItem], current: Current | None) -> dict[str, Any]:
    """Also marks the items that would have been answered alone. `items` in the order of their time."""
    past = [decided(item) for item in items]
    pooled = pooled_now()
    by_grades, alone = license_past(past, Policy(pooled=pooled), current)
    by_all, alone_by_all = license_past(past, Policy(evidence=MEASURED, pooled=pooled), current)
    for item in items:
        item.alone = item.key in alone
    rate = minute_rate()
    return {
        "tickets": len(items),
        "since": items[0].at.isoformat() if items else None,
        "until": items[-1].at.isoformat() if items else None,
        "would": dict(Counter(item.kind or "could" for item in items)),
        "kinds": KINDS,
        "agreement": _agreement(items),
        "measure": _measure(items),
        "licences": [_licence(one) for one in by_grades],
        "licences_by_agreement": [_licence(one) for one in by_all],
        "alone": _alone(items, alone, rate),
        "alone_by_agreement": _alone(items, alone_by_all, rate),
        "suggested": _counts([item for item in items if item.reply and not item.alone]),
        "minutes": round(sum(item.told["minutes"] for item in items), 1),
        "rate": rate,
        "weeks": _weeks(items),
        "intents": _by_intent(items),
        "gaps": _gaps(items),
    }


def pooled_now() -> frozenset[str]:
    """Intents that a lead lets answer alone today: they earn a licence together. Where there are none yet, all would."""
    return frozenset(Intent.objects.filter(active=True, level__in=ALONE).values_list("slug", flat=True))


def _agreement(items: Sequence[ReplayItem]) -> dict[str, Any]:
    told = [item for item in items if item.reply]
    return {
        "proposals": len(told),
        **{name: sum(item.agreement == name for item in told) for name in ("same", "different", "unknown")},
        "by": dict(Counter(item.measured_by for item in told if item.measured_by)),
    }


def _measure(items: Sequence[ReplayItem]) -> dict[str, Any]:
    """How far words alone would have told what people graded: the measure is measured where both are known.

    Where people sent the suggestion itself the words are of course the same: those would flatter it, and are left out.
    """
    graded = [item for item in items if item.measured_by in GRADED and item.similarity is not None]
    both = [item for item in graded if not _sent_as_suggested(item)]
    near = [item for item in both if (item.similarity or 0) >= ALIKE]
    far = [item for item in both if (item.similarity or 0) <= APART]
    return {
        "graded": len(both),
        "sent_as_suggested": len(graded) - len(both),
        "alike": len(near),
        "alike_and_right": sum(item.verdict == "right" for item in near),
        "apart": len(far),
        "apart_and_wrong": sum(item.verdict == "wrong" for item in far),
        "order": _order(both),
    }


def _sent_as_suggested(item: ReplayItem) -> bool:
    grade = item.told["grade"]
    return bool(grade) and is_same_letter(grade["reply"], item.told["answer"])


def _order(items: Sequence[ReplayItem]) -> float | None:
    """The chance that a right one has the higher similarity of a right and a wrong one (area under the ROC curve)."""
    right = np.array([item.similarity for item in items if item.verdict == "right"], float)
    wrong = np.array([item.similarity for item in items if item.verdict == "wrong"], float)
    if not len(right) or not len(wrong):
        return None
    higher = (right[:, None] > wrong).mean() + (right[:, None] == wrong).mean() / 2
    return round(float(higher), 3)


def _alone(items: Sequence[ReplayItem], keys: Collection[str], rate: float) -> dict[str, Any]:
    """Minutes are saved only where the answer was right; what nobody knows counts as the known ones do."""
    some = [item for item in items if item.key in keys]
    counts = _counts(some)
    known, right = counts["right"] + counts["wrong"], counts["right"]
    saved = sum(item.told["minutes"] for item in some if item.verdict == "right")
    if right and counts["unknown"]:
        saved += right / known * sum(item.told["minutes"] for item in some if not item.verdict)
    error = counts["wrong"] / known if known else None
    bound = binomial.upper(counts["wrong"], known, DELTA) if known else None
    return counts | {
        "share": len(some) / len(items) if items else 0.0,
        "error": error,
        "error_bound": bound,
        "minutes": round(saved, 1),
        "money": round(saved * rate, 2),
    }


def _counts(items: Sequence[ReplayItem]) -> dict[str, Any]:
    return {
        "n": len(items),
        "right": sum(item.verdict == "right" for item in items),
        "wrong": sum(item.verdict == "wrong" for item in items),
        "unknown": sum(not item.verdict for item in items),
    }


def _licence(one: Earned) -> dict[str, Any]:
    return {
        "intent": one.intent,
        "members": sorted(one.members),
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "threshold": round(one.threshold, 4),
        "n": one.n,
        "k": one.k,
        "bound": round(one.bound, 4),
        "alpha": one.alpha,
        "coverage": round(one.coverage, 4),
        "why": one.why,
    }


def _weeks(items: Sequence[ReplayItem]) -> list[dict[str, Any]]:
    weeks: dict[str, list[ReplayItem]] = defaultdict(list)
    for item in items:
        year, week, _ = item.at.isocalendar()
        weeks[f"{year}-W{week:02d}"].append(item)
    return [
        {
            "week": name,
            "n": len(some),
            "proposed": sum(bool(item.reply) for item in some),
            "right": sum(item.verdict == "right" for item in some),
            "known": sum(bool(item.verdict) for item in some),
            "alone": sum(item.alone for item in some),
        }
        for name, some in sorted(weeks.items())
    ]


def _by_intent(items: Sequence[ReplayItem]) -> list[dict[str, Any]]:
    """What people said it was about, not what the assistant took it for."""
    found: dict[str, list[ReplayItem]] = defaultdict(list)
    for item in items:
        labels = item.told["labels"]
        found[labels[-1][1] if labels else ""].append(item)
    rows = [
        _counts([item for item in some if item.reply])
        | {
            "intent": slug,
            "tickets": len(some),
            "understood": sum(item.intent == slug for item in some),
            "alone": sum(item.alone for item in some),
            "minutes": round(sum(item.told["minutes"] for item in some), 1),
        }
        for slug, some in found.items()
    ]
    return sorted(rows, key=lambda row: -int(row["tickets"]))


def _gaps(items: Sequence[ReplayItem]) -> dict[str, Any]:
    """Like tickets that no article answered, or wrongly."""
    failed = [
        item for item in items if item.vector and (item.kind in ("no_article", "unclear") or item.verdict == "wrong")
    ]
    found, alone = cluster(
        [
            Case(
                item.key,
                question_of(message_of(item)),
                unpack(item.vector)[0],
                KINDS.get(item.kind, "")
                if item.kind in ("no_article", "unclear")
                else "What it would have said was wrong",
                item.told["labels"][-1][1] if item.told["labels"] else "",
                float(item.told["minutes"]),
            )
            for item in failed
        ]
    )
    told = [
        {
            "name": one.name,
            "why": one.commonest("why"),
            "intent": one.commonest("intent"),
            "n": len(one.cases),
            "minutes": round(one.minutes, 1),
            "keys": [case.key for case in one.cases][:50],
        }
        for one in found[:MOST_GAPS]
    ]
    return {"tickets": len(failed), "clusters": told, "others": len(found) - len(told), "alone": alone}
