"""The matrix: what impact and urgency make of the priority."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from towerdesk.tickets.models.ticket import PRIORITIES
from towerdesk.tickets.models.value import LISTS
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.edit import set_matrix
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def matrix(request: DeskRequest) -> HttpResponse:
    request.actor.must("taxonomy.change")
    known = taxonomy()
    impacts, urgencies = known.choosable("impact"), known.choosable("urgency")
    if request.method == "POST":
        _save(request, [key for key, _ in impacts], [key for key, _ in urgencies])
        return HttpResponseRedirect("/settings/matrix")
    rows = [
        (name, [(f"{impact}/{urgency}", words, known.priority_of(impact, urgency)) for urgency, words in urgencies])
        for impact, name in impacts
    ]
    context = {
        "tab": "lists",
        "kind": "matrix",
        "lists": LISTS.items(),
        "rows": rows,
        "urgencies": urgencies,
        "priorities": [(key, known.name("priority", key)) for key, _ in PRIORITIES],
    }
    return render(request, "web/settings/matrix.html", context)


def _save(request: DeskRequest, impacts: list[str], urgencies: list[str]) -> None:
    said = {
        impact: {urgency: request.POST.get(f"{impact}/{urgency}", "") for urgency in urgencies} for impact in impacts
    }
    filled = {impact: {urgency: one for urgency, one in row.items() if one} for impact, row in said.items()}
    set_matrix({impact: row for impact, row in filled.items() if row}, by=request.actor)
    say(request, "The matrix is saved. It holds from the next change of impact or urgency on.")
