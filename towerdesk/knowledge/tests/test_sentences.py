"""Sentences of an article, each a span that can be cited."""

from towerdesk.knowledge.sentences import spans

ARTICLE = """# Return an item

You have 30 days, e.g. until Friday. After that, please ask us.

1. Open **Orders**. Then choose the item.
2. Press *Return*.

| a | b |
|---|---|

```
code. is. not.
```

> Mind the box. It protects.
"""


def told(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


def test_prose_is_cut_at_sentence_ends_and_steps_stay_whole():
    assert told(ARTICLE) == [
        "You have 30 days, e.g. until Friday.",
        "After that, please ask us.",
        "Open **Orders**. Then choose the item.",
        "Press *Return*.",
        "Mind the box.",
        "It protects.",
    ]


def test_nothing_has_no_sentences():
    assert told("") == []
    assert told("# Only a heading\n\n") == []
