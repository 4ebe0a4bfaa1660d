"""A test can fail: none asserts what holds whatever happens."""

import ast

from tests.house.tree import name, named, tree_of


def test_no_assertion_holds_by_itself():
    idle = [
        f"{name(path)}:{node.lineno}"
        for path in named(".py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Assert) and holds_by_itself(node.test)
    ]

    assert not idle


def holds_by_itself(test: ast.expr) -> bool:
    """`True`, a text, a full tuple, or anything with one of these behind an `or`."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(holds_by_itself(part) for part in test.values)
    return (isinstance(test, ast.Constant) and bool(test.value)) or (isinstance(test, ast.Tuple) and bool(test.elts))


def test_it_finds_them():
    assert holds_by_itself(ast.parse("x in y or True", mode="eval").body)
    assert not holds_by_itself(ast.parse("x or y", mode="eval").body)
