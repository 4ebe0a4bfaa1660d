"""`towerdesk ai`: measure how well the assistant understands and finds, on tables of one's own."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Measure the assistant.", add_completion=False, rich_markup_mode=None)
evaluate = typer.Typer(no_args_is_help=True, help="Measure one part on data of your own.", add_completion=False)
app.add_typer(evaluate, name="evaluate")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object; shares are 0 to 1.")]


@evaluate.command("intents")
def intents(
    train: Annotated[
        Path, typer.Option(help="CSV to learn from: columns text,label (label empty or oos: out of scope).")
    ],
    test: Annotated[Path, typer.Option(help="CSV to measure on, with the same columns.")],
    shots: Annotated[int | None, typer.Option(min=1, help="Learn from this many examples of each label only.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Which ones: another seed, another draw.")] = 0,
    as_json: AsJson = False,
) -> None:
    """How well intents are told apart."""
    from towerdesk.assistant.evals.intents import evaluate as measure
    from towerdesk.assistant.evals.intents import read_examples, some_of_each
    from towerdesk.lib.embedding import embedder
    from towerdesk.lib.errors import Invalid

    lessons, tests = read_examples(train), read_examples(test)
    if not any(one.label for one in tests):
        raise Invalid(f"{test} has no text in scope: give at least one with a label.")
    if shots:
        lessons = some_of_each(lessons, shots, seed)
    say(measure(lessons, tests, embedder=embedder(), seed=seed).as_dict(), as_json)


@evaluate.command("retrieval")
def retrieval(
    articles: Annotated[Path, typer.Option(help="Folder of Markdown articles; an article's id is its file name.")],
    questions: Annotated[Path, typer.Option(help='JSON lines: {"question": "…", "article": "id"}.')],
    as_json: AsJson = False,
) -> None:
    """How well articles are found."""
    from towerdesk.assistant.evals.retrieval import evaluate as measure
    from towerdesk.assistant.evals.retrieval import read_articles, read_questions
    from towerdesk.lib.embedding import embedder

    known = read_articles(articles)
    say(measure(known, read_questions(questions, known), embedder=embedder()).as_dict(), as_json)


def say(figures: dict[str, object], as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):32} {'–' if value is None else value}")
