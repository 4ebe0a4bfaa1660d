"""People who work here: make one, or set a new password when theirs is lost."""

import secrets
from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from towerdesk.accounts.models import User
from towerdesk.accounts.users import create_user, set_password
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, NotFound

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Password = Annotated[str, typer.Option(help="At least one character; left out, one is made and printed once.")]


@app.command()
def create(
    email: str,
    name: Annotated[str, typer.Option(help="As customers see it; left out, made from the address.")] = "",
    role: Annotated[str, typer.Option(help="viewer, agent, lead or admin.")] = "agent",
    password: Password = "",
) -> None:
    """Make a person who may sign in."""
    _check(email)
    secret = password or secrets.token_urlsafe(12)
    shown = name or email.partition("@")[0].replace(".", " ").title()
    user = create_user(email, secret, name=shown, role=role, by=CLOCK)
    print(f"{user.name} ({user.role}) signs in as {user.email}{'' if password else f' / {secret}'}")


@app.command("password")
def new_password(email: str, password: Password = "") -> None:
    """Set a new password."""
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        raise NotFound(f"Nobody here signs in as {email}: “towerdesk user list” shows who does.")
    secret = password or secrets.token_urlsafe(12)
    set_password(user, secret, by=CLOCK)
    print(f"{user.name} now signs in as {user.email}{'' if password else f' / {secret}'}")


@app.command("list")
def everybody() -> None:
    """Show who may sign in."""
    for user in User.objects.order_by("email"):
        print(f"{user.email}  {user.name}  {user.role}{'' if user.is_active else '  (no longer active)'}")


def _check(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(f"“{email}” is no mail address: write it as name@example.com.") from None
