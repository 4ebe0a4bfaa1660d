"""Stamps: other words after every change, asked once for many, and not believed for longer than a moment."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from towerdesk.accounts.models import Team
from towerdesk.lib.stamps import Stamp, of_rows, told

pytestmark = pytest.mark.django_db

TEAMS = Stamp(of_rows("accounts_team"))
SUPPORT = Stamp(of_rows("accounts_team", "name = 'Support'"))


def asked(stamp):
    with CaptureQueriesContext(connection) as seen:
        return stamp.now(), len(seen)


def test_every_change_of_a_row_makes_another_stamp_even_within_one_transaction():
    seen = [TEAMS.now()]
    team = Team.objects.create(name="Support")
    for change in (
        lambda: Team.objects.filter(pk=team.pk).update(name="Returns"),
        lambda: Team.objects.filter(pk=team.pk).update(name="Support"),
        lambda: Team.objects.filter(pk=team.pk).update(name="Support"),
        lambda: Team.objects.filter(pk=team.pk).delete(),
    ):
        seen.append(TEAMS.now())
        change()

    assert len(set(seen)) == 5
    assert TEAMS.now() == TEAMS.now()


def test_what_another_query_has_told_is_not_asked_again():
    with told((TEAMS, SUPPORT), ["some", None]):
        assert asked(TEAMS) == ("some", 0)
        assert asked(SUPPORT) == ("", 0)

    assert asked(TEAMS) == (TEAMS.now(), 1)


def test_what_was_told_too_long_ago_is_asked_again():
    with told((TEAMS,), ["some"], holds=0):
        assert asked(TEAMS)[1] == 1
