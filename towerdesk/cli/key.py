"""API keys: make one (shown once), list them, revoke one."""

from typing import Annotated

import typer

from towerdesk.accounts.keys import create_key, revoke_key
from towerdesk.accounts.models import ApiKey
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import NotFound

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
def create(
    role: Annotated[str, typer.Option(help="What the key may do: viewer, agent, lead or admin.")],
    name: Annotated[str, typer.Option(help="As the history shows it; left out, made from the role.")] = "",
) -> None:
    """Make a key and print it, this once."""
    _, secret = create_key(name or f"API key ({role})", role, by=CLOCK)
    print(secret)


@app.command("list")
def every() -> None:
    """Show the keys there are; the keys themselves are not kept."""
    for key in ApiKey.objects.order_by("id"):
        state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "valid"
        print(f"{key.prefix}  {key.role}  {key.name}  {state}")


@app.command()
def revoke(prefix: Annotated[str, typer.Argument(help="The eight characters after td_.")]) -> None:
    """End a key; what it did stays in the history."""
    wanted = prefix.removeprefix("td_").partition("_")[0]
    key = ApiKey.objects.filter(prefix=wanted, revoked_at=None).first()
    if key is None:
        raise NotFound(f"There is no valid key {wanted}: “towerdesk key list” shows which there are.")
    revoke_key(key, by=CLOCK)
    print(f"{key.name} ({key.prefix}) no longer works.")
