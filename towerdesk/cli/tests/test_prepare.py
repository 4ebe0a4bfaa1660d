"""The first administrator: named by the settings, or made up; never twice."""

import pytest

from towerdesk.accounts.models import User
from towerdesk.cli.prepare import first_administrator
from towerdesk.lib.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_named(monkeypatch):
    monkeypatch.delenv("TOWERDESK_ADMIN_EMAIL", raising=False)
    monkeypatch.delenv("TOWERDESK_ADMIN_PASSWORD", raising=False)


def test_a_made_up_password_works_and_is_shown_once():
    shown = first_administrator()

    email, password = shown.removeprefix("sign in as ").split(" / ")
    admin = User.objects.get(email=email)
    assert admin.role == "admin"
    assert admin.check_password(password)
    assert first_administrator() == "sign in as admin@towerdesk.local"


def test_the_one_whom_the_settings_name(monkeypatch):
    monkeypatch.setenv("TOWERDESK_ADMIN_EMAIL", "Ana.Reyes@Example.com")
    monkeypatch.setenv("TOWERDESK_ADMIN_PASSWORD", "a long enough word")

    assert first_administrator() == "sign in as ana.reyes@example.com / the password from TOWERDESK_ADMIN_PASSWORD"
    ana = User.objects.get(email="ana.reyes@example.com")
    assert (ana.name, ana.role, ana.check_password("a long enough word")) == ("Ana Reyes", "admin", True)


def test_a_password_that_was_changed_is_left_alone(monkeypatch):
    monkeypatch.setenv("TOWERDESK_ADMIN_EMAIL", "ana@example.com")
    first_administrator()
    ana = User.objects.get(email="ana@example.com")
    ana.set_password("my very own word")
    ana.save()
    monkeypatch.setenv("TOWERDESK_ADMIN_PASSWORD", "the old one of the settings")

    assert first_administrator() == "sign in as ana@example.com"
    ana.refresh_from_db()
    assert ana.check_password("my very own word")


def test_no_mail_address_is_one_sentence(monkeypatch):
    monkeypatch.setenv("TOWERDESK_ADMIN_EMAIL", "ana")

    with pytest.raises(Invalid, match="TOWERDESK_ADMIN_EMAIL is “ana”, which is no mail address: correct it"):
        first_administrator()
