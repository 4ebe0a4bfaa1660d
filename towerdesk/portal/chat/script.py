"""The one script of the chat: the files of `widget/` in order, as one function that leaves nothing behind on the host's page."""

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

HERE = Path(__file__).parent / "widget"
FILES = ("words.js", "look.js", "store.js", "line.js", "parts.js", "talk.js", "panel.js", "start.js")
LASTS = 300  # seconds that a browser may keep it
COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


@require_safe
def script(request: HttpRequest, key: str) -> HttpResponse:
    """The same for every inbox: it finds the key in its own address."""
    content, packed, tag = bundle()
    headers = {"Cache-Control": f"public, max-age={LASTS}", "ETag": tag, "Vary": "Accept-Encoding"}
    headers |= {"Cross-Origin-Resource-Policy": "cross-origin", "X-Content-Type-Options": "nosniff"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    can_unpack = "gzip" in request.headers.get("Accept-Encoding", "")
    headers |= {"Content-Encoding": "gzip"} if can_unpack else {}
    body = packed if can_unpack else content
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers=headers)


@lru_cache(maxsize=1)
def bundle() -> tuple[bytes, bytes, str]:
    """Plain, compressed, and its tag; comments and indents stay here."""
    parts = "\n".join((HERE / name).read_text() for name in FILES)
    content = INDENT.sub("", COMMENT.sub("", f'(()=>{{"use strict";\n{parts}\n}})();\n')).encode()
    return content, gzip.compress(content, 9, mtime=0), f'"{hashlib.sha256(content).hexdigest()[:20]}"'
