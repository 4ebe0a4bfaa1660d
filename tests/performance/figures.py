"""A figure: what was measured, what it should be, and what bare psycopg needs for the same rows and bytes."""

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` is the most allowed (the least for rates, `unit` ending in "/s"); None: only told. `floor` has its unit."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    floor: float | None = None

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value >= self.goal if self.unit.endswith("/s") else self.value <= self.goal

    def line(self) -> str:
        return json.dumps({name: _short(value) for name, value in asdict(self).items()})


@dataclass(slots=True)
class Report:
    """Prints each figure when it is known, and all of them as a table in the end."""

    figures: list[Figure] = field(default_factory=list)

    def tell(
        self, name: str, value: float, unit: str = "ms", *, goal: float | None = None, floor: float | None = None
    ) -> None:
        figure = Figure(name, value, unit, goal, floor)
        self.figures.append(figure)
        print(figure.line(), flush=True)

    def growth(self, name: str, small: str, large: str) -> None:
        """How many times as much the large desk needs as the small one."""
        value = {figure.name: figure.value for figure in self.figures}
        self.tell(name, value[large] / value[small], "times", goal=1.3)

    def table(self) -> str:
        """Markdown, as `docs/reference/performance.md` holds it."""
        head = ["| figure | measured | goal | floor | |", "|---|---:|---:|---:|---|"]
        return "\n".join([*head, *(_row(figure) for figure in self.figures)])


def _row(figure: Figure) -> str:
    verdict = {True: "met", False: "missed", None: ""}[figure.met]
    goal = "" if figure.goal is None else f"{'≥' if figure.unit.endswith('/s') else '≤'} {figure.goal:g}"
    floor = "" if figure.floor is None else f"{figure.floor:.2f}"
    return f"| {figure.name} | {_short(figure.value)} {figure.unit} | {goal} | {floor} | {verdict} |"


def _short(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value
