"""Write StackFAQ as the retrieval evaluation wants it: `python -m tests.convert_stackfaq SOURCE.xml FOLDER`.

FOLDER/articles/<n>.md holds a question as its title and its answers as text; FOLDER/questions.jsonl the rephrasings.
"""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

SEPARATOR = "*"


def convert(source: Path, folder: Path) -> tuple[int, int]:
    """How many articles and questions were written."""
    articles = folder / "articles"
    articles.mkdir(parents=True, exist_ok=True)
    pairs = ElementTree.parse(source).getroot().findall("qapair")  # noqa: S314 - our own test data
    rows = []
    for number, pair in enumerate(pairs):
        name = f"faq-{number:03}"
        [title] = texts(pair, "question")
        (articles / f"{name}.md").write_text(f"# {title}\n\n" + "\n\n".join(texts(pair, "answer")) + "\n")
        rows += [{"question": text, "article": name} for text in texts(pair, "rephr") if text != SEPARATOR]
    (folder / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return len(pairs), len(rows)


def texts(pair: ElementTree.Element, tag: str) -> list[str]:
    return [" ".join((child.text or "").split()) for child in pair.findall(tag)]


if __name__ == "__main__":
    print(*convert(Path(sys.argv[1]), Path(sys.argv[2])))
