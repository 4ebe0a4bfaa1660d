"""`towerdesk procedure`: list them, lint and test them, make one of a checklist, bring files in, write them down."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from towerdesk.assistant.models import Procedure
from towerdesk.assistant.procedures import compile_procedure
from towerdesk.assistant.procedures import lint as faults_of
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.from_list import Guideline, procedure_of, read_list
from towerdesk.assistant.procedures.publish import publish
from towerdesk.assistant.procedures.trials import Verdict, try_all
from towerdesk.assistant.procedures.write import head_of, write
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, NotFound

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Paths = Annotated[list[Path], typer.Argument(help="Markdown files, or folders of them.", metavar="PATH…")]
TESTS = ".tests.yaml"
"""What is beside `cancel-order.md`: `cancel-order.tests.yaml`."""


@app.command("list")
def every() -> None:
    """Show every procedure: state, version in use, what it touches, key, title, intents."""
    for one in Procedure.objects.select_related("current"):
        number = one.current.number if one.current else "–"
        print(f"{one.status:<10} {number:>3}  {one.risk:<12} {one.key}  {one.title}  {', '.join(one.intents)}")


@app.command("lint")
def lint(paths: Paths) -> int:
    """Say of each file what keeps it from running, with its line. Exit code: 0 nothing, 1 something."""
    tools, count = desk_tools(), 0
    files = _files(paths)
    for file in files:
        found = faults_of(_text(file), tools)
        count += len(found)
        for fault in found:
            print(f"{file}:{fault.line}: {fault.sentence}")
    told = f"{count} fault{'' if count == 1 else 's'}" if count else "Nothing is wrong"
    print(f"{told} in {len(files)} file{'' if len(files) == 1 else 's'}.")
    return 1 if count else 0


@app.command("test")
def try_them(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; left out, all of the desk.", metavar="[PATH…]")
    ] = None,
    every_line: Annotated[bool, typer.Option("--trace", help="Also print what happened in each test.")] = False,
) -> int:
    """Run the tests beside procedures. Exit code: 0 all pass, 1 one fails or a text can't be read."""
    failed, count, tools = 0, 0, desk_tools()
    for name, text, tests in _written(paths):
        try:
            verdicts = try_all(compile_procedure(text, tools), tests)
        except Invalid as trouble:
            print(f"{name}: {trouble}")
            failed += 1
            continue
        count += len(verdicts)
        failed += sum(not verdict.passed for verdict in verdicts)
        print("\n".join(line for verdict in verdicts for line in _told(name, verdict, every_line=every_line)))
    print(f"{count} test{'' if count == 1 else 's'}, {failed or 'none'} failed.")
    return 1 if failed else 0


def _written(paths: list[Path] | None) -> list[tuple[str, str, str]]:
    """Name, text and tests of each."""
    if paths:
        return [(str(file), _text(file), _tests_beside(file)) for file in _files(paths)]
    newest = [(one.key, one.versions.first()) for one in Procedure.objects.exclude(status="retired")]
    return [(key, version.text, version.tests) for key, version in newest if version]


def _told(name: str, verdict: Verdict, *, every_line: bool) -> list[str]:
    lines = [f"{'ok  ' if verdict.passed else 'FAIL'}  {name}: {verdict.name}"]
    lines += [f"      {sentence}" for sentence in verdict.wrong]
    return lines + [f"        {line}" for line in verdict.trace if every_line or not verdict.passed]


@app.command("draft")
def draft(
    file: Annotated[Path, typer.Argument(help="A checklist or guideline as plain text; - reads from the input.")],
    title: Annotated[str, typer.Option(help="What it is about; made of the file's name when left out.")] = "",
) -> None:
    """Print a checklist that you have as a procedure for people: one step for each line."""
    text = sys.stdin.read() if str(file) == "-" else _text(file)
    steps = read_list(text)
    if not steps:
        raise Invalid("There is no line in it: write one for each thing that is done.")
    print(procedure_of(Guideline(title or file.stem.replace("-", " ").capitalize(), steps)), end="")


@app.command("import")
def bring_in(
    paths: Paths, as_draft: Annotated[bool, typer.Option("--draft", help="Do not publish them yet.")] = False
) -> None:
    """Write and publish procedures with their tests. A file that came before becomes a new version, unless it is the same."""
    for file in _files(paths):
        text = _text(file)
        known = Procedure.objects.filter(key=head_of(text).key).first()
        saved = write(known, text, _tests_beside(file), by=CLOCK)
        if not as_draft:
            publish(saved, desk_tools(), by=CLOCK)
        print(f"{saved.key}: version {saved.versions.all()[0].number}{' as a draft' if as_draft else ''}")


@app.command("export")
def write_down(folder: Annotated[Path, typer.Argument(help="A folder; it is made when it is not there.")]) -> None:
    """Write the newest version of every procedure into a folder, each with its tests beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for one in Procedure.objects.exclude(status="retired"):
        newest = one.versions.all()[0]
        (folder / f"{one.key}.md").write_text(newest.text, encoding="utf-8")
        if newest.tests:
            (folder / f"{one.key}{TESTS}").write_text(newest.tests, encoding="utf-8")
        count += 1
    print(f"{count} procedure{'' if count == 1 else 's'} in {folder}.")


def _tests_beside(file: Path) -> str:
    beside = file.with_name(file.stem + TESTS)
    return _text(beside) if beside.exists() else ""


def _files(paths: list[Path]) -> list[Path]:
    files = [file for path in paths for file in (sorted(path.rglob("*.md")) if path.is_dir() else [path])]
    if not files:
        raise NotFound("There is no Markdown file there: name one, or a folder that holds some.")
    return files


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFound(f"There is no file {file}.") from None
    except (OSError, UnicodeDecodeError):
        raise Invalid(f"{file} can't be read as UTF-8 text: save it as UTF-8.") from None
