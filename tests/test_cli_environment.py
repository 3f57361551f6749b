"""What the program says of itself, and how it fits in: settings, versions, schemas, loggers, colours, completion."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from loopback import EMPTY, Loopback, answer

from summarizer import Draft, Summary, summarize
from summarizer.cli.main import COMMANDS, main
from summarizer.settings import Settings, read_settings

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "fixtures" / "apple-alibaba" / "article.txt"


def run(*arguments: object, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "summarizer", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **variables},
    )


# --- settings --------------------------------------------------------------------------------------------------------


def test_each_setting_is_shown_with_what_sets_it(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('takeaways = 3\nlanguage = "fr"\n', encoding="utf-8")
    done = run(
        "config",
        SUMMARIZER_CONFIG=str(file),
        SUMMARIZER_LANGUAGE="en",
        SUMMARIZER_CACHE="redis://user:secret@cache.example/0",
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
        OPENAI_API_KEY="sk-secret",
    )
    shown = {line.split()[0]: line.split(maxsplit=1)[1] for line in done.stdout.splitlines() if line}
    assert set(Settings.model_fields) - {"origins"} <= set(shown)
    assert re.fullmatch(rf"3 +set by {re.escape(str(file))}", shown["takeaways"])
    assert re.fullmatch(r"en +set by SUMMARIZER_LANGUAGE", shown["language"])
    assert re.fullmatch(r"120.0 +default", shown["timeout"])
    assert "OPENAI_BASE_URL" in shown["model"] and "OPENAI_BASE_URL" in shown["base_url"]
    assert "OPENAI_API_KEY" in shown["keys"]
    assert "secret" not in done.stdout


def test_a_wrong_setting_is_one_line_here_too() -> None:
    done = run("config", SUMMARIZER_TAKEAWAYS="many")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and "SUMMARIZER_TAKEAWAYS" in done.stderr


def test_the_example_is_a_settings_file_with_every_setting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "example"]) == 0
    example = capsys.readouterr().out
    file = tmp_path / "config.toml"
    file.write_text(example, encoding="utf-8")
    assert read_settings(environ={"SUMMARIZER_CONFIG": str(file)}).origins == {}
    file.write_text(re.sub(r"^#(?=\w)", "", example, flags=re.MULTILINE), encoding="utf-8")
    uncommented = read_settings(environ={"SUMMARIZER_CONFIG": str(file)})
    assert set(uncommented.origins) == set(Settings.model_fields) - {"origins"}
    assert all(f"SUMMARIZER_{name.upper()}" in example for name in uncommented.origins)


def test_the_path_is_that_of_the_file_that_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config", "path", SUMMARIZER_CONFIG="/etc/s.toml").stdout == "/etc/s.toml\n"


# --- versions, schemas, loggers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [["--version", "-v"], ["-v", "--version"], ["check", "--version", "--verbose"]])
def test_all_versions_are_told_on_request(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(asked)
    assert ended.value.code == 0
    first, python, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("summarizer ") and str(ROOT) in first
    assert python.startswith(f"Python {sys.version.split()[0]}")


@pytest.mark.parametrize("name", ["summary", "failure", "verdicts", "draft", "article"])
def test_a_schema_is_printed_with_the_docstrings_of_its_fields(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", name]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["type"] == "object" and schema["$schema"].endswith("2020-12/schema")
    if name == "summary":
        assert {*schema["properties"]} == {*json.loads(Summary.model_validate({"article": {}}).model_dump_json())}
        assert "offset" in schema["$defs"]["Evidence"]["properties"]["start"]["description"]
    if name == "draft":
        assert {*schema["properties"]} >= {*EMPTY} and Draft.model_validate(EMPTY)


def test_everything_is_logged_below_one_logger(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="summarizer"), Loopback(answer(EMPTY)) as server:
        summarize(ARTICLE, model="openai/toy", base_url=server.url, cache="off")
    assert {record.name for record in caplog.records if record.name.startswith("summarizer")} == {
        "summarizer.engines.llm.client"
    }
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "summarizer").rglob("*.py")]
    named = {name for source in sources for name in re.findall(r"getLogger\((.*?)\)", source)}
    assert named <= {"__name__", '"summarizer"', '"pypdf"', '"instructor"', "library"}


def test_a_second_run_in_one_process_logs_each_request_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    with Loopback(answer(EMPTY)) as server:
        for _ in range(2):
            capsys.readouterr()
            assert main([str(ARTICLE), "-v", "-m", "toy", "--base-url", server.url, "--no-cache"]) == 0
    assert capsys.readouterr().err.count("openai/toy json_schema") == 1
    assert logging.getLogger("summarizer").handlers == []


# --- colours ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "3"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": ""}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_a_pipe_has_colours_only_where_they_are_forced(variables: dict[str, str], coloured: bool) -> None:
    done = run("-q", "-m", "extractive", ARTICLE, **{"FORCE_COLOR": "", "NO_COLOR": "", "TERM": "xterm", **variables})
    assert ("\x1b[" in done.stdout) is coloured


def test_a_file_has_none_whatever_is_forced(tmp_path: Path) -> None:
    run("-q", "-m", "extractive", ARTICLE, "-o", tmp_path / "a.txt", FORCE_COLOR="1")
    assert "\x1b" not in (tmp_path / "a.txt").read_text(encoding="utf-8")


# --- completion ------------------------------------------------------------------------------------------------------

BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMPREPLY=()
_shtab_summarizer
echo "${COMPREPLY[@]}"
"""


@pytest.fixture
def script(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Path:
    pytest.importorskip("shtab")
    assert main(["completion", "bash"]) == 0
    path = tmp_path / "completion.bash"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("typed", "proposed"),
    [
        ("summarizer ch", {"check"}),
        ("summarizer READ", {"README.md"}),
        ("summarizer --pro", {"--prompt", "--proof"}),
        ("summarizer -f js", {"json", "jsonl"}),
        ("summarizer -o CHANGE", {"CHANGELOG.md"}),
        ("summarizer check --st", {"--strict"}),
        ("summarizer check READ", {"README.md"}),
        ("summarizer golden re", {"review"}),
        ("summarizer graph -f graph", {"graphml"}),
        ("summarizer config ex", {"example"}),
    ],
)
def test_bash_completes_commands_options_formats_and_files(typed: str, proposed: set[str], script: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", BASH, "bash", str(script), *typed.split()], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert set(done.stdout.split()) == proposed


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_can_read_their_script(shell: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("shtab")
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(name in script for name in COMMANDS)
    first_word_may_be_a_file = ("{_shtab_summarizer_commands; _files}", ")) _files ;;")
    assert shell != "zsh" or all(part in script for part in first_word_may_be_a_file)
    if shutil.which(shell):
        (tmp_path / "script").write_text(script, encoding="utf-8")
        subprocess.run([shell, "-n", str(tmp_path / "script")], check=True)


def test_a_shell_is_told_how_to_get_its_script(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "fish"]) == 2
    assert "pip install 'newsroom-summarizer[completion]'" in capsys.readouterr().err
