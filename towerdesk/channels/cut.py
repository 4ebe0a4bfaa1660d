"""Cut a long text into as few messages as a provider's ceiling allows, where a line or a word ends."""


def cut(text: str, most: int) -> list[str]:
    """Pieces of at most `most` UTF-16 code units, which is how telephone networks and Telegram count; never none."""
    pieces = []
    while units(text) > most:
        end = min(most, len(text))
        while units(text[:end]) > most:
            end -= 1
        end = max(text.rfind("\n", end // 2, end), text.rfind(" ", end // 2, end)) + 1 or end
        pieces.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*pieces, text] if text or not pieces else pieces


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
