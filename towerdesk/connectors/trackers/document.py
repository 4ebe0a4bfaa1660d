"""Text as Atlassian's document format, and back (developer.atlassian.com/cloud/jira/platform/apis/document/structure)."""

from typing import Any

DEEPEST = 20


def document(markdown: str) -> dict[str, Any]:
    """Headings, lists and quotes of what we write ourselves; everything else is a paragraph."""
    blocks = [block for block in markdown.strip().split("\n\n") if block.strip()]
    return {"type": "doc", "version": 1, "content": [_block(block) for block in blocks] or [_paragraph("")]}


def text_of(node: Any, depth: int = 0) -> str:
    """What a person reads of it."""
    if not isinstance(node, dict) or depth > DEEPEST:
        return ""
    kind = node.get("type")
    if kind == "text":
        return str(node.get("text", ""))
    if kind == "hardBreak":
        return "\n"
    if kind in ("mention", "emoji"):
        return str((node.get("attrs") or {}).get("text", ""))
    parts = [text_of(one, depth + 1) for one in node.get("content") or []]
    if kind in ("doc", "blockquote", "bulletList", "orderedList", "listItem"):
        between = "\n\n" if kind == "doc" else "\n"
        return between.join(part for part in parts if part)
    return "".join(parts)


def _block(block: str) -> dict[str, Any]:
    lines = block.split("\n")
    if block.startswith("#"):
        level = len(block) - len(block.lstrip("#"))
        return {"type": "heading", "attrs": {"level": min(level, 6)}, "content": _words(block[level:].strip())}
    if all(line.startswith(("- ", "* ")) for line in lines):
        items = [{"type": "listItem", "content": [_paragraph(line[2:])]} for line in lines]
        return {"type": "bulletList", "content": items}
    if all(line.startswith(">") for line in lines):
        return {"type": "blockquote", "content": [_paragraph("\n".join(line[1:].strip() for line in lines))]}
    return _paragraph(block)


def _paragraph(text: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for number, line in enumerate(text.split("\n")):
        content += [{"type": "hardBreak"}] if number else []
        content += _words(line)
    return {"type": "paragraph", "content": content} if content else {"type": "paragraph"}


def _words(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text}] if text else []
