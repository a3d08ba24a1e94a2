"""The lines with which the tests of tests/clients point each client at a server, read from those tests."""

import ast
from collections.abc import Iterator
from pathlib import Path

SERVER = "http://localhost:7860"


def lines(test: Path) -> list[str]:
    """What a user writes: the import, and the call with the server's URL in it."""
    found: list[str] = []
    for function in ast.walk(ast.parse(test.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef) and not _shows_a_failure(function):
            calls = [_shown(call) for call in _calls(function)]
            imports = [
                ast.unparse(node) for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)
            ]
            found += (imports + calls) if calls else []
    return list(dict.fromkeys(found))


def _shows_a_failure(test: ast.FunctionDef) -> bool:
    return any("'error'" in ast.unparse(decorator) for decorator in test.decorator_list)


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and any(_has_url(each) for each in _given(node)):
            yield node


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _has_url(given: ast.expr) -> bool:
    return isinstance(given, ast.Name | ast.JoinedStr) and "url" in {
        node.id for node in ast.walk(given) if isinstance(node, ast.Name)
    }


class _WithServer(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(SERVER) if node.id == "url" else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return ast.Constant(ast.literal_eval(ast.unparse(node).removeprefix("f")).replace("{url}", SERVER))


def _shown(call: ast.Call) -> str:
    _WithServer().visit(call)
    shown = ast.unparse(call)
    if shown.startswith("monkeypatch.setattr("):
        owner, name, value = map(ast.unparse, call.args)
        shown = f"{owner}.{ast.literal_eval(name)} = {value}"
    return shown.replace("'", '"')
