"""Check: how this set-up fails, each with what to do and the tickets that show it."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from towerdesk.advice.lint import CHECKS, lint
from towerdesk.web.request import DeskRequest


@require_safe
def check(request: DeskRequest) -> HttpResponse:
    found = lint(by=request.actor)
    groups = [(each, [one.finding for one in its]) for each, its in groupby(found, key=lambda one: one.check)]
    fine = [each for each in CHECKS if each not in {one.check for one in found}]
    context = {"tab": "check", "groups": groups, "fine": fine, "count": len(found)}
    return render(request, "web/settings/check.html", context)
