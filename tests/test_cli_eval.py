"""`summarizer eval` as a person uses it: whom it measures, where it writes, and when it exits with 1."""

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback import Loopback, answer, error

from summarizer.cli import main
from summarizer.prompting import find, read

FIXTURES = Path(__file__).parent.parent / "fixtures"
SLUGS = ("brackwell-brief", "held-lirio-resultados")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder to stand in, with two cases: one to make rules on, one held out."""
    for slug in SLUGS:
        shutil.copytree(FIXTURES / slug, tmp_path / "golden" / slug)
    with contextlib.chdir(tmp_path):
        yield tmp_path


def recorded(slug: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FIXTURES / slug / "draft.json").read_text(encoding="utf-8"))
    return found


def test_the_golden_folder_is_measured_and_the_halves_stand_apart(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "-m", "replay"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].endswith("golden: 1 development and 1 held out articles")
    assert "replay, development  replay, held out" in said.out.splitlines()[3]
    assert said.err == ""


def test_two_models_stand_side_by_side_with_their_difference(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "-f", "json", "-m", "extractive", "-m", "replay", "-m", "extractive"]) == 0
    half = json.loads(capsys.readouterr().out)["halves"]["held_out"]
    assert list(half["models"]) == ["extractive", "replay"]
    assert {one["model"] for one in half["differences"]} == {"replay"}
    assert half["models"]["replay"]["figures"]["pair_recall"] == 100
    assert list(half["models"]["replay"]["articles"]) == ["held-lirio-resultados"]


@pytest.mark.slow
def test_prompts_stand_side_by_side_too(
    home: Path, loopback: Callable[..., Loopback], capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "mine.md").write_text("Answer in {{ language }}, up to {{ takeaways }}.", encoding="utf-8")
    good = recorded("brackwell-brief")
    server = loopback(answer(good), answer({"takeaways": [], "partnerships": []}))
    asked = ["eval", "golden/brackwell-brief", "-f", "json", "--no-cache", "-m", "toy", "--base-url", server.url]
    assert main([*asked, "--prompt", "summarize", "--prompt", "mine.md", "-q"]) == 0
    models = json.loads(capsys.readouterr().out)["halves"]["development"]["models"]
    assert list(models) == ["toy, prompt summarize", "toy, prompt mine.md"]
    assert [model["figures"]["pair_recall"] for model in models.values()] == [100, 0]
    assert models["toy, prompt summarize"]["counts"]["calls"] >= 1
    assert [model["prompt_sha256"] for model in models.values()] == [
        [find("summarize").sha256],
        [read(home / "mine.md").sha256],
    ]


def test_an_article_that_fails_is_said_counted_and_exits_with_1(
    home: Path, loopback: Callable[..., Loopback], capsys: pytest.CaptureFixture[str]
) -> None:
    server = loopback(error(401, "no such key"))
    asked = ["eval", "--no-cache", "-m", "toy", "--base-url", server.url, "--update"]
    assert main(asked) == 1
    said = capsys.readouterr()
    (failed,) = (line for line in said.out.splitlines() if line.startswith("articles that failed"))
    assert failed.split()[3:] == ["100.0", "100.0"]
    assert said.err.count("failed and counts as empty") == 2
    assert "the floors in 'golden/baseline.json' are unchanged: an article failed" in said.err
    assert not (home / "golden" / "baseline.json").exists()


def test_a_floor_holds_until_it_is_lowered_on_purpose(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "-q", "-m", "replay", "--update"]) == 0
    assert main(["eval", "-q", "-m", "replay"]) == 0
    draft = home / "golden" / "brackwell-brief" / "draft.json"
    worse = recorded("brackwell-brief")
    worse["partnerships"] = worse["partnerships"][1:]
    draft.write_text(json.dumps(worse), encoding="utf-8")
    capsys.readouterr()
    assert main(["eval", "-q", "-m", "replay"]) == 1
    assert "replay, development: pairs: recall 66.7, below its floor of 100.0" in capsys.readouterr().err
    before = (home / "golden" / "baseline.json").read_bytes()
    assert main(["eval", "-q", "-m", "replay", "--update"]) == 1
    assert "a floor would be lowered: allow that with --allow-regression" in capsys.readouterr().err
    assert (home / "golden" / "baseline.json").read_bytes() == before
    assert main(["eval", "-q", "-m", "replay", "--update", "--allow-regression"]) == 0
    assert main(["eval", "-q", "-m", "replay"]) == 0


def test_what_is_asked_otherwise_has_floors_of_its_own(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "-q", "-m", "extractive", "--update"]) == 0
    assert main(["eval", "-q", "-m", "extractive", "-n", "1"]) == 0
    assert "extractive, -n 1, development" in capsys.readouterr().out


def test_the_report_goes_to_a_file_in_what_its_name_ends_in(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, begins in (("r.html", "<!doctype html>"), ("r.md", "# Evaluation"), ("r.json", "{"), ("r.txt", "summ")):
        assert main(["eval", "-q", "-m", "replay", "-o", name]) == 0
        assert (home / name).read_text(encoding="utf-8").startswith(begins)
    assert capsys.readouterr().out == ""


def test_the_figures_go_into_a_document(home: Path) -> None:
    (home / "notes.md").write_text("a\n<!-- evaluation -->\n<!-- /evaluation -->\nz\n", encoding="utf-8")
    assert main(["eval", "-q", "-m", "replay", "--into", "notes.md"]) == 0
    text = (home / "notes.md").read_text(encoding="utf-8")
    assert text.startswith("a\n<!-- evaluation -->\nsummarizer ") and text.endswith("<!-- /evaluation -->\nz\n")
    assert "| pairs: recall | 100.0 | 100.0 |" in text


def test_without_a_model_the_embedded_one_is_measured_and_it_is_said(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARIZER_MODEL"):
        monkeypatch.delenv(name, raising=False)
    assert main(["eval", "golden/brackwell-brief"]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("summarizer: model extractive: no model is named")
    assert said.out.splitlines()[0].endswith("brackwell-brief: 1 article")
    assert said.out.splitlines()[3].split() == ["extractive"]


WRONG = {
    "no cases": (["eval", "nowhere"], 1, "there are no golden cases in 'nowhere'"),
    "an unknown format": (["eval", "-m", "replay", "-f", "pdf"], 2, "invalid choice: 'pdf'"),
    "lowering without pinning": (["eval", "-m", "replay", "--allow-regression"], 2, "together with --update"),
    "an unknown provider": (["eval", "-m", "nobody/x"], 2, "nobody"),
    "a document without a place": (["eval", "-m", "replay", "--into", "golden/x.md"], 2, "cannot read 'golden/x.md'"),
    "an output that cannot be written": (["eval", "-m", "replay", "-o", "no/r.html"], 2, "cannot write to 'no/r.html'"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_one_line_and_its_exit_status(
    home: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    arguments, status, says = WRONG[what]
    try:
        found = main(arguments)
    except SystemExit as stopped:
        found = int(str(stopped.code))
    assert found == status
    assert says in capsys.readouterr().err
