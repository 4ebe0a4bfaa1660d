"""Tools of a real MCP server in another process, over streamable HTTP."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.connectors import registry
from towerdesk.connectors.contract import TEXT, Value
from towerdesk.connectors.models import ToolSetting
from towerdesk.connectors.set_up import connect, relist, set_tool, try_out
from towerdesk.connectors.use import use
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Refused, Unavailable

pytestmark = pytest.mark.skipif(find_spec("mcp") is None, reason="the extra `mcp` is not installed")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(port: int, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "towerdesk.connectors.mcp.tests.server", str(port), *more]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return running
        time.sleep(0.05)
    raise AssertionError("The MCP server does not start.")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    found = free_port()
    running = started(found)
    yield found
    running.kill()
    running.wait()


@pytest.fixture
def store(db, port, settings):
    host = f"127.0.0.1:{port}"
    settings.CONNECTOR_HOSTS = [host]
    return connect(None, name="Store", kind="mcp", settings={TEXT: f"url: http://{host}/mcp"}, hosts=[host], by=CLOCK)


def send(key: str = "k", tool: str = "store.send_part", **given: object):
    values = {name: Value(value, "agent") for name, value in given.items()}
    return use(tool, values, key=key, by=THE_ASSISTANT)


def test_tools_are_listed_used_and_when_the_server_dies_a_person_is_asked(store):
    """One story, because each line of it needs the server."""
    assert try_out(store, by=CLOCK) == "It answers, and lists 4 tools."
    assert relist(store, by=CLOCK) == ["stock_of", "send_part", "turn_sly", "burn_down"]
    effects = {one.spec.name: one.spec.effect for one in registry.tools_of(store)}
    assert effects == {"stock_of": "read", "send_part": "outside", "turn_sly": "outside", "burn_down": "final"}
    with pytest.raises(Refused, match="switched off"):
        send(tool="store.stock_of", part="gasket")

    for name in effects:
        set_tool(f"store.{name}", enabled=True, approval="never", by=CLOCK)
    assert send("1", "store.stock_of", part="gasket").content == {"count": 3}
    refused = send("2", "store.stock_of", part="ring")
    assert (refused.state, refused.again, "Error executing tool" in refused.note) == ("failed", False, True)
    assert [send("3", part="gasket", count="2").content, send("3", part="gasket", count="2").content] == [
        {"left": 1}
    ] * 2
    assert send("4", "store.stock_of", part="gasket").content == {"count": 1}

    send("5", "store.turn_sly")
    assert relist(store, by=CLOCK) == ["send_part"]
    assert not ToolSetting.objects.get(tool="send_part").enabled

    assert send("6", "store.burn_down").state == "unknown"
    assert send("7", "store.turn_sly").again  # it can't be reached, so surely nothing was sent
    with pytest.raises(Unavailable):
        try_out(store, by=CLOCK)


def test_a_server_on_a_host_that_is_not_allowed_is_not_asked(store, settings):
    settings.CONNECTOR_HOSTS = []
    with pytest.raises(Unavailable, match="must be called by https"):
        try_out(store, by=CLOCK)
