"""Queries that are built once: other values each time, the same rows as Django's own."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from towerdesk.accounts.models import Team, User
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled

pytestmark = pytest.mark.django_db


@compiled
def teams(restricted, *, name):
    return Team.objects.filter(restricted=restricted, name__gt=name).order_by("name")


@compiled
def session(*, key, at):
    return Session.objects.filter(session_key=key, expire_date__gt=at)


@compiled
def user(*, number):
    return User.objects.filter(pk=number).prefetch_related("teams")


@compiled
def held(*, number):
    return Team.objects.select_for_update().filter(pk=number)


def test_other_values_find_other_rows(desk):
    assert [team.name for team in teams(False, name="")] == sorted(team.name for team in Team.objects.all())
    assert [team.name for team in teams(False, name="Billing")] == [
        team.name for team in teams.plain(False, name="Billing")
    ]
    assert teams(True, name="") == []


def test_each_shape_is_a_statement_of_its_own(desk):
    with CaptureQueriesContext(connection) as seen:
        teams(True, name="a")
        teams(False, name="a")
        teams(False, name="b")
    first, second, third = (one["sql"] for one in seen)
    assert "NOT" not in first
    assert "NOT" in second
    assert second.replace("'a'", "'b'") == third


def test_words_and_moments(db):
    Session.objects.create(session_key="k", session_data="d", expire_date=now() + timedelta(hours=1))
    assert [one.session_data for one in session(key="k", at=now())] == ["d"]
    assert session(key="k", at=now() + timedelta(hours=2)) == []
    assert session(key="other", at=now()) == []


def test_what_is_fetched_beside_comes_along(desk, ana_user):
    [found] = user(number=ana_user.pk)
    with CaptureQueriesContext(connection) as seen:
        assert [team.name for team in found.teams.all()] == ["Repairs"]
    assert list(seen) == []


@pytest.mark.django_db(transaction=True)
def test_rows_are_held_inside_a_transaction_only(desk):
    with transaction.atomic():
        assert held(number=desk.repairs.pk) == [desk.repairs]
    with pytest.raises(TransactionManagementError):
        held(number=desk.repairs.pk)


def test_a_number_that_no_column_holds_finds_nothing(desk):
    assert user(number=10**30) == []


def test_nobody_s_rows_are_not_even_asked_for(desk):
    nobody = compiled(lambda *, number: Team.objects.none().filter(pk=number))
    with CaptureQueriesContext(connection) as seen:
        assert nobody(number=1) == []
    assert list(seen) == []


def test_what_can_not_be_exchanged_is_refused(desk):
    upper = compiled(lambda *, name: Team.objects.filter(name=name.upper() + "!"))
    with pytest.raises(TypeError, match="name can't be exchanged"):
        upper(name="x")
    with pytest.raises(TypeError, match="give it by place"):
        compiled(lambda *, flag: Team.objects.filter(restricted=flag))(flag=True)
