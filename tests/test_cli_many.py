"""Many articles through the command: lists, folders, resume after any death, and what a person is told."""

import json
import os
import pty
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loopback import Loopback, Play, Request, answer, error

SENTENCE = "Alphaville ouvre une usine à Lyon."
DRAFT = {"takeaways": [{"text": SENTENCE, "quotes": [SENTENCE]}], "partnerships": []}
Command = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "VIRTUAL_ENV", "PYTHONPATH")}
    return {**kept, "HOME": str(home), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error", **more}


def call(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "summarizer", *map(str, arguments)]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run the command in a folder and a home of its own."""

    def run(*arguments: object, stdin: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            call(*arguments),
            capture_output=True,
            text=True,
            encoding="utf-8",
            input=stdin,
            cwd=tmp_path,
            env=environment(tmp_path / "home", **more),
            timeout=600,
            check=False,
        )

    return run


def text(number: int) -> str:
    return f"{SENTENCE} La société emploie {number + 100} personnes dans la région."


def write_rows(path: Path, count: int) -> Path:
    rows = ({"id": f"id-{i}", "text": text(i)} for i in range(count))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_files(folder: Path, count: int) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{i:03}.txt" for i in range(count)]
    for i, name in enumerate(names):
        (folder / name).write_text(text(i), encoding="utf-8")
    return names


def read(output: str | Path) -> list[dict[str, Any]]:
    words = output.read_text(encoding="utf-8") if isinstance(output, Path) else output
    assert words == "" or words.endswith("\n")
    return [json.loads(line) for line in words.splitlines()]


def sources(rows: list[dict[str, Any]]) -> list[str]:
    return [row["source"] if row["schema"] == "failure/1" else row["article"]["source"] for row in rows]


# --- what goes in --------------------------------------------------------------------------------------------------


def test_json_lines_come_out_under_their_ids(command: Command, tmp_path: Path) -> None:
    write_rows(tmp_path / "in.jsonl", 3)
    done = command("-m", "extractive", "-f", "jsonl", "in.jsonl")
    assert (done.returncode, sources(read(done.stdout))) == (0, ["id-0", "id-1", "id-2"])


@pytest.mark.slow
def test_json_lines_may_come_through_standard_input(command: Command, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "in.jsonl", 300).read_text(encoding="utf-8")
    done = command("-m", "extractive", "-f", "jsonl", "-", stdin=rows)
    assert sources(read(done.stdout)) == [f"id-{i}" for i in range(300)]


def test_a_row_that_is_broken_fails_alone(command: Command) -> None:
    rows = json.dumps({"id": "a", "text": text(1)}) + "\n{oops\n\n" + json.dumps({"id": "c", "text": text(2)})
    done = command("-m", "extractive", "-f", "jsonl", "-", stdin=rows)
    assert done.returncode == 1
    assert sources(read(done.stdout)) == ["a", "standard input:2", "c"]
    assert "standard input:2 is not JSON" in done.stderr


def test_an_article_that_begins_with_a_brace_is_still_an_article(command: Command) -> None:
    done = command("-m", "extractive", "-f", "jsonl", "-", stdin="{Exclusif} " + text(1))
    assert sources(read(done.stdout)) == ["-"]


@pytest.mark.slow
@pytest.mark.parametrize("way", ["a file", "standard input"])
def test_a_list_may_name_files_folders_and_rows(command: Command, tmp_path: Path, way: str) -> None:
    write_files(tmp_path / "some", 2)
    write_files(tmp_path, 1)
    listed = "000.txt\nsome\n\nnone.txt\n" + json.dumps({"id": "x", "text": text(9)}) + "\n"
    (tmp_path / "list").write_text(listed, encoding="utf-8")
    done = command(
        *("-m", "extractive", "-f", "jsonl", "--files-from", "list" if way == "a file" else "-"),
        stdin=None if way == "a file" else listed,
    )
    assert sources(read(done.stdout)) == ["000.txt", "some/000.txt", "some/001.txt", "none.txt", "x"]
    assert done.returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("way", ["a file", "standard input"])
def test_names_in_a_list_may_end_in_nul_as_find_writes_them(command: Command, tmp_path: Path, way: str) -> None:
    write_files(tmp_path, 2)
    odd = tmp_path / "two\nlines.txt"
    odd.write_text(text(7), encoding="utf-8")
    listed = "".join(f"{name}\0" for name in ("000.txt", odd.name, "001.txt"))
    (tmp_path / "list").write_text(listed, encoding="utf-8")
    done = command(
        *("-m", "extractive", "-f", "jsonl", "--files-from", "list" if way == "a file" else "-"),
        stdin=None if way == "a file" else listed,
    )
    assert (done.returncode, sources(read(done.stdout))) == (0, ["000.txt", odd.name, "001.txt"])


def test_patterns_that_the_shell_left_alone_are_expanded(command: Command, tmp_path: Path) -> None:
    write_files(tmp_path / "a" / "b", 2)
    write_files(tmp_path / "a", 1)
    done = command("-m", "extractive", "-f", "jsonl", "a/**/*.txt")
    assert sources(read(done.stdout)) == ["a/000.txt", "a/b/000.txt", "a/b/001.txt"]
    assert "no file matches 'a/*.none'" in command("-m", "extractive", "a/*.none").stderr


def test_a_folder_stands_for_its_articles_but_not_for_our_results_nor_for_what_is_hidden(
    command: Command, tmp_path: Path
) -> None:
    write_files(tmp_path / "in", 2)
    write_files(tmp_path / "in" / ".hidden", 1)
    (tmp_path / "in" / ".DS_Store").write_bytes(b"\0\1")
    for _ in range(2):
        done = command("-m", "extractive", "in", "-o", "in/out/")
        assert done.returncode == 0
    assert sorted(path.name for path in (tmp_path / "in" / "out").iterdir()) == [
        ".summarizer.jsonl",
        "000.txt",
        "001.txt",
    ]


def test_standard_input_cannot_be_two_things(command: Command) -> None:
    done = command("-m", "extractive", "-", "--files-from", "-", stdin="")
    assert done.returncode == 2
    assert "give `-` once" in done.stderr


# --- what comes out ------------------------------------------------------------------------------------------------


def test_results_come_as_they_are_ready_while_the_list_is_still_being_written(tmp_path: Path) -> None:
    row = json.dumps({"id": "first", "text": text(1)}) + "\n"
    with subprocess.Popen(
        call("-m", "extractive", "-q", "-f", "jsonl", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(tmp_path),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(row.encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["article"]["source"] == "first"
        process.stdin.close()
        assert process.wait(10) == 0


NAMES = {
    "a/x.txt": "x.json",
    "b/x.txt": None,
    "../../etc/passwd": "passwd.json",
    "CON": "_CON.json",
    "X.TXT": None,
    "…": "article.json",
    "https://example.org/news?id=1&x=<y>": "news-id-1-x-y.json",
    "é" * 300: None,
    "..": "article-2.json",
    ".hidden": "hidden.json",
}


def test_a_folder_gets_a_file_each_under_names_that_are_safe_and_distinct(command: Command, tmp_path: Path) -> None:
    rows = [{"id": name, "text": text(i)} for i, name in enumerate(NAMES)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert command("-m", "extractive", "-f", "json", "-o", "out/", "in.jsonl").returncode == 0
    files = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "out").glob("[!.]*")}
    assert sorted(one["article"]["source"] for one in files.values()) == sorted(NAMES)
    assert len({name.casefold() for name in files}) == len(NAMES)
    owners = {one["article"]["source"]: name for name, one in files.items()}
    sure = {source: name for source, name in NAMES.items() if name and name not in ("article-2.json",)}
    assert {source: owners[source] for source in sure} == sure
    assert max(len(name.encode()) for name in files) <= 255
    assert all(not set('/\\:*?"<>| ') & set(name) for name in files)


def write_texts(path: Path, *rows: tuple[str, str]) -> None:
    path.write_text("".join(json.dumps({"id": name, "text": words}) + "\n" for name, words in rows), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["json", "html"])
def test_two_articles_of_one_name_have_a_file_each(command: Command, tmp_path: Path, suffix: str) -> None:
    asked = ("-m", "extractive", "-f", suffix, "-o", "out/", "in.jsonl")

    def run(*rows: tuple[str, str]) -> tuple[str, list[str]]:
        write_texts(tmp_path / "in.jsonl", *rows)
        done = command(*asked)
        assert done.returncode == 0
        files = sorted(path.name for path in (tmp_path / "out").glob(f"[!i]*.{suffix}"))
        return done.stderr.partition("summarizer: ")[2].partition(" done, ")[0], files

    first, edited, other = ("n1", text(1)), ("n1", text(2)), ("n2", text(3))
    _, files = run(first, edited, first, other)
    assert len(files) == 3
    assert f"n1.{suffix}" in files
    kept = {name: (tmp_path / "out" / name).read_text(encoding="utf-8") for name in files}
    assert {words for words in ("101 personnes", "102 personnes") if any(words in page for page in kept.values())} == {
        "101 personnes",
        "102 personnes",
    }
    assert run(first, edited, first, other) == ("0", files)  # and nothing is done over and over
    assert run(edited, first, other) == ("0", files)
    assert {name: (tmp_path / "out" / name).read_text(encoding="utf-8") for name in files} == kept
    assert run(first, ("n1", text(4)), other) == ("1", files)  # edited: in the place of the older one


@pytest.mark.slow
def test_what_failed_alike_is_said_once(command: Command, tmp_path: Path, loopback: Callable[..., Loopback]) -> None:
    server = loopback(error(400, "this model is out of order", type="invalid_request_error"))
    write_rows(tmp_path / "in.jsonl", 4)
    asked = ("-m", "toy", "--base-url", server.url, "--no-cache", "--concurrency", 1, "-o", "out.jsonl", "in.jsonl")
    done = command(*asked)
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if "out of order" in line]
    assert len(said) == 2
    assert "3 more failed alike (id-1, id-2, id-3): " in said[1]
    assert sources(read(tmp_path / "out.jsonl")) == [f"id-{i}" for i in range(4)]


def test_a_folder_is_taken_up_again_and_a_changed_article_takes_the_place_of_the_old(
    command: Command, tmp_path: Path
) -> None:
    write_files(tmp_path / "in", 3)
    command("-m", "extractive", "-f", "json", "-o", "out/", "in")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.json")}
    (tmp_path / "in" / "001.txt").write_text(text(77), encoding="utf-8")
    (tmp_path / "out" / "002.json").unlink()
    done = command("-m", "extractive", "-f", "json", "-o", "out/", "in")
    assert "2 done, 1 done before" in done.stderr
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.json")}
    assert [path.name for path in sorted(after) if after[path] == before[path]] == ["000.json"]
    assert "177 personnes" in (tmp_path / "out" / "001.json").read_text(encoding="utf-8")


def test_the_name_of_the_output_says_the_format(command: Command, tmp_path: Path) -> None:
    write_files(tmp_path, 1)
    command("-m", "extractive", "-o", "out.json", "000.txt")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["schema"] == "summary/1"


@pytest.mark.slow
def test_a_device_is_written_to_and_stays_one(command: Command, tmp_path: Path) -> None:
    write_files(tmp_path, 1)
    for format in ("jsonl", "text"):
        assert command("-m", "extractive", "-f", format, "-o", "/dev/null", "000.txt").returncode == 0
    assert Path("/dev/null").is_char_device()


# --- what a person is told -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_last_line_sums_up_and_quiet_silences_it(command: Command, tmp_path: Path) -> None:
    write_files(tmp_path / "in", 3)
    (tmp_path / "in" / "bad.txt").write_bytes(b"")
    done = command("-m", "extractive", "-f", "jsonl", "in")
    assert done.stderr.splitlines()[-1].startswith("summarizer: 3 done, 1 failed, ")
    done = command("-m", "extractive", "-q", "-f", "jsonl", "in")
    assert done.stderr.splitlines() == [
        "summarizer: cannot summarize 'in/bad.txt': it is empty; give an article with at least one sentence"
    ]


@pytest.mark.slow
def test_a_terminal_gets_a_bar_with_all_that_counts(tmp_path: Path, loopback: Callable[..., Loopback]) -> None:
    server = loopback(answer(DRAFT))
    write_rows(tmp_path / "in.jsonl", 5)
    ours, theirs = pty.openpty()
    asked = ("-m", "toy", "--base-url", server.url, "-o", tmp_path / "out.jsonl", tmp_path / "in.jsonl")
    process = subprocess.Popen(call(*asked), stderr=theirs, env=environment(tmp_path, TERM="xterm", COLUMNS="120"))
    os.close(theirs)
    assert process.wait(600) == 0
    shown = b""
    while chunk := _read_terminal(ours):
        shown += chunk
    os.close(ours)
    assert "━".encode() in shown
    assert b"5 done" in shown
    assert b"a minute" in shown
    assert len(read(tmp_path / "out.jsonl")) == 5


def _read_terminal(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:  # the other side is closed
        return b""


# --- a run that is cut short ---------------------------------------------------------------------------------------


def slowly(delay: float) -> Callable[[Request], Play]:
    quick = answer(DRAFT)
    assert callable(quick)

    def play(request: Request) -> Play:
        told = quick(request)
        return Play(told.status, told.body, told.headers, delay=delay)

    return play


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_after_kill_9_at_any_moment_nothing_is_lost_torn_or_paid_for_twice(
    tmp_path: Path, loopback: Callable[..., Loopback], seed: int
) -> None:
    count, at_once, chance = 60, 4, random.Random(seed)
    server = loopback(slowly(0.02))
    write_rows(tmp_path / "in.jsonl", count)
    out = tmp_path / "out.jsonl"
    asked = call(
        "-q", "-m", "toy", "--base-url", server.url, "--concurrency", at_once, "-o", out, tmp_path / "in.jsonl"
    )
    kills = 0
    while True:
        process = subprocess.Popen(asked, env=environment(tmp_path))
        _wait_for_more(server, process, chance.randint(1, 25))
        if process.poll() is None:
            time.sleep(chance.random() * 0.02)
            process.kill()
            kills += 1
        if process.wait(600) == 0:
            break
    assert kills >= 2
    rows = read(out)
    assert sources(rows) == [f"id-{i}" for i in range(count)]
    assert {row["schema"] for row in rows} == {"summary/1"}
    assert count <= server.count <= count + kills * at_once


def _wait_for_more(server: Loopback, process: "subprocess.Popen[bytes]", more: int) -> None:
    """Until the server was asked so many times more, or the process has ended."""
    until = server.count + more
    while server.count < until and process.poll() is None:
        time.sleep(0.002)


@pytest.mark.slow
def test_without_a_cache_too_no_more_than_what_was_under_way_is_asked_again(
    tmp_path: Path, loopback: Callable[..., Loopback]
) -> None:
    server = loopback(slowly(0.02))
    write_rows(tmp_path / "in.jsonl", 30)
    asked = (
        "-q",
        "-m",
        "toy",
        "--base-url",
        server.url,
        "--no-cache",
        "--concurrency",
        3,
        "-o",
        tmp_path / "out.jsonl",
    )
    process = subprocess.Popen(call(*asked, tmp_path / "in.jsonl"), env=environment(tmp_path))
    _wait_for_more(server, process, 12)
    process.kill()
    process.wait()
    assert subprocess.run(call(*asked, tmp_path / "in.jsonl"), env=environment(tmp_path), check=False).returncode == 0
    assert sources(read(tmp_path / "out.jsonl")) == [f"id-{i}" for i in range(30)]
    assert server.count <= 30 + 3


@pytest.mark.slow
def test_control_c_says_what_is_left_and_how_to_go_on(tmp_path: Path, loopback: Callable[..., Loopback]) -> None:
    server = loopback(slowly(0.2))
    write_rows(tmp_path / "in.jsonl", 40)
    asked = call("-m", "toy", "--base-url", server.url, "--concurrency", 2, "-o", tmp_path / "out.jsonl", "in.jsonl")
    with subprocess.Popen(
        asked, stderr=subprocess.PIPE, env=environment(tmp_path), cwd=tmp_path, text=True, encoding="utf-8"
    ) as process:
        assert process.stderr is not None
        _wait_for_more(server, process, 10)  # type: ignore[arg-type]
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    server.play(answer(DRAFT))
    rows = read(tmp_path / "out.jsonl")
    assert process.returncode == 130
    assert "Traceback" not in said
    assert f"{len(rows)} done" in said
    assert f"{40 - len(rows)} left" in said
    assert "run the same command again" in said
    assert (
        subprocess.run(asked, env=environment(tmp_path), cwd=tmp_path, check=False, capture_output=True).returncode == 0
    )
    assert sources(read(tmp_path / "out.jsonl")) == [f"id-{i}" for i in range(40)]


@pytest.mark.slow
def test_failed_ones_are_tried_again_and_finished_ones_never(
    command: Command, tmp_path: Path, loopback: Callable[..., Loopback]
) -> None:
    def moody(request: Request) -> Play:
        script = error(400, "no") if "102 personnes" in request.words and not well else answer(DRAFT)
        return script(request) if callable(script) else script

    well: list[bool] = []
    server = loopback(moody)
    write_rows(tmp_path / "in.jsonl", 5)
    asked = ("-m", "toy", "--base-url", server.url, "--no-cache", "-o", "out.jsonl", "in.jsonl")
    assert command(*asked).returncode == 1
    assert sources(read(tmp_path / "out.jsonl")) == [f"id-{i}" for i in range(5)]
    well.append(True)
    asked_before = server.count
    done = command(*asked)
    assert (done.returncode, server.count - asked_before) == (0, 1)
    assert "1 done, 4 done before" in done.stderr
    assert sources(read(tmp_path / "out.jsonl")) == ["id-0", "id-1", "id-3", "id-4", "id-2"]


@pytest.mark.slow
def test_a_dead_provider_stops_the_run_and_says_what_is_left(
    command: Command, tmp_path: Path, loopback: Callable[..., Loopback]
) -> None:
    server = loopback(error(401, "Incorrect API key provided"))
    write_rows(tmp_path / "in.jsonl", 500)
    done = command("-m", "toy", "--base-url", server.url, "--concurrency", 4, "-o", "out.jsonl", "in.jsonl")
    assert done.returncode == 1
    assert server.count < 20
    last = done.stderr.splitlines()[-1]
    assert "stopped early" in last
    assert "needs a key, and none was given" in last
    assert "left" in last
    assert "run the same command again" in last


@pytest.mark.slow
def test_other_options_are_done_beside_what_is_there(command: Command, tmp_path: Path) -> None:
    write_rows(tmp_path / "in.jsonl", 2)
    command("-m", "extractive", "-o", "out.jsonl", "in.jsonl")
    done = command("-m", "extractive", "-n", "1", "-o", "out.jsonl", "in.jsonl")
    assert "2 results of another model, prompt or option stay" in done.stderr
    assert len(read(tmp_path / "out.jsonl")) == 4
    done = command("-m", "extractive", "-n", "1", "-o", "out.jsonl", "in.jsonl")
    assert "0 done, 2 done before" in done.stderr


@pytest.mark.slow
def test_the_older_result_of_an_edited_article_stays_and_is_told(command: Command, tmp_path: Path) -> None:
    write_files(tmp_path / "in", 2)
    first = command("-m", "extractive", "-o", "out.jsonl", "in")
    (tmp_path / "in" / "000.txt").write_text(text(7), encoding="utf-8")
    done = command("-m", "extractive", "-o", "out.jsonl", "in")
    again = command("-m", "extractive", "-o", "out.jsonl", "in")
    assert done.stderr.splitlines()[-1] == (
        "summarizer: 1 article changed since an earlier run: the older results stay in 'out.jsonl'; "
        "the last line of a source is the newest; to have only that, write to a new file"
    )
    assert "changed since" not in first.stderr + again.stderr
    assert sources(read(tmp_path / "out.jsonl")) == ["in/000.txt", "in/001.txt", "in/000.txt"]


@pytest.mark.slow
def test_eight_processes_over_the_same_articles_ask_for_each_once(
    tmp_path: Path, loopback: Callable[..., Loopback]
) -> None:
    server = loopback(slowly(0.01))
    write_rows(tmp_path / "in.jsonl", 20)
    asked = ("-q", "-m", "toy", "--base-url", server.url, "-f", "jsonl", tmp_path / "in.jsonl")
    processes = [
        subprocess.Popen(call(*asked), stdout=subprocess.PIPE, env=environment(tmp_path), text=True) for _ in range(8)
    ]
    told = [process.communicate(timeout=600)[0] for process in processes]
    assert {tuple(sources(read(one))) for one in told} == {tuple(f"id-{i}" for i in range(20))}
    assert server.count == 20


def test_what_a_folder_holds_beside_articles_is_told_and_not_lost_in_silence(tmp_path: Path) -> None:
    folder = tmp_path / "pile"
    folder.mkdir()
    (folder / "a.txt").write_text("Norvik and Zelba signed a partnership. It is a long one.", encoding="utf-8")
    for name in ("one.PNG", "two.png", "brief.rtf", "rows.jsonl", "LICENCE", ".hidden.png"):
        (folder / name).write_bytes(b"x")
    done = subprocess.run(
        [sys.executable, "-m", "summarizer", "-m", "extractive", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    told = "skipped files in folders: 1 .jsonl, 2 .png, 1 .rtf; name JSON Lines files themselves"
    assert f"summarizer: {told}\n" in done.stderr
