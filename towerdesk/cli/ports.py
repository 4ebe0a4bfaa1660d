"""Make sure that the desk's ports are free before anything starts, and say which setting to change when not."""

import errno
import socket

from config import env
from towerdesk.lib.errors import Invalid


def check_ports() -> None:
    if env.port() == env.smtp_port():
        raise Invalid(f"TOWERDESK_PORT and TOWERDESK_SMTP_PORT are both {env.port()}: give them different numbers.")
    check(env.host(), env.port(), "TOWERDESK_PORT")
    check(env.host(), env.smtp_port(), "TOWERDESK_SMTP_PORT")


def check(host: str, port: int, setting: str) -> None:
    """Raises `Invalid` with one sentence when we could not listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise Invalid(
            f"TOWERDESK_HOST is “{host}”, which is no address of this machine: use 127.0.0.1 or 0.0.0.0."
        ) from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise Invalid(_why(error, host, port, setting)) from None


def _why(error: OSError, host: str, port: int, setting: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program: stop that one, or set {setting} to a free port."
    if error.errno == errno.EACCES:
        return f"This account may not open port {port}: set {setting} to a port above 1023."
    return f"Nobody can listen on {host} port {port} ({error.strerror}): check TOWERDESK_HOST and {setting}."
