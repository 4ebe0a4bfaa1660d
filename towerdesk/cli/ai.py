"""`towerdesk ai`: stop the assistant and let it go on, and measure it on tables and articles of one's own."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True, help="Stop, start and measure the assistant.", add_completion=False, rich_markup_mode=None
)
evaluate = typer.Typer(no_args_is_help=True, help="Measure one part on data of your own.", add_completion=False)
app.add_typer(evaluate, name="evaluate")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object; shares are 0 to 1.")]


@app.command("stop")
def stop(why: Annotated[str, typer.Option(help="For those who come after you.")] = "") -> None:
    """Stop the assistant at once, on the whole desk: what it queued is taken back, and people have every ticket."""
    from towerdesk.assistant.stop import stop as stop_it
    from towerdesk.cli.session import database
    from towerdesk.lib.actor import CLOCK

    with database():
        held = stop_it(why, by=CLOCK)
        print(
            f"The assistant is stopped, by {held.by_name} at {held.at:%Y-%m-%d %H:%M} UTC. “towerdesk ai start” ends it."
        )


@app.command("start")
def start(why: Annotated[str, typer.Option(help="For those who come after you.")] = "") -> None:
    """Let the assistant go on with what comes in from now on."""
    from towerdesk.assistant.stop import start as start_it
    from towerdesk.cli.session import database
    from towerdesk.lib.actor import CLOCK

    with database():
        start_it(why, by=CLOCK)
        print("The assistant is at work.")


@app.command("learn")
def learn() -> None:
    """Learn anew from the intents' examples, resolved tickets and grades. Ends every licence: what decides is another one."""
    from towerdesk.assistant.study import learnt, study
    from towerdesk.cli.session import database

    with database():
        ends = learnt().ends
        study()
        found = learnt()
        print(
            f"Learnt from {found.texts:,} texts of {found.intents} intents, and {found.grades:,} grades of its suggestions."
        )
        if ends:
            print(
                f"{ends} licence{'s' * (ends != 1)} will end: what was graded under the old judge says nothing of the new one."
            )


@app.command("budget")
def budget() -> None:
    """What the language model has cost and been asked, and its caps."""
    from towerdesk.assistant.budget import CAPS, spent
    from towerdesk.assistant.budget import budget as caps
    from towerdesk.cli.session import database

    with database():
        had, most = spent(), caps()
        for name in CAPS:
            cap = getattr(most, name)
            print(f"{name.replace('_', ' '):14} {getattr(had, name, '–')} of {'no cap' if cap is None else cap}")


@evaluate.command("grounding")
def grounding(
    articles: Annotated[
        Path, typer.Option(help="Folder of Markdown articles: their sentences are made wrong and reworded.")
    ],
    most: Annotated[int | None, typer.Option(min=1, help="So many sentences only, evenly from all.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other corruptions.")] = 0,
    show: Annotated[int, typer.Option(min=0, help="Print so many that slipped through and so many that were cut.")] = 0,
    as_json: AsJson = False,
) -> None:
    """How well replies are held to their sources: the share of corruptions that is caught, and of honest words that is cut."""
    from towerdesk.assistant.evals.grounding import evaluate as measure
    from towerdesk.assistant.evals.retrieval import read_articles
    from towerdesk.lib.embedding import embedder

    figures = measure(read_articles(articles), embedder=embedder(), seed=seed, most=most)
    say(figures.as_dict(), as_json)
    for kind, was, now in figures.slipped[:show]:
        print(f"slipped ({kind}): {was}\n    as: {now}")
    for rule, said, why in figures.lost[:show]:
        print(f"cut ({rule}): {said}\n    because: {why}")


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
