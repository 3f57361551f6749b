"""How a run ends where something is in its way: closed and full streams, signals, slips of the hand."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import cast

import pytest
from loopback import Loopback, Play, Request, answer

from summarizer import SourceError, load
from summarizer.batch import Source
from summarizer.cli import main
from summarizer.cli.inputs import gather

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
APPLE = ROOT / "fixtures" / "apple-alibaba" / "article.txt"
NEWS = "Norvik a signé un partenariat avec Zelba."

Shell = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "VIRTUAL_ENV")}
    return {**kept, "HOME": str(home), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Run a line of shell in which `summarizer` is ours."""

    def run(line: str) -> subprocess.CompletedProcess[str]:
        ours = f'summarizer() {{ {sys.executable} -m summarizer "$@"; }}\n'
        return subprocess.run(
            ["bash", "-c", f"{ours}cd {tmp_path}\n{line}"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**environment(tmp_path), "PYTHONPATH": str(ROOT)},
            timeout=600,
            check=False,
        )

    (tmp_path / "news.txt").write_text(NEWS, encoding="utf-8")
    return run


# --- streams -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", ["-q -m extractive news.txt", "-q -m extractive -f json news.txt news.txt", "models"]
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_standard_output_is_one_clear_line(shell: Shell, command: str) -> None:
    done = shell(f"summarizer {command} > /dev/full")
    assert done.stderr == (
        "summarizer: cannot write the results: No space left on device; free some space, or write them elsewhere\n"
    )
    assert done.returncode == 2


def test_a_closed_standard_output_is_one_clear_line_unless_there_is_a_file(shell: Shell) -> None:
    done = shell("summarizer -q -m extractive news.txt >&-")
    assert done.stderr == "summarizer: standard output is closed: send the results to a file or a pipe\n"
    assert done.returncode == 2
    assert shell("summarizer -q -m extractive news.txt -o out.txt >&- && cat out.txt").stdout.count("Zelba") >= 1


def test_what_is_for_a_closed_standard_error_does_not_get_among_the_results(shell: Shell) -> None:
    done = shell("summarizer news.txt gone.txt -f csv 2>&-")
    assert done.stdout.startswith('"kind"')
    assert "summarizer:" not in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize("output", ["out.json", "pages/"])
def test_nothing_half_written_is_left_on_a_disk_that_is_full(shell: Shell, tmp_path: Path, output: str) -> None:
    small = "export PYTHONDONTWRITEBYTECODE=1; ulimit -f 1; trap '' XFSZ"
    done = shell(f"mkdir pages; {small}; summarizer -q -m extractive {APPLE} {APPLE} -f json -o {output}")
    assert "File too large" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.returncode == 2
    assert [path.name for path in tmp_path.rglob("*.part")] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(
    "messages", ["2>&1 >&- | head -1", "2> >(read -r; exit)", "2> /dev/full", "-v 2> /dev/full", "2>&-", "2< /dev/null"]
)
@pytest.mark.parametrize("output", ["out.jsonl", "out.csv", "pages/"])
def test_messages_that_nobody_can_read_stop_nothing(shell: Shell, tmp_path: Path, messages: str, output: str) -> None:
    for i in range(6):
        (tmp_path / f"{i}.txt").write_text(f"{NEWS} Le prix est de {i} euros.", encoding="utf-8")
    names = "0.txt gone.txt 1.txt lost.txt 2.txt 3.txt away.txt 4.txt 5.txt"
    done = shell(f"set -o pipefail; summarizer -m extractive {names} -o {output} {messages}")
    assert done.returncode == 1  # three articles failed, and nobody was told: the status says it
    pages = list(tmp_path.glob("pages/*.*"))
    written = "".join(path.read_text(encoding="utf-8") for path in [*tmp_path.glob("out.*"), *pages])
    assert [i for i in range(6) if f"{i}.txt" not in written] == []


def test_a_pipe_that_is_an_output_and_loses_its_reader_is_a_failure(shell: Shell) -> None:
    names = " ".join(["news.txt"] * 300)
    done = shell(f"mkfifo p; (head -c 1 < p > /dev/null) & summarizer -q -m extractive -f text {names} -o p")
    assert done.stderr == "summarizer: cannot write 'p': Broken pipe; run the same command again\n"
    assert done.returncode == 2


def taken_away(path: Path, how: str) -> None:
    """Take an output, or the file that becomes it, away from whoever is writing to it."""
    for each in path.parent.glob(f".{path.name}.*.part"):
        each.unlink()
    if how == "renamed" and path.exists():
        path.rename(path.with_name("elsewhere"))
    elif how == "replaced" and path.exists():
        path.with_name("other").write_text("other", encoding="utf-8")
        path.with_name("other").replace(path)
    elif path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


