"""`towerdesk key`: one line out, one sentence when it can't be."""

import pytest
from typer.testing import CliRunner

from towerdesk.accounts.keys import actor_for
from towerdesk.cli.key import app
from towerdesk.lib.errors import Invalid, NotFound


def run(*words):
    return CliRunner().invoke(app, words)


def test_a_key_is_printed_once_and_listed_without_its_secret(desk):
    secret = run("create", "--role", "agent", "--name", "Shop").stdout.strip()

    assert actor_for(secret).name == "Shop"
    listed = run("list").stdout
    assert secret.split("_")[1] in listed
    assert secret.split("_", 2)[2] not in listed


def test_a_revoked_key_works_no_more(desk):
    secret = run("create", "--role", "viewer").stdout.strip()

    assert "no longer works" in run("revoke", secret.split("_")[1]).stdout

    assert actor_for(secret) is None
    assert "revoked" in run("list").stdout


@pytest.mark.parametrize(
    ("words", "trouble", "says"),
    [
        (("create", "--role", "boss"), Invalid, "no role 'boss'"),
        (("revoke", "nowhere"), NotFound, "no valid key nowhere"),
    ],
)
def test_what_cannot_be_is_one_sentence(desk, words, trouble, says):
    result = run(*words)

    assert isinstance(result.exception, trouble)
    assert says in str(result.exception)
