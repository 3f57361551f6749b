"""`summarizer cache`: what is remembered, why something was not, and how to make it less."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from loopback import Loopback, answer

from summarizer.cache.keys import CacheKey
from summarizer.cache.sqlite_store import SqliteStore
from summarizer.cli import main

SENTENCE = "Alphaville ouvre une usine à Lyon."
DRAFT = {"takeaways": [{"text": SENTENCE, "quotes": [SENTENCE]}], "partnerships": []}
Command = Callable[..., subprocess.CompletedProcess[str]]


def run(folder: Path, url: str, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, with a cache of its own."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "VIRTUAL_ENV", "PYTHONPATH")}
    home = {"HOME": str(folder / "home"), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}
    ours = {"SUMMARIZER_CACHE": "cache.sqlite", "SUMMARIZER_MODEL": "toy", "SUMMARIZER_BASE_URL": url}
    return subprocess.run(
        [sys.executable, "-m", "summarizer", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        cwd=folder,
        env={**kept, **home, **ours, **more},
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder with an article and a cache that has its answer, and the address of the server that gave it."""
    folder = tmp_path_factory.mktemp("filled")
    (folder / "a.txt").write_text(f"{SENTENCE} La société emploie 250 personnes.", encoding="utf-8")
    with Loopback(answer(DRAFT)) as server:
        assert run(folder, server.url, "-q", "a.txt").returncode == 0
        yield folder, server.url


@pytest.fixture
def command(tmp_path: Path, filled: tuple[Path, str]) -> Command:
    """Run the command in a copy of that folder."""
    folder, url = filled
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return partial(run, tmp_path, url)


def test_path_says_where_it_is(command: Command, tmp_path: Path) -> None:
    assert command("cache", "path").stdout == "cache.sqlite\n"


def test_stats_count_answers_by_model(command: Command) -> None:
    lines = command("cache", "stats").stdout.splitlines()
    assert "answers  1" in lines
    assert "model    openai/toy: 1" in lines
    assert any(line.startswith("size     ") and line.endswith("B") for line in lines)


def test_why_says_that_an_answer_is_remembered(command: Command) -> None:
    done = command("cache", "why", "a.txt")
    assert done.returncode == 0
    assert "it is answered from the cache" in done.stdout
    assert "takeaways        5" in done.stdout


def test_why_names_the_part_that_differs_from_the_nearest(command: Command, tmp_path: Path) -> None:
    done = command("cache", "why", "-n", "3", "a.txt").stdout
    assert "and differs in:\n  takeaways        now 3, then 5\n" in done
    (tmp_path / "a.txt").write_text(f"{SENTENCE} La société emploie 251 personnes.", encoding="utf-8")
    done = command("cache", "why", "a.txt").stdout
    assert done.splitlines()[-1].startswith("  text ")
    assert len(done.partition("differs in:\n")[2].splitlines()) == 1


def test_why_of_an_article_that_was_never_asked_about(command: Command, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Autre chose. Rien de commun.", encoding="utf-8")
    assert (
        "not cached, and neither is anything about this text or from this source"
        in command("cache", "why", "b.txt").stdout
    )


def test_prune_removes_by_age_and_by_size(command: Command) -> None:
    assert command("cache", "prune", "--older-than", "1d").stdout.startswith("removed 0 answers")
    assert command("cache", "prune", "--max-size", "1").stdout.startswith("removed 1 answer,")
    assert "answers  0" in command("cache", "stats").stdout


def test_clear_asks_and_where_nobody_can_answer_wants_yes(command: Command) -> None:
    done = command("cache", "clear")
    assert (done.returncode, done.stdout) == (2, "")
    assert "confirm with --yes" in done.stderr
    assert command("cache", "clear", "--yes").stdout.startswith("removed 1 answer,")


WRONG = {
    "nothing to prune by": ("prune",),
    "an age that is none": ("prune", "--older-than", "soon"),
    "a size that is none": ("prune", "--max-size", "big"),
    "no article to ask about": ("why",),
    "an article where none is meant": ("stats", "a.txt"),
    "a model that is not cached": ("why", "-m", "extractive", "a.txt"),
    "no such action": ("burn",),
}


@pytest.mark.parametrize("what", WRONG, ids=str)
def test_wrong_usage_says_what_to_do(command: Command, what: str) -> None:
    done = command("cache", *WRONG[what])
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_a_cache_that_is_off_says_how_to_have_one(command: Command) -> None:
    done = command("cache", "stats", SUMMARIZER_CACHE="off")
    assert done.returncode == 2
    assert "SUMMARIZER_CACHE" in done.stderr


def test_a_cache_that_is_no_cache_is_one_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "cache.sqlite").write_text("I am no database, and I am long enough to be taken for one." * 20)
    done = command("cache", "stats")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_what_stands_in_a_cache_controls_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "c.sqlite"
    with closing(SqliteStore(path, notify=pytest.fail)) as store:
        store.put(CacheKey({"model": "m\x1b[2J\x9b31m\u202e", "text": "t"}), None, b"v", wait=True)
    monkeypatch.setenv("SUMMARIZER_CACHE", str(path))
    assert main(["cache", "stats"]) == 0
    out = capsys.readouterr().out
    assert "model    m␛[2J" in out
    assert not {"\x1b", "\x9b", "\u202e"} & {*out}