@pytest.mark.parametrize(
    ("output", "how"),
    [
        ("out.jsonl", "removed"),
        ("out.jsonl", "renamed"),
        ("out.jsonl", "replaced"),
        ("out.json", "removed"),
        ("out.csv", "removed"),
        ("pages", "removed"),
        ("pages", "renamed"),
    ],
)
@pytest.mark.parametrize("when", [3, 8])
def test_an_output_that_is_taken_away_is_told(
    tmp_path: Path,
    loopback: Callable[..., Loopback],
    capsys: pytest.CaptureFixture[str],
    output: str,
    how: str,
    when: int,
) -> None:
    path = tmp_path / output
    path.mkdir() if output == "pages" else None

    def play(request: Request) -> Play:
        if server.count == when:  # of eight: in the middle, and with the last
            taken_away(path, how)
        script = answer({"takeaways": [], "partnerships": []})
        return script if isinstance(script, Play) else script(request)

    server = loopback(play)
    for i in range(8):
        (tmp_path / f"{i}.txt").write_text(f"{NEWS} Le prix est de {i} euros.", encoding="utf-8")
    names = [str(tmp_path / f"{i}.txt") for i in range(8)]
    given = ["-q", "-m", "toy", "--base-url", server.url, "--no-cache", "--concurrency", "1"]
    assert main([*given, *names, "-o", str(path)]) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert repr(str(path))[:-1] in said
    assert "run the same command again" in said


# --- signals -------------------------------------------------------------------------------------------------------


def slow(request: Request) -> Play:
    script = answer({"takeaways": [], "partnerships": []})
    play = script if isinstance(script, Play) else script(request)
    return Play(play.status, play.body, play.headers, delay=0.05)


@pytest.mark.parametrize(
    ("output", "background"), [("out.jsonl", True), ("out.json", False), ("pages/", False)], ids=str
)
def test_sigterm_ends_a_run_as_control_c_does(
    tmp_path: Path, loopback: Callable[..., Loopback], output: str, background: bool
) -> None:
    server = loopback(slow)
    for i in range(40):
        (tmp_path / f"{i:02}.txt").write_text(f"{NEWS} Le prix est de {i} euros.", encoding="utf-8")
    asked = [sys.executable, "-m", "summarizer", "-m", "toy", "--base-url", server.url, "--concurrency", "2"]
    with subprocess.Popen(
        [*asked, "-f", output.strip("/").rpartition(".")[2].replace("pages", "html"), "-o", output, "."],
        stderr=subprocess.PIPE,
        env={**environment(tmp_path), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        text=True,
        encoding="utf-8",
        preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if background else None,
    ) as process:
        assert process.stderr is not None
        ends = monotonic() + 30
        while server.count < 10 and monotonic() < ends and process.poll() is None:
            sleep(0.005)
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read()
    assert process.returncode == 130
    assert "interrupted; " in said
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.rglob("*.part")] == []
    assert (tmp_path / output).exists()


# --- slips of the hand ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("--files-from gone.txt", 2, "cannot read the list 'gone.txt': No such file or directory; check --files-from"),
        ("www.example.org/news", 1, "there is no such file; write a URL with https:// before it"),
        ("grpah news.jsonl", 2, "there is no command and no file named 'grpah'; did you mean `summarizer graph`?"),
        ("chekc news.txt x", 2, "there is no command and no file named 'chekc'; did you mean `summarizer check`?"),
        ("--fromat json news.txt", 2, "unrecognized arguments: --fromat; did you mean --format?"),
        ("cache prune --oldr-than=3d", 2, "unrecognized arguments: --oldr-than=3d; did you mean --older-than?"),
        ("-f jsom news.txt", 2, "invalid choice: 'jsom'"),
        ("graph -f graphlm news.jsonl", 2, "(choose from 'table', 'json', 'csv', 'graphml', "),
        ("graph --status gone news.jsonl", 2, "(choose from 'established', 'in_talks', "),
        ("-m extractif news.txt", 2, "'extractif' does not name a model; did you mean 'extractive'?"),
        ("-m opanai/gpt-5 news.txt", 2, "did you mean 'openai/gpt-5'?"),
        ("-m gpt-5.4-mini news.txt", 2, "use extractive, or PROVIDER/NAME"),
    ],
)
def test_a_slip_of_the_hand_is_told_with_what_was_meant(shell: Shell, command: str, status: int, said: str) -> None:
    done = shell(f"summarizer -q {command}" if command.startswith("-m") else f"summarizer {command}")
    last = [line for line in done.stderr.splitlines() if "is set" not in line]
    assert said in last[0]
    assert len(last) == 1
    assert done.returncode == status


def test_a_file_that_is_called_nearly_as_a_command_is_an_article(shell: Shell) -> None:
    assert "Norvik" in shell("cp news.txt grap && summarizer -q -m extractive grap").stdout


def test_a_link_that_leads_nowhere_is_told_as_one(shell: Shell) -> None:
    assert "it is a broken symbolic link" in shell("ln -s gone.txt link.txt; summarizer link.txt").stderr


def test_a_folder_that_cannot_be_looked_into_fails_alone() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "closed").mkdir(0o000)
        (folder / "news.txt").write_text(NEWS, encoding="utf-8")
        (folder / "news.txt").chmod(0o644)
        with as_nobody():
            sources = list(cast("Iterable[Source]", gather([name], None).sources))
            assert sources == [folder / "closed", folder / "news.txt"]
            with pytest.raises(SourceError, match="closed': permission denied; make it readable for you"):
                load(folder / "closed")
        (folder / "closed").chmod(0o700)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, who may look into everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)
