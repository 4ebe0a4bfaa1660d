"""Settings: good values typed, bad ones refused in one sentence that names the setting."""

import stat
import threading
from pathlib import Path

import pytest

from config import env
from config.env import BadSetting


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TOWERDESK_DATA", str(tmp_path / "desk"))


def said(read) -> str:
    with pytest.raises(BadSetting) as trouble:
        read()
    return str(trouble.value)


def test_what_is_not_set_or_empty_has_its_default(monkeypatch):
    monkeypatch.delenv("TOWERDESK_PORT", raising=False)
    monkeypatch.setenv("TOWERDESK_SMTP_PORT", "  ")

    assert (env.port(), env.smtp_port()) == (8000, 2525)
    assert env.text("TOWERDESK_NOTHING", "x") == "x"
    assert env.flag("TOWERDESK_NOTHING", default=True) is True
    assert env.url("TOWERDESK_NOTHING") == ""


@pytest.mark.parametrize("value", ["abc", "0", "65536", "-1", "80.5", "８０００", "1e3"])
def test_a_port_that_is_none_is_named(monkeypatch, value):
    monkeypatch.setenv("TOWERDESK_PORT", value)

    assert said(env.port) == f"TOWERDESK_PORT is “{value}”: use a whole number from 1 to 65535."


@pytest.mark.parametrize(("value", "is_on"), [("1", True), ("YES", True), ("off", False), ("False", False)])
def test_flags_are_read_the_way_people_write_them(monkeypatch, value, is_on):
    monkeypatch.setenv("TOWERDESK_DEBUG", value)

    assert env.flag("TOWERDESK_DEBUG") is is_on


def test_a_flag_that_is_neither_is_refused(monkeypatch):
    monkeypatch.setenv("TOWERDESK_DEBUG", "maybe")

    assert said(lambda: env.flag("TOWERDESK_DEBUG")) == "TOWERDESK_DEBUG is “maybe”: use 1 or 0."


@pytest.mark.parametrize("value", ["desk.example.com", "ftp://desk", "http://", "http://a:b:c", "http://h:0"])
def test_an_address_without_scheme_or_host_is_refused(monkeypatch, value):
    monkeypatch.setenv("TOWERDESK_URL", value)

    assert said(lambda: env.url("TOWERDESK_URL")).startswith("TOWERDESK_URL is not an address we can use")


def test_an_address_loses_the_slash_at_its_end(monkeypatch):
    monkeypatch.setenv("TOWERDESK_URL", "https://desk.example.com/")

    assert env.url("TOWERDESK_URL") == "https://desk.example.com"


def test_a_choice_lists_what_there_is(monkeypatch):
    monkeypatch.setenv("TOWERDESK_MODE", "fast")

    assert said(lambda: env.choice("TOWERDESK_MODE", "a", ["a", "b"])) == "TOWERDESK_MODE is “fast”: use one of a, b."


def test_numbers_with_a_point_know_their_limits(monkeypatch):
    monkeypatch.setenv("TOWERDESK_ALPHA", "0.05")
    assert env.decimal("TOWERDESK_ALPHA", 0.02, most=1) == 0.05
    monkeypatch.setenv("TOWERDESK_ALPHA", "nan")
    assert "TOWERDESK_ALPHA is “nan”" in said(lambda: env.decimal("TOWERDESK_ALPHA", 0.02, most=1))


def test_a_list_is_written_with_commas(monkeypatch):
    monkeypatch.setenv("TOWERDESK_HOSTS", "a.example, b.example,,")

    assert env.words("TOWERDESK_HOSTS") == ["a.example", "b.example"]


@pytest.mark.parametrize("value", ["mysql://h/db", "postgresql://host", "host/db", "postgresql://h:port/db"])
def test_a_database_that_is_no_postgresql_is_refused_without_repeating_a_password(monkeypatch, value):
    monkeypatch.setenv("DATABASE_URL", value)

    assert said(env.database_url).startswith("DATABASE_URL can't be used")


def test_a_home_folder_sign_is_understood(monkeypatch):
    monkeypatch.setenv("TOWERDESK_DATA", "~/my desk")

    assert env.data_dir() == Path.home() / "my desk"


def test_a_required_setting_says_why(monkeypatch):
    assert said(lambda: env.required("TOWERDESK_S3_KEY", "the bucket needs it.")) == (
        "TOWERDESK_S3_KEY is not set: the bucket needs it."
    )


def test_a_secret_is_made_once_and_for_its_owner_only():
    first = env.secret("django")
    kept = env.data_dir() / "secrets" / "django"

    assert env.secret("django") == first
    assert env.secret("vault") != first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_two_who_make_a_secret_at_once_read_the_same():
    seen: list[str] = []
    makers = [threading.Thread(target=lambda: seen.append(env.secret("django"))) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()

    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_a_secret_that_was_emptied_is_not_used():
    env.secret("django")
    (env.data_dir() / "secrets" / "django").write_text("")

    assert "is too short or empty" in said(lambda: env.secret("django"))


def test_a_data_folder_that_is_a_file_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TOWERDESK_DATA", str(tmp_path / "file"))

    assert "set TOWERDESK_DATA to one you may write" in said(lambda: env.secret("django"))
