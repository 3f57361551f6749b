"""The built wheel, installed where nothing of the tests is, summarizes a fixture."""

import json
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from summarizer.version import __version__

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


@pytest.mark.parametrize("form", [r"\./\w+-VERSION-.*?\]", r"newsroom-\S+ @ \S+\.git", r"(?<=')\.\[\w+\]"])
def test_an_install_line_of_the_readme_works(form: str, installed: Path) -> None:
    """Of a wheel, a git address and a checkout; without what the project depends on."""
    if ".git" in form and not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    wheel = next(installed.parent.parent.glob("*.whl"))
    meant = {"VERSION": __version__, "./newsroom": f"{wheel.parent}/newsroom"}
    meant |= {"git+https://HOST/PATH/summarizer.git": f"git+file://localhost{ROOT}"}
    line = re.search(form, (ROOT / "README.md").read_text(encoding="utf-8"))[0]
    for placeholder, value in meant.items():
        line = line.replace(placeholder, value)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--ignore-installed"]
    options = ["--no-deps", "--no-build-isolation", "--dry-run", "--report", "-"]
    done = subprocess.run([*pip, *options, line], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)["install"]
    assert (found["metadata"]["name"], found["requested_extras"]) == (
        "newsroom-summarizer",
        re.findall(r"\[(\w+)\]", line),
    )
