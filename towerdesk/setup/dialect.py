"""The YAML that a set-up is written in: plain values, lists and mappings, nothing that could run or hide.

Reading knows only what JSON knows: `no`, `12:30` and `2026-11-01` are words. Anchors and a key said twice are refused.
Writing is stable: the same values give the same bytes, long texts stand as blocks, lines are never folded.
"""

import re
from typing import Any

import yaml

from towerdesk.lib.errors import Invalid

MOST_BYTES = 5_000_000
FORMS = {
    "bool": r"^(?:true|false)$",
    "null": r"^(?:null|~|)$",
    "int": r"^-?(?:0|[1-9][0-9]*)$",
    "float": r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$",
}
ODD_BREAK = re.compile("[\r\x85\u2028\u2029]")
"""Ends of lines that a reader would turn into others."""


class _Loader(yaml.SafeLoader):
    """Fewer guesses than YAML 1.1."""

    yaml_implicit_resolvers: dict[Any, Any] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line  # type: ignore[no-untyped-call]
            raise _Odd(line, "“*” repeats something from above: write it out in full")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen or not isinstance(key, yaml.ScalarNode):
                raise _Odd(key.start_mark.line, f"“{key.value}” stands there twice: take one of them out")
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


class _Dumper(yaml.SafeDumper):
    """Puts in quotation marks what this or another reader of YAML could take for something else than a word."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists stand further in than the key they belong to."""
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if ODD_BREAK.search(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
for name, form in FORMS.items():
    for side in (_Loader, _Dumper):
        side.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(form), None)


class _Odd(Exception):
    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line, self.why = line + 1, why


class Lines(dict[tuple[Any, ...], int]):
    """The line on which each value begins, by its path: `("teams", 2)`. A path that is unknown begins where its whole does."""

    def of(self, path: tuple[Any, ...]) -> int:
        while path and path not in self:
            path = path[:-1]
        return self.get(path, 1)


def read(text: str, file: str) -> tuple[Any, Lines]:
    """Raises `Invalid` with one sentence that names the file and the line."""
    if len(text) > MOST_BYTES:
        raise Invalid(f"{file} is larger than {MOST_BYTES // 1_000_000} MB: a set-up is smaller than that.")
    loader: _Loader | None = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        value = loader.construct_document(node) if node is not None else None
    except _Odd as odd:
        raise Invalid(f"{file}, line {odd.line}: {odd.why}.") from None
    except RecursionError:
        raise Invalid(f"{file} is nested too deep: a set-up is flatter than that.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}" if mark else ""
        raise Invalid(f"{file}{where}: this is not YAML as we read it ({error.problem}). Put it right there.") from None
    except (yaml.YAMLError, ValueError) as error:
        raise Invalid(f"{file} is not YAML as we read it: {' '.join(str(error).split())[:200]}.") from None
    finally:
        if loader is not None:
            loader.dispose()
    return value, _lines(node, (), Lines()) if node is not None else Lines()


def write(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9)


def _lines(node: Any, path: tuple[Any, ...], lines: Lines) -> Lines:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for place, one in enumerate(node.value):
            _lines(one, (*path, place), lines)
    elif isinstance(node, yaml.MappingNode):
        for key, one in node.value:
            _lines(one, (*path, key.value), lines)
            lines[(*path, key.value)] = key.start_mark.line + 1
    return lines
