"""What other packages bring: the engine and the reader of `example_plugin`, found by their entry points."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLE = Path(__file__).parent / "example_plugin"
NEWS = "Airbus and Thales signed a deal on Monday.\nIt is worth 3 million euros.\n"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with what an installer writes for the example."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = tmp_path / "site" / f"newsroom_example-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1.0\n", encoding="utf-8")
    groups = (
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in project["entry-points"].items()
    )
    (info / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")
    return info.parent


def run(installed: Path, *arguments: object, **variables: str) -> "subprocess.CompletedProcess[str]":
    paths = os.pathsep.join(map(str, (ROOT, EXAMPLE, installed)))
    return subprocess.run(
        [sys.executable, "-m", "summarizer", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths, **variables},
    )


def test_an_engine_of_another_package_is_named_as_a_model(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    for cache in ("off", str(tmp_path / "cache.sqlite")):
        done = run(installed, "-m", "headline/2", tmp_path / "a.txt", SUMMARIZER_CACHE=cache)
        assert done.returncode == 0, done.stderr
        assert "signed a deal on Monday" in done.stdout and "3 million" in done.stdout and "headline/2" in done.stdout
    wrong = run(installed, "-m", "headline/x", tmp_path / "a.txt")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1) and "headline/1" in wrong.stderr


def test_a_reader_of_another_package_reads_its_files(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.wire").write_text(f"ZCZC 0001\n{NEWS}", encoding="latin-1")
    for given in ("in/a.wire", "in"):
        done = run(installed, "-q", "-m", "extractive", "--quotes", tmp_path / given)
        assert done.returncode == 0, done.stderr
        assert "signed a deal" in done.stdout and "ZCZC" not in done.stdout


def test_what_its_reader_refuses_or_breaks_on_is_one_line(installed: Path, tmp_path: Path) -> None:
    for name, reason in (("a.wire", "does not begin with ZCZC"), ("a.odt", "its reader failed (KeyError")):
        (tmp_path / name).write_text(NEWS, encoding="utf-8")
        done = run(installed, "-q", "-m", "extractive", tmp_path / name)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert reason in done.stderr


def test_a_package_that_cannot_be_imported_is_named(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    entries = next(installed.glob("*.dist-info")) / "entry_points.txt"
    entries.write_text("[summarizer.engines]\nheadline = not_there:engine\n", encoding="utf-8")
    done = run(installed, "-m", "headline/2", tmp_path / "a.txt")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and "not_there" in done.stderr


def test_a_run_without_them_does_not_look_for_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    code = (
        "import sys; from summarizer.cli.main import main; from summarizer.plugins import declared; "
        "main(sys.argv[1:]); print(declared.cache_info().misses, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "-q", "-m", "extractive", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr == "0\n"


def test_they_are_listed_among_the_models(installed: Path) -> None:
    (line,) = [line for line in run(installed, "models").stdout.splitlines() if "headline" in line]
    assert line.split()[:2] == ["ready", "headline/NAME"] and "newsroom-example" in line
