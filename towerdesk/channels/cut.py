"""Cut a long text into as few messages as a provider's ceiling allows, where a line or a word ends."""

from collections.abc import Callable


def units(text: str) -> int:
    """UTF-16 code units, which is how telephone networks and Telegram count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int, weigh: Callable[[str], int] = units) -> list[str]:
    """Pieces that weigh at most `most`; never none."""
    pieces = []
    while weigh(text) > most:
        end = min(most, len(text))
        while weigh(text[:end]) > most:
            end -= 1
        end = max(text.rfind("\n", end // 2, end), text.rfind(" ", end // 2, end)) + 1 or end
        pieces.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*pieces, text] if text or not pieces else pieces
