"""The demo company's procedures pass the tests that stand beside them."""

from dataclasses import replace
from pathlib import Path

import pytest

from towerdesk.assistant.procedures import compile_procedure
from towerdesk.assistant.procedures.trials import try_all
from towerdesk.cli.demo.shop.connect import TOOLS
from towerdesk.connectors.contract import TEXT, Account
from towerdesk.connectors.http.connector import HttpConnector

FOLDER = Path(__file__).parents[1] / "procedures"
WRITTEN = sorted(FOLDER.glob("*.md"))


@pytest.fixture(scope="module")
def tools():
    account = Account("shop", {TEXT: TOOLS.read_text()}, {"token": "secret"}, ["127.0.0.1:8027"])
    return {
        f"shop.{tool.spec.name}": replace(tool.spec, name=f"shop.{tool.spec.name}")
        for tool in HttpConnector().tools(account)
    }


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.stem)
def test_it_passes_its_tests(file, tools):
    verdicts = try_all(
        compile_procedure(file.read_text(), tools), file.with_name(f"{file.stem}.tests.yaml").read_text()
    )

    assert len(verdicts) >= 3
    assert [verdict for verdict in verdicts if not verdict.passed] == []
