"""Golden cases as tests of a project's own: `pytest_plugins = ["summarizer.pytest_plugin"]` in its `conftest.py`.

Every folder with an `expected.json` and a recorded answer beside it becomes a test that plays the answer back and fails
where a fact changed. A test that asks for `golden_case` runs once for each case below the setting `golden`.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from .evaluation import Case, check, find_cases, read_case
from .evaluation.cases import DRAFT, EXPECTED
from .pipeline import run


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting that says where cases are."""
    parser.addini("golden", "folder of the golden cases that `golden_case` stands for", default="golden")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the gold of a case; other JSON files are none of ours."""
    if file_path.name == EXPECTED and (file_path.parent / DRAFT).is_file():
        collected: pytest.Collector = GoldenFile.from_parent(parent, path=file_path)
        return collected
    return None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `golden_case` once for each of them."""
    if "golden_case" in metafunc.fixturenames:
        folder = metafunc.config.rootpath / str(metafunc.config.getini("golden"))
        folders = find_cases(folder) if folder.is_dir() else []
        metafunc.parametrize("golden_case", folders, ids=lambda path: path.name, indirect=True)


@pytest.fixture
def golden_case(request: pytest.FixtureRequest) -> Case:
    """One golden case: its article, its recorded answer, its gold."""
    return read_case(request.param)


class GoldenFile(pytest.File):
    """The gold of one case."""

    def collect(self) -> Iterable["GoldenItem"]:
        """One test: the facts."""
        yield GoldenItem.from_parent(self, name="facts")


class GoldenItem(pytest.Item):
    """Plays the recorded answer of a case back."""

    def runtest(self) -> None:
        """Fail with all that changed, and with what to do about it."""
        (found,) = run(check([self.path.parent]))
        if found.word != "same":
            told = "\n".join((found.extent, *(f"  {line}" for line in found.lines())))
            raise pytest.fail.Exception(f"{found.name}: {told}\n{self._advice(found.word)}", pytrace=False)

    def _advice(self, word: str) -> str:
        if word == "faulty":
            return f"no command mends a gold that is wrong itself: correct {self.path}"
        return f"`summarizer golden approve {self.path.parent}` takes the change"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """Show what changed, without a traceback into this plugin."""
        if isinstance(excinfo.value, pytest.fail.Exception):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the test after its case."""
        return self.path, 0, f"golden: {self.path.parent.name}"
