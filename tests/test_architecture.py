"""The floor plan holds: imports go strictly downwards, never to a neighbour on the same floor."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "summarizer"
FLOORS = (
    {"defaults", "docstrings", "errors", "language", "version"},
    {"settings"},
    {"schema"},
    {"protocols"},
    {"loading", "prompting", "chunking", "grounding", "cache", "graph"},
    {"engines", "rendering"},
    {"pipeline"},
    {"batch", "evaluation"},
    {"provider_batch"},
    {"cli", "pytest_plugin", "ray"},
    {"__init__", "__main__"},
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """Rooms that a module imports from, at any depth: a lazy import is an import."""
    package = path.relative_to(PACKAGE).parts[:-1]
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            named = (*base, *(node.module or "").split(".")) if node.module else base
            targets = [named] if named else [(alias.name,) for alias in node.names]
            rooms |= {target[0] for target in targets}
    return rooms


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    room = room_of(path)
    for other in imported_rooms(path) - {room}:
        assert FLOOR_OF[other] < FLOOR_OF[room], f"{room} (floor {FLOOR_OF[room]}) imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_of_our_own_are_relative(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        assert not [name for name in names if name.split(".")[0] == "summarizer"]


def test_every_room_is_on_the_plan() -> None:
    assert {room_of(path) for path in MODULES} <= set(FLOOR_OF)


def test_the_top_level_holds_what_was_agreed() -> None:
    agreed = {"pyproject.toml", "README.md", "summarizer", "prompts", "tests", "fixtures"}
    agreed |= {"LICENSE", "CHANGELOG.md", "Makefile", "constraints.txt"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    built = {"build", "dist", "summarizer.egg-info"}
    assert found - built == agreed
