"""`towerdesk receipts`: check the chain of the assistant's decisions, and write it out."""

import json
from pathlib import Path
from typing import Annotated

import typer

from towerdesk.assistant import receipts

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
def verify(
    expect: Annotated[str, typer.Option(help="A head you wrote down earlier: it must still be in the chain.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Walk the whole chain. Ends with 1 when a link is broken, and says which is the first."""
    found = receipts.verify(expect.strip().lower())
    if as_json:
        first = found.broken.pk if found.broken else None
        told = {"receipts": found.count, "head": found.head, "holds": not found.sentence, "first_broken": first}
        print(json.dumps(told | {"sentence": found.sentence}))
    elif found.sentence:
        print(f"{found.sentence}. {found.count} receipts before it hold.")
    else:
        print(f"{found.count} receipts, every link holds. Head: {found.head or 'none yet'}")
    if found.sentence:
        raise typer.Exit(1)


@app.command()
def export(
    to: Annotated[Path | None, typer.Option(help="A file to write; without it they are printed.")] = None,
) -> None:
    """Every receipt as a line of JSON, oldest first: its place in the chain, its body and its link."""
    lines = (json.dumps(one, ensure_ascii=False, default=str) for one in receipts.export())
    if to is None:
        for line in lines:
            print(line)
        return
    with to.open("w", encoding="utf-8") as file:
        count = sum(bool(file.write(f"{line}\n")) for line in lines)
    print(f"{count} receipts are in {to}.")
