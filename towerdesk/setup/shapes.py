"""The words that entries are made of, and other things by their names."""

from typing import Annotated

from pydantic import AfterValidator, Field

from towerdesk.accounts.models import Team
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line, storable


def _one_line(text: str) -> str:
    if one_line(text, len(text) + 1) != text:
        raise ValueError("write it on one line, without spaces at its ends")
    return text


type Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=60)]
type Name = Annotated[str, AfterValidator(_one_line), Field(min_length=1, max_length=120)]
type Prose = Annotated[str, AfterValidator(storable), Field(max_length=20_000)]


def the_team(slug: str) -> Team:
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise Invalid(f"there is no team “{slug}”: add it to the teams, or name another one")
    return team
