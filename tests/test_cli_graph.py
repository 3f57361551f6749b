"""`summarizer graph`: what a person sees of it, and its exit status."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from graph_samples import NEWS, partnership, summary

from summarizer.cli import main
from summarizer.schema import Failure

ROOT = Path(__file__).parent.parent
FAILURE = Failure(source="gone.txt", error="SourceError", message="it is gone")


def run(*arguments: str | Path, stdin: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "summarizer", "graph", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )


@pytest.fixture
def news(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl"
    path.write_text("".join(f"{each.model_dump_json()}\n" for each in NEWS), encoding="utf-8")
    return path


def test_a_file_of_many_summaries_is_a_table(news: Path) -> None:
    answer = run(news)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("5 articles, 7 organisations, 6 pairs\n1 pair on which articles contradict")


def test_files_folders_and_standard_input_are_one_map(news: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").write_text(summary(partnership("A1", "B1"), source="a").model_dump_json(indent=2))
    piped = summary(partnership("B1", "C1"), source="b").model_dump_json()
    answer = run(news, folder, "-", "-f", "json", stdin=piped)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert json.loads(answer.stdout)["articles"] == 7


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("map.json", '{\n  "schema": "graph/1"'),
        ("map.csv", '\ufeff"organisation","partner"'),
        ("map.graphml", "<?xml version='1.0' encoding='utf-8'?>\n<graphml"),
        ("map.mermaid", "graph LR\n"),
        ("map.mmd", "graph LR\n"),
        ("map.dot", "graph partnerships {\n"),
        ("map.gv", "graph partnerships {\n"),
        ("map.html", "<!doctype html>\n"),
        ("map.txt", "5 articles, "),
    ],
)
def test_the_format_is_what_the_output_ends_in(
    news: Path, tmp_path: Path, name: str, beginning: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["graph", str(news), "-o", str(tmp_path / name)]) == 0
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)


def test_a_bad_line_is_one_warning_and_status_1_and_the_rest_is_done(news: Path) -> None:
    with news.open("a", encoding="utf-8") as file:
        file.write(f'{{"schema": "article/1"}}\n{FAILURE.model_dump_json()}\n')
    answer = run(news)
    assert answer.returncode == 1
    assert answer.stderr == (f"summarizer: {news}:6: it is not a summary: schema: Input should be 'summary/1'\n"), (
        answer.stderr
    )
    assert "1 article that could not be summarized\n1 line or file that could not be read" in answer.stdout


def test_a_wrong_file_is_not_complained_of_a_thousand_times(
    tmp_path: Path, news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "article.txt"
    wrong.write_text("Norvik et Zelba s’allient.\n" * 1_000, encoding="utf-8")
    assert main(["graph", str(news), str(wrong)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 11
    assert said[0].startswith(f"summarizer: {wrong}:1: it is not JSON")
    assert said[-1] == "summarizer: 990 more cannot be read: -v reports each of them"
    assert main(["graph", "-v", str(wrong), str(news)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1_000


def test_names_that_may_be_one_are_proposed_and_left_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.json"
    told = summary(partnership("Tarumã", "Zelba"), partnership("Tarumã Motores", "Zelba"), source="a")
    path.write_text(told.model_dump_json(), encoding="utf-8")
    assert main(["graph", "-v", str(path)]) == 0
    answer = capsys.readouterr()
    assert answer.err == "summarizer: may be one organisation, if --names says so: 'Tarumã' and 'Tarumã Motores'\n"
    assert "3 organisations, 2 pairs" in answer.out


def test_failures_of_a_run_are_counted_and_are_no_error_of_the_map(news: Path) -> None:
    with news.open("a", encoding="utf-8") as file:
        file.write(f"{FAILURE.model_dump_json()}\n")
    assert run(news).returncode == 0


def test_a_table_of_names_is_read(news: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.toml"
    names.write_text('"Apple Corporation" = ["Apple", "OpenAI"]\n')
    answer = run(news, "--names", names)
    assert answer.returncode == 0
    assert "Alibaba + Apple Corporation |" in answer.stdout
    assert "1 statement whose parties are one organisation" in answer.stdout


def test_only_what_stands_now_is_shown(news: Path) -> None:
    answer = run(news, "--status", "abandoned", "--status", "denied")
    assert [line.partition(" |")[0] for line in answer.stdout.splitlines() if " | " in line] == [
        "Alibaba + Apple",
        "Airbus + Boeing",
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), 2, "the following arguments are required: SUMMARY"),
        (("none.json",), 1, "there are no summaries"),
        (("-", "-"), 2, "standard input can be read only once"),
        (("news.jsonl", "-f", "pdf"), 2, "invalid choice: 'pdf'"),
        (("news.jsonl", "--status", "merged"), 2, "invalid choice: 'merged'"),
        (("news.jsonl", "--names", "none.toml"), 2, "cannot read the names 'none.toml': No such file or directory"),
        (("news.jsonl", "--names", "twice.toml"), 2, "'twice.toml': the spelling 'b' is listed under two names"),
        (("news.jsonl", "-o", "none/map.html"), 2, "cannot write to 'none/map.html': No such file or directory"),
        (("empty",), 1, "the folder 'empty' holds no summary"),
        (("twice.toml",), 1, "twice.toml:1: it is not JSON"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(news: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    (news.parent / "twice.toml").write_text('A = ["B"]\nC = ["b"]\n')
    (news.parent / "empty").mkdir()
    answer = run(*arguments, cwd=news.parent)
    assert answer.returncode == status
    assert said in answer.stderr
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr


@pytest.mark.slow
def test_what_the_command_itself_writes_is_drawn_as_the_readme_shows(tmp_path: Path) -> None:
    written = tmp_path / "out.jsonl"
    article = ROOT / "fixtures" / "apple-alibaba" / "article.txt"
    command = (sys.executable, "-m", "summarizer", "-m", "extractive", "-q", "-o", written, article)
    subprocess.run(command, check=True, capture_output=True)
    answer = run(written)
    readme = (ROOT / "summarizer/rendering/README.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- graph -->\n```text\n(.*?)```\n<!-- /graph -->", readme, re.DOTALL)[1]
    assert answer.returncode == 0
    assert pairs_and_states(answer.stdout) == pairs_and_states(shown)


def pairs_and_states(table: str) -> list[list[str]]:
    return [line.split(" | ")[:4] for line in table.splitlines()]
