"""Greets like a mail server."""

import socketserver

from config import env
from towerdesk.cli.supervised import follow_supervisor


class Greeting(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.sendall(b"220 hello\r\n")


follow_supervisor()
socketserver.TCPServer.allow_reuse_address = True
socketserver.TCPServer(("127.0.0.1", env.smtp_port()), Greeting).serve_forever()
