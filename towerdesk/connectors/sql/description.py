"""The description of a database: its questions, as YAML."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from towerdesk.connectors.contract import TEXT, ToolSpec
from towerdesk.connectors.http.description import ArgumentIs, GivesIs, Name, Strict, argument_of, gives_of
from towerdesk.connectors.http.templates import NAME, names_in
from towerdesk.connectors.written import written

READS = re.compile(r"\s*(SELECT|WITH|VALUES|TABLE)\b", re.IGNORECASE)


class QuestionIs(Strict):
    """`query` is one statement; `{name}` in it is a parameter. `one`: only one row is meant, and its columns are given."""

    name: Name
    title: Annotated[str, Field(min_length=1, max_length=120)]
    description: str = ""
    query: Annotated[str, Field(max_length=20_000)]
    one: bool = False
    arguments: dict[Name, ArgumentIs] = {}
    gives: dict[str, GivesIs] = {}
    sentence: str = ""
    person: str = ""

    @model_validator(mode="after")
    def _is_one_question(self) -> Self:
        if not READS.match(self.query):
            raise ValueError("a query begins with SELECT, WITH, VALUES or TABLE")
        if ";" in self.query.rstrip().rstrip(";"):
            raise ValueError("a query is one statement")
        if unknown := names_in(self.query) - set(self.arguments):
            raise ValueError(f"there is no argument {', '.join(sorted(unknown))}")
        self.spec()
        return self

    @property
    def sql(self) -> str:
        """As psycopg takes it: a value is never part of the text."""
        return NAME.sub(r"%(\1)s", self.query.rstrip().rstrip(";").replace("%", "%%"))

    def spec(self) -> ToolSpec:
        return ToolSpec(
            name=self.name,
            title=self.title,
            description=self.description,
            arguments=tuple(argument_of(name, one, self.person) for name, one in self.arguments.items()),
            effect="read",
            gives=gives_of(self.gives),
            person=self.person,
        )


class Questions(Strict):
    """`secret` names the secret that holds the address: postgresql://user:password@host/database."""

    secret: Name = "database"  # noqa: S105 (its name)
    seconds: Annotated[float, Field(gt=0, le=30)] = 5
    rows: Annotated[int, Field(gt=0, le=1000)] = 100
    tools: Annotated[list[QuestionIs], Field(max_length=200)] = []


def described(settings: Mapping[str, Any]) -> Questions:
    return from_yaml(str(settings.get(TEXT) or ""))


@lru_cache(maxsize=64)
def from_yaml(text: str) -> Questions:
    """Raises `Invalid` that says where the fault is."""
    return written(Questions, text)
