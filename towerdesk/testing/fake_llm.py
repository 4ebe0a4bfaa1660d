"""A server on loopback that speaks the OpenAI chat protocol: it answers what a test told it to, and keeps what it was asked."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class FakeLLM:
    """`answer` maps the whole prompt to the text the model says; an exception in it becomes a 500."""

    url: str
    answer: Callable[[str], str]
    asked: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def serve(answer: Callable[[str], str]) -> Iterator[FakeLLM]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.fake = FakeLLM(f"http://127.0.0.1:{server.server_port}/v1", answer)  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.fake  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        fake: FakeLLM = self.server.fake  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fake.asked.append(body)
        try:
            said = fake.answer("\n".join(_texts(body)))
        except Exception as error:
            self._send(500, {"error": {"message": str(error)}})
            return
        self._send(200, _answer(body, said) if "messages" in body else _response(body, said))

    def _send(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def _texts(body: dict[str, Any]) -> Iterator[str]:
    for message in [*body.get("messages", []), *(body.get("input") or [])]:
        content = message.get("content", "")
        yield content if isinstance(content, str) else " ".join(part.get("text", "") for part in content)


def _answer(body: dict[str, Any], said: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": body["model"],
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }


def _response(body: dict[str, Any], said: str) -> dict[str, Any]:
    text = {"type": "output_text", "text": said, "annotations": []}
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "model": body["model"],
        "output": [{"type": "message", "id": "m1", "role": "assistant", "status": "completed", "content": [text]}],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": 100,
            "output_tokens": 20,
            "total_tokens": 120,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }
