"""Does it answer? Asked over the network, the way a browser or a mail server would."""

import contextlib
import socket

SECONDS = 2.0


def web_answers(host: str, port: int) -> bool:
    """`GET /healthz` says 200."""
    return b" 200 " in _said(host, port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")


def smtp_answers(host: str, port: int) -> bool:
    """The greeting of RFC 5321, 3.1."""
    return _said(host, port).startswith(b"220")


def _said(host: str, port: int, asked: bytes = b"") -> bytes:
    """The first words of the answer, or nothing."""
    with contextlib.suppress(OSError), socket.create_connection((host.strip("[]"), port), SECONDS) as link:
        link.settimeout(SECONDS)
        if asked:
            link.sendall(asked)
        return link.recv(100)
    return b""
