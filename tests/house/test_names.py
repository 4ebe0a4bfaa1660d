"""Names, sizes and furniture: what the house looks like from the corridor."""

import ast
import re

import pytest

from tests.house.tree import HOUSE, code, name, named, rooms, tree_of

LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 400, 40, 200


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_a_room_says_what_it_owns(room):
    said = ast.get_docstring(tree_of(room / "__init__.py"))

    assert said, f"{name(room)}/__init__.py needs a docstring: what does this room own?"
    assert len(said.splitlines()) <= 5


def test_no_file_is_too_long():
    long = {name(path): lines for path in named(".py") if (lines := len(path.read_text().splitlines())) > LONGEST_FILE}

    assert not long


def test_no_function_is_too_long():
    functions = (
        (path, node)
        for path in code()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    long = [
        f"{name(path)}:{one.name}" for path, one in functions if (one.end_lineno or 0) - one.lineno >= LONGEST_FUNCTION
    ]

    assert not long


def test_every_module_says_what_it_is():
    silent = [
        name(path)
        for path in code()
        if path.read_text().strip()
        and path.name not in ("apps.py", "__init__.py")
        and not ast.get_docstring(tree_of(path))
    ]

    assert not silent


@pytest.mark.parametrize("template", named(".html", under=HOUSE), ids=name)
def test_a_template_has_no_style_or_script_of_its_own(template):
    text = template.read_text()

    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text, re.I), name(template)
    for tag in re.findall(r"<script\b[^>]*>", text, re.I):
        assert "src=" in tag or "application/json" in tag, f"{name(template)}: {tag}"
    assert len(text.splitlines()) <= LONGEST_TEMPLATE


def test_there_is_no_stub():
    marks = re.compile(r"\b(TODO|FIXME)\b|raise NotImplementedError\(\s*[\"']|@pytest\.mark\.skip\b")
    here = name(HOUSE.parent / "tests/house/test_names.py")
    stubs = [name(path) for path in named(".py", ".html", ".js", ".css") if marks.search(path.read_text())]

    assert [one for one in stubs if one != here] == []
