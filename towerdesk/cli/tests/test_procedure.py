"""`towerdesk procedure`, for those who keep their procedures in files."""

import pytest

from towerdesk.assistant.models import Procedure
from towerdesk.cli.procedure import bring_in, draft, lint, try_them, write_down
from towerdesk.connectors import registry
from towerdesk.connectors.contract import Argument, ToolSpec
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.lib.errors import Invalid, NotFound

STATUS = r"""# Say how an order stands

## What we need

- order (text like BW-\d+): The number of your order

## Look it up

- Ask: order
- Read: found = shop.get_order(order=order)
- Require: has(found)
- Otherwise ask again for order: We find no order {order}.
- Say: {order} is {found.status}.
"""
TESTS = """
- test: It is found
  says: ["Where is it?", "BW-7"]
  tools: {shop.get_order: {status: packed}}
  expect: {asks: [order], ends: done, says: BW-7 is packed}
"""


@pytest.fixture
def folder(desk, tmp_path):
    spec = ToolSpec("get_order", "Look up an order", arguments=(Argument("order"),), effect="read")
    connect("shop", FakeTool(spec))
    (tmp_path / "status.md").write_text(STATUS)
    (tmp_path / "status.tests.yaml").write_text(TESTS)
    yield tmp_path
    registry.put("fake", None)


def test_faults_are_told_with_file_and_line(folder, capsys):
    assert lint([folder]) == 0
    (folder / "status.md").write_text(STATUS.replace("shop.get", "shop.got"))

    assert lint([folder / "status.md"]) == 1
    assert "status.md:10: There is no tool “shop.got_order”" in capsys.readouterr().out


def test_tests_beside_a_file_are_run(folder, capsys):
    assert try_them([folder]) == 0
    (folder / "status.tests.yaml").write_text(TESTS.replace("is packed}", "is sent}"))

    assert try_them([folder]) == 1
    told = capsys.readouterr().out
    assert "FAIL" in told
    assert "It says “BW-7 is packed.”, without “BW-7 is sent”." in told


def test_files_come_in_and_go_out_again(folder, tmp_path, capsys):
    bring_in([folder])
    assert Procedure.objects.get().status == "published"
    assert try_them() == 0

    write_down(tmp_path / "out")
    assert (tmp_path / "out" / "say-how-an-order-stands.md").read_text() == STATUS
    assert (tmp_path / "out" / "say-how-an-order-stands.tests.yaml").read_text() == TESTS
    bring_in([tmp_path / "out"])
    assert Procedure.objects.get().versions.count() == 1


def test_a_failing_test_is_not_published(folder):
    (folder / "status.tests.yaml").write_text(TESTS.replace("is packed}", "is sent}"))

    with pytest.raises(Invalid, match="The test “It is found” fails"):
        bring_in([folder])
    assert not Procedure.objects.published().exists()


def test_a_checklist_becomes_a_procedure(tmp_path, capsys):
    (tmp_path / "refund-by-hand.txt").write_text("1. Pull up the account\n2. Offer the refund\n")
    draft(tmp_path / "refund-by-hand.txt")

    assert capsys.readouterr().out.startswith(
        "# Refund by hand\n\n## Pull up the account\n\n- Do: Pull up the account\n"
    )
    with pytest.raises(NotFound, match="There is no file"):
        draft(tmp_path / "nothing.txt")
