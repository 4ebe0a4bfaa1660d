"""The set-up goes out to files, is compared, and comes back."""

import json

import pytest

from towerdesk.accounts.models import Team
from towerdesk.cli.config import diff, export, put_in
from towerdesk.lib.errors import Invalid


@pytest.fixture
def written(desk, tmp_path):
    place = tmp_path / "desk.yaml"
    export(place)
    return place


def test_nothing_differs_from_what_was_just_written(written, capsys):
    assert diff(written, prune=True) == 0
    assert capsys.readouterr().out.endswith("Nothing differs.\n")


def test_a_difference_is_told_and_is_exit_code_one(written, capsys):
    written.write_text(written.read_text().replace("name: Billing", "name: Invoices"))

    assert diff(written) == 1
    assert "~ teams billing: name “Billing” → “Invoices”" in capsys.readouterr().out
    assert diff(written, as_json=True) == 1
    [found] = json.loads(capsys.readouterr().out)["differences"]
    assert found["changes"] == {"name": ["Billing", "Invoices"]}


def test_an_import_shows_it_first_and_asks(written, capsys):
    written.write_text(written.read_text().replace("name: Billing", "name: Invoices"))

    with pytest.raises(Invalid, match="--yes"):
        put_in(written)
    assert Team.objects.filter(name="Billing").exists()

    put_in(written, yes=True)
    assert Team.objects.filter(name="Invoices").exists()
    assert diff(written) == 0


def test_a_folder_holds_a_file_for_each_section(desk, tmp_path):
    export(tmp_path / "desk")

    assert (tmp_path / "desk" / "teams.yaml").read_text() == (
        "- slug: billing\n  name: Billing\n- slug: repairs\n  name: Repairs\n"
    )
    assert diff(tmp_path / "desk", prune=True) == 0
