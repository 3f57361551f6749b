"""Where results go, and how they look there: folders of pages, sheets in files and pipes, a terminal."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.cli import main

ROOT = Path(__file__).parent.parent
APPLE = ROOT / "fixtures" / "apple-alibaba" / "article.txt"
DRAFT = ROOT / "fixtures" / "apple-alibaba" / "draft.json"
BRACKWELL = ROOT / "fixtures" / "brackwell-brief" / "article.txt"

Run = Callable[..., bytes]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "VIRTUAL_ENV")}
    return {**kept, "HOME": str(home), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error", **more}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command with the embedded model, and return what it prints."""

    def run(*arguments: object, stdout: object = subprocess.PIPE, status: int = 0) -> bytes:
        done = subprocess.run(
            [sys.executable, "-m", "summarizer", *map(str, arguments)],
            stdout=stdout,  # type: ignore[arg-type]
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=environment(tmp_path, SUMMARIZER_MODEL="extractive"),
            timeout=600,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done.stdout or b""

    return run


# --- a folder of pages -----------------------------------------------------------------------------------------


def led_to(pages: Path) -> set[str]:
    """The pages that the index leads to."""
    return set(re.findall(r'href="([^"#]+)"', (pages / "index.html").read_text(encoding="utf-8")))


@pytest.mark.slow
def test_the_index_leads_to_every_page_those_of_earlier_runs_too(run: Run, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    own_name = tmp_path / "index.txt"
    own_name.write_text("Norvik a signé un partenariat avec Zelba.", encoding="utf-8")
    run("-f", "html", "-o", f"{pages}/", APPLE)
    assert led_to(pages) == {"article.html"}
    run("-f", "html", "-o", f"{pages}/", own_name, tmp_path / "<gone>.txt", status=1)
    assert len(led_to(pages)) == 2
    assert led_to(pages) == {path.name for path in pages.glob("*.html")} - {"index.html"}
    assert "&lt;gone&gt;.txt" in (pages / "index.html").read_text(encoding="utf-8")


def test_an_index_of_somebody_else_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    run("-f", "html", "-o", f"{tmp_path}/", APPLE, status=2)
    assert [path.name for path in tmp_path.glob("*.html")] == ["index.html"]
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
def test_pages_are_made_again_when_they_are_to_show_more(run: Run, tmp_path: Path) -> None:
    run("-f", "markdown", "-o", f"{tmp_path}/pages/", APPLE)
    without = (tmp_path / "pages" / "article.md").read_text(encoding="utf-8")
    run("-f", "markdown", "--quotes", "-o", f"{tmp_path}/pages/", APPLE)
    assert "> “" not in without
    assert "> “" in (tmp_path / "pages" / "article.md").read_text(encoding="utf-8")


# --- sheets ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_sheet_in_a_file_says_that_it_is_utf_8_and_a_pipe_does_not(run: Run, tmp_path: Path) -> None:
    asked = ("-f", "csv", APPLE, BRACKWELL)
    piped = run(*asked)
    run(*asked, "-o", tmp_path / "sheet.csv")
    assert (tmp_path / "sheet.csv").read_bytes() == b"\xef\xbb\xbf" + piped
    with (tmp_path / "sent.csv").open("wb") as file:
        run(*asked, stdout=file)
    assert (tmp_path / "sent.csv").read_bytes() == b"\xef\xbb\xbf" + piped
    with (tmp_path / "sent.csv").open("ab") as file:
        run(*asked, stdout=file)
    assert (tmp_path / "sent.csv").read_bytes() == b"\xef\xbb\xbf" + piped + piped
    assert piped.count(b"\r\n") == piped.count(b"\n")


@pytest.mark.slow
def test_a_sheet_has_the_rows_that_were_asked_for(run: Run) -> None:
    def kinds(*more: str) -> set[str]:
        return {row["kind"] for row in csv.DictReader(io.StringIO(run("-f", "csv", APPLE, *more).decode(), newline=""))}

    assert kinds() == {"partnership"}
    assert kinds("--rows", "takeaways") == {"takeaway"}
    assert kinds("--rows", "all") >= {"takeaway", "partnership"}


@pytest.mark.slow
def test_a_sheet_is_read_by_pandas_as_it_is(run: Run, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed: it comes with the extra ray")
    run("-f", "csv", "-o", tmp_path / "sheet.csv", APPLE)
    partnerships = json.loads(run("-f", "json", APPLE))["partnerships"]
    frame = pandas.read_csv(tmp_path / "sheet.csv", keep_default_na=False)
    assert [parties.split("; ") for parties in frame["parties"]] == [each["parties"] for each in partnerships]
    assert [quotes.split(" | ") for quotes in frame["quotes"]] == [
        [evidence["quote"] for evidence in each["evidence"]] for each in partnerships
    ]
    for field in ("status", "purpose", "region", "date", "attribution"):
        assert list(frame[field]) == [each[field] or "" for each in partnerships]


# --- a terminal ------------------------------------------------------------------------------------------------


def on_a_terminal(home: Path, *arguments: object, encoding: str = "utf-8", **more: str) -> str:
    """Run the command on a terminal of 80 columns, and return what it sends there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "summarizer", *map(str, arguments)],
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment(home, SUMMARIZER_MODEL="extractive", COLUMNS="80", **more),
    ):
        os.close(theirs)
        sent = b""
        while part := _read(ours):
            sent += part
    os.close(ours)
    return sent.decode(encoding).replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # the other end was closed
        return b""


def test_a_terminal_gets_colour_and_links_to_the_lines_of_the_file(tmp_path: Path) -> None:
    shown = on_a_terminal(tmp_path, "--quotes", APPLE, TERM="xterm-256color")
    assert "\x1b[32m●\x1b[0m établi" in shown
    assert re.search(r"\x1b]8;;file://[^\x1b;]*/fixtures/apple-alibaba/article\.txt#7\x1b\\\x1b\[2mligne 7", shown)


@pytest.mark.parametrize(
    ("kind", "escapes"),
    [({"TERM": "dumb"}, False), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "linux"}, True)],
    ids=["dumb", "NO_COLOR", "console"],
)
def test_a_terminal_gets_no_more_than_it_can_show(kind: dict[str, str], escapes: bool, tmp_path: Path) -> None:
    shown = on_a_terminal(tmp_path, "--quotes", APPLE, **kind)
    assert ("\x1b" in shown) is escapes
    assert "\x1b]8" not in shown
    assert "• Apple + Alibaba" in re.sub(r"\x1b\[[0-9;]*m", "", shown)


@pytest.mark.slow
def test_an_identifier_that_is_the_name_of_a_file_is_no_link_to_it(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    text = "Norvik a signé un partenariat avec Zelba en mars 2024."
    rows.write_text(json.dumps({"id": str(APPLE), "text": text}) + "\n", encoding="utf-8")
    shown = on_a_terminal(tmp_path, "--quotes", rows, TERM="xterm")
    assert "Zelba" in shown
    assert "\x1b]8" not in shown


def test_check_says_that_nobody_was_asked(run: Run) -> None:
    shown = run("check", APPLE, DRAFT).decode()
    tally = "\n\n10 supported, 3 doubtful, 1 unsupported\n"
    assert shown.endswith(f"{tally}checked against the article by rule; no model was used\n")


@pytest.mark.slow
def test_a_terminal_of_an_old_code_page_gets_plainer_signs(tmp_path: Path) -> None:
    old = {"TERM": "dumb", "PYTHONIOENCODING": "latin-1"}
    shown = on_a_terminal(tmp_path, APPLE, encoding="latin-1", **old)
    assert "* D'après des informations" in shown
    assert "Apple + Deepseek    x abandonné" in shown
    assert "\\u" not in shown


@pytest.mark.slow
@pytest.mark.parametrize(
    ("format", "words"),
    [
        ("html", '<span class="status unsupported">'),
        ("markdown", "3. **unsupported (0.10)**: Les ventes d’iPhone ont reculé de **17 %** en Chine."),
        ("csv", '"unsupported"'),
        ("jsonl", '{"schema":"verdicts/1","verdicts":[{'),
    ],
)
def test_check_answers_in_any_format(format: str, words: str, run: Run) -> None:
    assert words in run("check", "-f", format, APPLE, DRAFT).decode()


# --- what is not ours --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["article.txt", "article.html", ".summarizer.jsonl", "index.html"])
@pytest.mark.parametrize("kind", ["a file", "nothing", "a folder", "a pipe", "a loop"])
def test_nothing_is_written_through_what_a_folder_holds(
    name: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "target").mkdir()
    target = tmp_path / "target" / "victim"
    if kind == "a file":
        target.write_text("mine", encoding="utf-8")
    elif kind == "a folder":
        target.mkdir()
    trap = tmp_path / "pages" / name
    if kind == "a pipe":
        os.mkfifo(trap)
    else:
        trap.symlink_to(trap if kind == "a loop" else target)
    format = "text" if name == "article.txt" else "html"
    (tmp_path / "pages" / ".summarizer.jsonl").touch() if name != ".summarizer.jsonl" else None
    asked = ["-q", "-m", "extractive", str(APPLE), "-f", format, "-o", f"{tmp_path}/pages/"]
    assert main(asked) == 2
    assert f"{trap}' is not a file of its own" in capsys.readouterr().err
    assert not target.is_file() or target.read_text(encoding="utf-8") == "mine"
    assert kind != "nothing" or not target.exists()


@pytest.mark.parametrize("command", [("-m", "extractive"), ("check",), ("graph",)])
def test_an_output_never_replaces_its_own_input(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "given.json"
    given.write_text("Norvik signed a partnership with Zelba in Oslo.", encoding="utf-8")
    link = tmp_path / "link.json"
    link.symlink_to(given)
    names = [str(given), str(given)] if command == ("check",) else [str(given)]
    assert main([*command, *names, "-o", str(link)]) == 2
    assert "is also an input" in capsys.readouterr().err
    assert given.read_text(encoding="utf-8").startswith("Norvik signed")
