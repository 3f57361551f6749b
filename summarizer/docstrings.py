"""The docstrings under the fields of a class, shared by JSON schema, documentation and messages.

Like pydantic's `use_attribute_docstrings`, but on demand: pydantic searches all loaded modules when a class is created,
which took a fifth of the time that the command needs to start.
"""

import ast
import inspect
import sys
from collections.abc import Iterable
from functools import cache
from itertools import pairwise


def docstrings_of(described: type) -> dict[str, str]:
    """Return the docstrings under the fields of a class or the members of an enum, inherited ones too, by name."""
    found: dict[str, str] = {}
    for cls in reversed(described.__mro__):
        if cls.__module__.partition(".")[0] == __package__:
            found |= _docstrings_in(cls.__module__).get(cls.__name__, {})
    return found


@cache
def _docstrings_in(module: str) -> dict[str, dict[str, str]]:
    """Return class → field → docstring of a module; empty if its source is not available."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError):
        return {}
    return {node.name: dict(_under_fields(node.body)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _under_fields(body: Iterable[ast.stmt]) -> Iterable[tuple[str, str]]:
    for field, below in pairwise(body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)
