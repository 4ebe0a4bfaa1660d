"""The only way out by HTTP: time limits, no redirects, and no way into private networks unless a setting names the host."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Collection
from functools import cache

import httpx2 as httpx

from towerdesk.lib.errors import Refused

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
LIMITS = httpx.Limits(max_connections=20, max_keepalive_connections=5)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """Resolves the host itself and connects to the very address it has checked, so that DNS can't change its mind."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        super().__init__(verify=_tls(), limits=LIMITS, retries=0)
        self._allowed = {host.lower() for host in allowed}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if host.lower() not in self._allowed:
            request.extensions = {**request.extensions, "sni_hostname": host}
            request.url = request.url.copy_with(host=await _public_address(host, request.url.port or 443))
        return await super().handle_async_request(request)


@cache
def _tls() -> ssl.SSLContext:
    """Made once in a process: to read all authorities' certificates takes longer than most calls."""
    return httpx.create_ssl_context()


async def _public_address(host: str, port: int) -> str:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(info[4][0]) for info in found]
    if not addresses or not all(address.is_global for address in addresses):
        raise Refused(f"{host} is not a public address: an administrator must allow it by name first.")
    return str(addresses[0])


def client(allowed: Collection[str] = ()) -> httpx.AsyncClient:
    """A client that reaches public hosts, and those private ones that `allowed` names."""
    return httpx.AsyncClient(
        transport=GuardedTransport(allowed), timeout=TIMEOUT, follow_redirects=False, trust_env=False
    )
