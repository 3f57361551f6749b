"""The rules of the package: the direction of imports, unique names, word lists in lexicons, and its size.

Each test collects every violation of its rule, so that one run shows them all.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "summarizer"
FLOORS = (
    {"defaults", "docstrings", "errors", "foreign_json", "language", "offloading", "version"},
    {"plugins", "settings"},
    {"schema"},
    {"protocols"},
    {"loading", "prompting", "chunking", "grounding", "cache", "graph"},
    {"engines", "follow_ups", "rendering"},
    {"pipeline"},
    {"batch", "evaluation"},
    {"provider_batch"},
    {"cli", "pytest_plugin", "ray"},
    {"__init__", "__main__"},
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
MOST_MODULES, MOST_LINES = 175, 26_000


class Module(NamedTuple):
    """A file of the package: its path, its dotted name (the folder's for `__init__`), and its syntax tree."""

    path: Path
    name: str
    tree: ast.Module

    @property
    def shown(self) -> str:
        return str(self.path.relative_to(PACKAGE))

    @property
    def room(self) -> str:
        return self.path.relative_to(PACKAGE).parts[0].removesuffix(".py")

    @property
    def folder(self) -> str:
        """The dotted name of the folder that relative imports start from."""
        return ".".join(("summarizer", *self.path.relative_to(PACKAGE).parts[:-1]))


@cache
def modules() -> dict[str, Module]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("summarizer", *path.relative_to(PACKAGE).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(path, name, ast.parse(path.read_text(encoding="utf-8")))
    return found


# --- imports ---------------------------------------------------------------------------------------------------------


def imported(module: Module, nodes: Iterable[ast.AST]) -> set[str]:
    """The modules of ours that some nodes of one import from, inside of functions too: a lazy import is an import."""
    names = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.level:
            above = module.folder.split(".")[: len(module.folder.split(".")) - node.level + 1]
            base = ".".join((*above, *([node.module] if node.module else [])))
            names |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in modules() else base for alias in node.names}
    return names


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those below `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")):
            yield node
            yield from running(node)


def circle(imports: dict[str, set[str]]) -> list[str]:
    """The shortest way from a module back to itself, or nothing."""
    shortest: list[str] = []
    for start in imports:
        ways, seen = [[start]], {start}
        while ways:
            way = ways.pop(0)
            if start in imports[way[-1]]:
                shortest = min(shortest or [*way, start], [*way, start], key=len)
                break
            ways += [[*way, each] for each in sorted(imports[way[-1]] - seen)]
            seen |= imports[way[-1]]
    return shortest


def circles() -> Iterator[str]:
    """One circle after the other, each without an import of those before it."""
    imports = {module.name: imported(module, running(module.tree)) for module in modules().values()}
    while way := circle(imports):
        imports[way[-2]].discard(way[-1])
        yield " → ".join(name.removeprefix("summarizer.") for name in way)


def test_imports_go_down() -> None:
    up = set()
    for module in modules().values():
        for name in imported(module, ast.walk(module.tree)):
            other = name.split(".")[1] if "." in name else "__init__"
            if other != module.room and FLOOR_OF[other] >= FLOOR_OF[module.room]:
                up.add(f"{module.room} imports {other}")
    assert not up


def test_no_modules_import_each_other() -> None:
    found = list(circles())
    assert not found, "\n".join(found)


def test_imports_of_our_own_are_relative() -> None:
    found = [
        f"{module.shown} imports {name}"
        for module in modules().values()
        for name, _ in foreign(module.tree)
        if name.split(".")[0] == "summarizer"
    ]
    assert not found, "\n".join(found)


def foreign(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The absolute imports: what each names in full, and by what name it is then known."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, alias.asname or alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((f"{node.module}.{alias.name}", alias.asname or alias.name) for alias in node.names)


def private(name: str) -> bool:
    return any(part.startswith("_") and not part.startswith("__") for part in name.split("."))


def test_only_the_public_api_of_a_dependency_is_used() -> None:
    found = []
    for module in modules().values():
        names = dict(foreign(module.tree))
        found += [f"{module.shown}: {name}" for name in names if private(name)]
        found += [
            f"{module.shown}: {ast.unparse(node)}"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if node.value.id in names.values() and private(node.attr)
        ]
    assert not found, "\n".join(found)


# --- names -----------------------------------------------------------------------------------------------------------


def repeated(places: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: where for name, where in places.items() if len(where) > 1}


def test_no_two_modules_share_a_name() -> None:
    places = defaultdict(list)
    for module in modules().values():
        places[module.name.rpartition(".")[2]].append(module.shown)
    places.pop("__main__")
    assert repeated(places) == {}


def test_no_two_public_classes_share_a_name() -> None:
    places = defaultdict(list)
    for module in modules().values():
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module.shown)
    assert repeated(places) == {}


def test_every_room_is_on_the_plan() -> None:
    assert {module.room for module in modules().values()} <= set(FLOOR_OF)


def test_every_folder_has_a_docstring() -> None:
    folders = {module.path.parent for module in modules().values()}
    assert [
        str(folder.relative_to(ROOT))
        for folder in sorted(folders)
        if not (folder / "__init__.py").exists()
        or not ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
    ] == []


# --- words of a language ---------------------------------------------------------------------------------------------

FUNCTION_WORDS = {
    "fr": "avec dans leurs les des une qui que pour sur est pas selon elle",
    "de": "und der das nicht wurde mit von eine oder für zwischen sowie",
    "es": "los las según una como para entre",
    "it": "della del gli che nella dei",
    "pt": "não foi pelo uma",
    "nl": "het een van voor niet werd naar",
}
"""Words that neither an English message nor a name in the code has by chance."""
MAY_HOLD_WORDS = {
    "identification.py": "stopwords, which are what a language is identified by",
}
"""By the name of a module, with the reason."""


def test_words_of_a_language_are_in_its_lexicon() -> None:
    """A literal or a list of them with two function words of another language than English is a word list."""
    found = []
    for module in modules().values():
        if module.path.name in MAY_HOLD_WORDS:
            continue
        lines = {node.lineno for node in literals(module.tree) if len(function_words(node)) >= 2}
        found += [f"{module.shown}:{line}" for line in sorted(lines)]
    assert not found, "\n".join(found)


def literals(tree: ast.Module) -> Iterator[ast.expr]:
    """The strings and the collections of strings, but for docstrings, which may quote an article."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Set | ast.List | ast.Tuple | ast.Constant | ast.JoinedStr) and id(node) not in said:
            yield node


def function_words(node: ast.expr) -> set[str]:
    parts = node.elts if isinstance(node, ast.Set | ast.List | ast.Tuple) else [node]
    parts += [value for part in parts if isinstance(part, ast.JoinedStr) for value in part.values]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    known = {word for words in FUNCTION_WORDS.values() for word in words.split()}
    return known.intersection(*[re.findall(r"[^\W\d_]+", " ".join(texts))])


# --- capabilities ----------------------------------------------------------------------------------------------------

MAY_BE_MISSING = {
    "O_NONBLOCK": "not on Windows",
    "O_BINARY": "only on Windows",
    "frozen": "set by programs that pack an interpreter",
    "peek": "of a buffered stream, and standard input may be none",
    "strerror": "of an OSError, not of a UnicodeDecodeError",
    "sqlite_errorcode": "not on errors that sqlite3 raises by itself",
    "status_code": "errors of SDKs differ",
    "code": "errors of SDKs differ",
    "response": "errors of SDKs differ",
    "headers": "errors of SDKs differ",
    "body": "errors of SDKs differ",
    "details": "errors of SDKs differ",
    "client": "clients of SDKs differ",
    "close": "clients of SDKs differ",
    "model_dump": "not all SDKs answer with pydantic models",
    "output": "the commands have different options",
}
"""Attributes of objects that are not ours, with the reason why one may be missing."""


def test_what_an_engine_can_do_is_declared() -> None:
    """A default in `getattr` guesses at what an object of ours can do; a protocol says it."""
    found = [
        f"{module.shown}:{node.lineno} {ast.unparse(node)}"
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "getattr" and len(node.args) == 3
        if isinstance(node.args[1], ast.Constant) and node.args[1].value not in MAY_BE_MISSING
    ]
    assert not found, "\n".join(found)


# --- size ------------------------------------------------------------------------------------------------------------


@pytest.mark.xfail(strict=False, reason="220 modules and 32,300 lines")
def test_the_package_is_small() -> None:
    lines = sum(len(module.path.read_text(encoding="utf-8").splitlines()) for module in modules().values())
    assert len(modules()) < MOST_MODULES
    assert lines < MOST_LINES


def test_the_top_level_holds_what_was_agreed() -> None:
    agreed = {"pyproject.toml", "README.md", "summarizer", "prompts", "tests", "fixtures"}
    agreed |= {"LICENSE", "CHANGELOG.md", "Makefile", "constraints.txt"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    built = {"build", "dist", "summarizer.egg-info"}
    assert found - built == agreed
