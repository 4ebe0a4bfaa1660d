"""Articles from files: bring a folder of Markdown in, list what there is."""

from pathlib import Path
from typing import Annotated

import typer

from towerdesk.knowledge.chunk import FRONT_MATTER, title_of
from towerdesk.knowledge.models import Article
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, NotFound

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("import")
def bring_in(
    folder: Annotated[Path, typer.Argument(help="A folder; every .md file in it becomes an article.")],
    audience: Annotated[str, typer.Option(help="public or internal")] = "public",
    language: Annotated[str, typer.Option(help="ISO 639-1 code of their language")] = "en",
    draft: Annotated[bool, typer.Option("--draft", help="Do not publish them yet.")] = False,
) -> None:
    """Write and publish articles. A file that came before becomes a new version, unless nothing in it changed."""
    files = sorted(folder.rglob("*.md")) if folder.is_dir() else []
    if not files:
        raise NotFound(f"There is no Markdown file in {folder}: name a folder that holds some.")
    done = [_bring_in(file, audience, language, draft=draft) for file in files]
    print(
        f"{len(done)} files: {done.count('new')} new, {done.count('changed')} changed, {done.count('same')} as before."
    )


@app.command("list")
def every() -> None:
    """Show every article: state, audience, language, address, title."""
    for article in Article.objects.order_by("slug"):
        print(f"{article.status:<10} {article.audience:<9} {article.language}  {article.slug}  {article.title}")


def _bring_in(file: Path, audience: str, language: str, *, draft: bool) -> str:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Invalid(f"{file} can't be read as UTF-8 text: save it as UTF-8, or take it out of the folder.") from None
    title = title_of(text) or file.stem.replace("-", " ").replace("_", " ").capitalize()
    body = FRONT_MATTER.sub("", text, count=1)
    known = Article.objects.filter(slug=_slug(file)).first()
    newest = known.versions.order_by("-number").first() if known else None
    if newest and (newest.title, newest.text) == (title, body):
        return "same"
    article = write(known, title, body, audience=audience, language=language, slug=_slug(file), by=CLOCK)
    if not draft:
        publish(article, by=CLOCK)
    return "changed" if known else "new"


def _slug(file: Path) -> str:
    return file.stem.lower().replace("_", "-").replace(" ", "-")[:110]
