"""The built wheel, installed where nothing of the tests is, summarizes a fixture."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    venv.create(folder / "venv", with_pip=True)
    wheel = next(folder.glob("*.whl"))
    pip = [folder / "venv/bin/pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", ROOT / "constraints.txt", wheel], check=True)
    return folder / "venv/bin"


def test_the_wheel_summarizes_a_fixture_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    article = ROOT / "fixtures/apple-alibaba/article.txt"
    run = [installed / "summarizer", "-m", "extractive", article]
    done = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert "Apple + Alibaba | établi" in done.stdout


def test_the_wheel_holds_its_prompts(installed: Path, tmp_path: Path) -> None:
    run = [installed / "summarizer", "prompts", "list"]
    done = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert "summarize" in done.stdout


def test_the_wheel_brings_no_test_tools(installed: Path) -> None:
    freeze = subprocess.run([installed / "pip", "freeze"], capture_output=True, text=True, check=True).stdout
    assert not [line for line in freeze.splitlines() if line.startswith(("pytest", "hypothesis", "mypy", "ruff"))]
