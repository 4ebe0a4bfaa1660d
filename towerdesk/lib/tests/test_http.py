"""The one way out leads nowhere private unless an administrator named the host."""

import asyncio

import pytest

from towerdesk.lib.errors import Refused
from towerdesk.lib.http import client
from towerdesk.testing.fake_llm import serve


def get(url: str, allowed=()) -> int:
    async def ask() -> int:
        async with client(allowed) as http:
            return (await http.post(url, json={"model": "m", "messages": []})).status_code

    return asyncio.run(ask())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]", "192.168.1.1"])
def test_private_addresses_are_refused_before_anything_is_sent(host):
    with pytest.raises(Refused, match="not a public address"):
        get(f"http://{host}:9/latest/meta-data")


def test_a_named_host_of_our_own_is_reached():
    with serve(lambda prompt: "yes") as fake:
        assert get(f"{fake.url}/chat/completions", allowed=["127.0.0.1"]) == 200
        assert len(fake.asked) == 1
