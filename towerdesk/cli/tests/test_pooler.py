"""Somebody may stand between the desk and its database."""

import pytest

from towerdesk.cli.checks.pooler import changes_connections


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_reached_itself_keeps_its_connections():
    """Seen with PgBouncer 1.18 by hand: `pool_mode = transaction` is told, `session` is as good as the server itself."""
    assert not changes_connections()
