"""Passwords of other systems are not readable in the database."""

import pytest

from towerdesk.lib.errors import Unavailable
from towerdesk.lib.vault import seal, unseal


def test_what_is_sealed_can_be_opened_here_and_nowhere_else(monkeypatch, tmp_path):
    sealed = seal("Grüße & geheim")
    assert "geheim" not in sealed
    assert unseal(sealed) == "Grüße & geheim"

    monkeypatch.setenv("TOWERDESK_DATA", str(tmp_path))
    with pytest.raises(Unavailable, match="enter it again"):
        unseal(sealed)


def test_sealing_twice_looks_different():
    assert seal("same") != seal("same")


@pytest.mark.parametrize("damaged", ["", "x", "ü"])
def test_what_was_never_sealed_is_one_sentence(damaged):
    with pytest.raises(Unavailable):
        unseal(damaged)
