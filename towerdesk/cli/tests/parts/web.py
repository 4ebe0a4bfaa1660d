"""Answers every request with 200."""

from http.server import BaseHTTPRequestHandler, HTTPServer

from config import env
from towerdesk.cli.supervised import follow_supervisor


class Ok(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()


follow_supervisor()
HTTPServer(("127.0.0.1", env.port()), Ok).serve_forever()
