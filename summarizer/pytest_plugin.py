"""Golden cases as pytest tests: put `pytest_plugins = ["summarizer.pytest_plugin"]` into `conftest.py`.

Every folder with an `expected.json` and a recorded draft becomes a test that replays the draft and fails where a fact
changed. A test with the fixture `golden_case` runs once for each case in the folder of the setting `golden`.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from .evaluation import Case, check, find_cases, read_case
from .evaluation.cases import DRAFT, EXPECTED
from .pipeline import run


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting for the folder of the cases."""
    parser.addini("golden", "folder of the golden cases for the fixture golden_case", default="golden")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the gold of a case, and no other file."""
    if file_path.name == EXPECTED and (file_path.parent / DRAFT).is_file():
        collected: pytest.Collector = GoldenFile.from_parent(parent, path=file_path)
        return collected
    return None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with the fixture `golden_case` once for each case."""
    if "golden_case" in metafunc.fixturenames:
        folder = metafunc.config.rootpath / str(metafunc.config.getini("golden"))
        folders = find_cases(folder) if folder.is_dir() else []
        metafunc.parametrize("golden_case", folders, ids=lambda path: path.name, indirect=True)


@pytest.fixture
def golden_case(request: pytest.FixtureRequest) -> Case:
    """A golden case: its article, its recorded draft, its gold."""
    return read_case(request.param)


class GoldenFile(pytest.File):
    """The gold of one case."""

    def collect(self) -> Iterable["GoldenItem"]:
        """Yield one test, of the facts."""
        yield GoldenItem.from_parent(self, name="facts")


class GoldenItem(pytest.Item):
    """Replays the recorded draft of a case."""

    def runtest(self) -> None:
        """Fail with everything that changed, and with what to do about it."""
        (result,) = run(check([self.path.parent]))
        if result.outcome != "same":
            message = "\n".join((result.message, *(f"  {line}" for line in result.lines())))
            advice = f"`summarizer golden approve {self.path.parent}` accepts the change"
            if result.outcome == "faulty":
                advice = f"the gold itself is wrong: correct {self.path}"
            raise pytest.fail.Exception(f"{result.name}: {message}\n{advice}", pytrace=False)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """Show what changed, without a traceback of this plugin."""
        if isinstance(excinfo.value, pytest.fail.Exception):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the test after its case."""
        return self.path, 0, f"golden: {self.path.parent.name}"
