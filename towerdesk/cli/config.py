"""The set-up as data: write it down, look what differs, put it in."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid
from towerdesk.setup.bring_in import bring_in, preview
from towerdesk.setup.compare import Diff
from towerdesk.setup.export import export_folder, export_text
from towerdesk.setup.say import lacking, lines
from towerdesk.setup.tree import ENDINGS, read_tree

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Place = Annotated[Path, typer.Argument(help="A .yaml file, or a folder with one file for each section.")]
Prune = Annotated[
    bool, typer.Option("--prune", help="Also take away what the files don't have; what is in use retires.")
]


@app.command("export")
def export(
    place: Annotated[Path | None, typer.Argument(help="A .yaml file or a folder; left out, it is printed.")] = None,
) -> None:
    """Write the whole set-up down, without secrets."""
    if place is None:
        print(export_text(by=CLOCK), end="")
    elif place.suffix in ENDINGS:
        place.write_text(export_text(by=CLOCK), encoding="utf-8")
        print(f"The set-up is in {place}.")
    else:
        print(f"The set-up is in {place}: {', '.join(export_folder(place, by=CLOCK))}.")


@app.command("diff")
def diff(
    place: Place,
    prune: Prune = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> int:
    """Say what an import would change. Exit code: 0 nothing, 1 something, 2 the files can't be used."""
    found = preview(read_tree(place), prune=prune, by=CLOCK)
    print(json.dumps(found.as_json(), indent=2, ensure_ascii=False) if as_json else _told(found))
    return 1 if found.differences else 0


@app.command("import")
def put_in(
    place: Place,
    prune: Prune = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask after showing what would change.")] = False,
) -> None:
    """Show what would change, ask, and put all of it in, or nothing."""
    tree = read_tree(place)
    found = preview(tree, prune=prune, by=CLOCK)
    print(_told(found))
    if not found.differences:
        return
    if not yes:
        _agree()
    bring_in(tree, prune=prune, seen=found.digest, by=CLOCK)
    print(f"Done. {lacking(found)}" if found.lacking else "Done.")


def _agree() -> None:
    if not sys.stdin.isatty():
        raise Invalid("Nobody is here to say yes: look at the differences above, then say --yes.")
    typer.confirm("Put this in?", abort=True)


def _told(found: Diff) -> str:
    return "\n".join(lines(found)) if found.differences or found.kept or found.lacking else "Nothing differs."
