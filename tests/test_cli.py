"""The command as a person runs it: a subprocess, its two streams and its exit status."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loopback import Loopback, answer, error, raw

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
APPLE = FIXTURES / "apple-alibaba" / "article.txt"
RECORDED = json.loads((FIXTURES / "apple-alibaba" / "draft.json").read_text(encoding="utf-8"))
GOLD = json.loads((FIXTURES / "apple-alibaba" / "expected.json").read_text(encoding="utf-8"))
LIES = {(lie["kind"] + "s", lie["claim_index"]) for lie in GOLD["rejected"]}
TRUE = {
    kind: [claim for i, claim in enumerate(RECORDED[kind]) if (kind, i) not in LIES]
    for kind in ("takeaways", "partnerships")
}
"""The recorded draft without its planted lies."""

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run the command in a home of its own, with no key but the ones that are given."""

    def run(*arguments: object, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "VIRTUAL_ENV")}
        return subprocess.run(
            [sys.executable, "-m", "summarizer", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            input=stdin,
            cwd=ROOT,
            env={**kept, "HOME": str(tmp_path), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error", **environment},
            timeout=600,
            check=False,
        )

    return run


def one_line(stderr: str) -> str:
    """The one line that was said on standard error; a traceback or a second line is a failure."""
    lines = [line for line in stderr.splitlines() if "no model is named" not in line and "is set" not in line]
    assert len(lines) == 1, stderr
    assert "Traceback" not in stderr
    return lines[0]


# --- a first run, with nothing set -----------------------------------------------------------------------------


def test_without_a_key_the_embedded_model_answers_and_says_so(command: Command) -> None:
    done = command(APPLE)
    assert done.returncode == 0
    assert "Apple + Alibaba | établi" in done.stdout
    assert "extractive: sentences chosen by the embedded model, no language model" in done.stdout
    assert done.stderr == (
        "summarizer: model extractive: no model is named, and neither OPENAI_API_KEY nor OPENAI_BASE_URL is set\n"
    )


def test_a_pipe_gets_no_colour_no_box_and_no_progress(command: Command) -> None:
    done = command("-m", "extractive", "-q", APPLE)
    assert done.stderr == ""
    assert not set("\x1b│─╭╰┃━") & set(done.stdout)


def test_json_is_the_contract_and_every_offset_is_exact(command: Command) -> None:
    done = command("-m", "extractive", "-f", "json", APPLE)
    summary = json.loads(done.stdout)
    text = APPLE.read_text(encoding="utf-8")
    assert list(summary) == ["schema", "article", "takeaways", "partnerships", "rejected", "provenance"]
    assert summary["schema"] == "summary/1"
    assert summary["article"]["characters"] == len(text)
    claims = summary["takeaways"] + summary["partnerships"]
    assert claims
    for evidence in (evidence for claim in claims for evidence in claim["evidence"]):
        assert list(evidence) == ["quote", "start", "end", "match"]
        assert text[evidence["start"] : evidence["end"]] == evidence["quote"]


def test_standard_input_is_an_article(command: Command) -> None:
    done = command("-m", "extractive", "-f", "json", "-", stdin=APPLE.read_text(encoding="utf-8"))
    assert json.loads(done.stdout)["article"]["language"] == "fr"


def test_results_can_go_to_a_file(command: Command, tmp_path: Path) -> None:
    done = command("-m", "extractive", "-f", "markdown", "-o", tmp_path / "out.md", APPLE)
    assert done.stdout == ""
    assert "Alibaba" in (tmp_path / "out.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_fewer_takeaways_on_request(command: Command) -> None:
    done = command("-m", "extractive", "-n", "2", "-f", "json", APPLE)
    assert len(json.loads(done.stdout)["takeaways"]) == 2


# --- a language model ------------------------------------------------------------------------------------------


def test_a_server_is_asked_once_and_a_second_run_asks_nobody(
    command: Command, loopback: Callable[..., Loopback]
) -> None:
    server = loopback(answer(TRUE))
    keys = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url}
    first, second = (command("-f", "json", APPLE, **keys) for _ in range(2))
    assert server.count == 1
    one, two = json.loads(first.stdout), json.loads(second.stdout)
    assert [one["provenance"][key] for key in ("cached", "calls", "repaired")] == [False, 1, 0]
    assert [two["provenance"][key] for key in ("cached", "calls", "cost_usd")] == [True, 0, 0.0]
    assert [one[key] for key in ("takeaways", "partnerships")] == [two[key] for key in ("takeaways", "partnerships")]
    assert one["rejected"] == []


HEAVY = {
    *("openai", "instructor", "aiohttp", "tenacity", "genai_prices", "jinja2", "babel", "lingua", "rich"),
    *("asyncio", "logging", "tomllib", "difflib"),
    *(
        "summarizer.grounding",
        "summarizer.chunking",
        "summarizer.engines.llm.client",
        "summarizer.engines.llm.response_schemas",
    ),
}
"""What takes longer to import than a remembered summary takes to find."""


@pytest.mark.slow
@pytest.mark.parametrize("format", ["json", "jsonl", "text"])
def test_a_second_run_imports_nothing_that_it_does_not_need(
    command: Command, loopback: Callable[..., Loopback], format: str
) -> None:
    server = loopback(answer(TRUE))
    arguments = ("-m", "toy", "--base-url", server.url, "-f", format, APPLE)
    first, second = (command(*arguments, PYTHONPROFILEIMPORTTIME="1") for _ in range(2))
    imported = {line.rpartition("|")[2].strip() for line in second.stderr.splitlines()}
    assert "cached" in second.stdout and server.count == 1
    needed = {"tomllib"} if format == "text" else set()  # the labels
    assert "summarizer.cache" in imported and not imported & (HEAVY - needed)
    assert "asyncio" in first.stderr


@pytest.mark.slow
def test_one_article_that_is_remembered_is_written_as_among_many(
    command: Command, loopback: Callable[..., Loopback], tmp_path: Path
) -> None:
    """The only one is shown without an event loop, the others within one."""
    server = loopback(answer(TRUE))
    asked = ("-f", "jsonl", "-m", "toy", "--base-url", server.url)
    command(*asked, APPLE)
    alone = command(*asked, APPLE).stdout
    names = tmp_path / "names"
    names.write_text(f"{APPLE}\n", encoding="utf-8")
    assert command(*asked, "--files-from", names, "-q").stdout == alone
    assert command(*asked, "-o", tmp_path / "out.jsonl", APPLE).returncode == 0
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == alone
    assert server.count == 1


@pytest.mark.slow
def test_strict_counts_what_was_rejected_when_it_is_remembered(
    command: Command, loopback: Callable[..., Loopback]
) -> None:
    false = {"text": "Apple rachète Alibaba pour 17 millions.", "quotes": ["Apple"]}
    draft = {"takeaways": [TRUE["takeaways"][0], false], "partnerships": []}
    server = loopback(answer(draft), answer({"takeaways": [], "partnerships": []}))
    arguments = ("--strict", "-q", "-f", "json", "-m", "toy", "--base-url", server.url, APPLE)
    assert [command(*arguments).returncode for _ in range(2)] == [3, 3]
    assert server.count == 2


def test_strict_keeps_a_claim_that_the_model_settled(
    command: Command, loopback: Callable[..., Loopback], tmp_path: Path
) -> None:
    planned = "Norvik prévoit d'ouvrir une usine à Lyon en 2027."
    (tmp_path / "norvik.txt").write_text(f"{planned} Norvik emploie 900 personnes dans la région.", encoding="utf-8")
    told = {"text": "Norvik ouvre une usine à Lyon en 2027.", "quotes": [planned]}
    server = loopback(answer({"takeaways": [told], "partnerships": []}), answer({"stands": [1]}))
    arguments = ("--strict", "-v", "-m", "toy", "--base-url", server.url, tmp_path / "norvik.txt")
    done = command(*arguments)
    assert done.returncode == 0 and server.count == 2
    assert f"- {told['text']} (vérifié par openai/toy)\n    doubt: " in done.stdout
    assert "no claim proven by code, 1 settled by openai/toy" in done.stdout
    assert command(*arguments, "--proof", "code").returncode == 3


def test_what_fell_is_asked_again_once_and_what_stands_is_reviewed(
    command: Command, loopback: Callable[..., Loopback]
) -> None:
    false = {"text": "Les ventes d’iPhone ont baissé de 17 %.", "quotes": ["une baisse de 17 % des ventes d’iPhone"]}
    mended = {"text": "Les ventes d’iPhone ont baissé de 11 %.", "quotes": ["une baisse de 11 % des ventes d’iPhone"]}
    server = loopback(
        answer({"takeaways": [TRUE["takeaways"][0], false], "partnerships": []}),
        answer({"stands": [2], "takeaways": [mended]}),
    )
    arguments = ("-f", "json", "-m", "toy", "--base-url", server.url, APPLE)
    first, second = (json.loads(command(*arguments).stdout) for _ in range(2))
    assert server.count == 2
    assert TRUE["takeaways"][0]["text"] in server.requests[1].words and "partnerships" not in server.requests[1].words
    assert first["takeaways"][1]["text"] == mended["text"]
    assert [first["provenance"][key] for key in ("calls", "repaired")] == [2, 1]
    assert [second["provenance"][key] for key in ("calls", "cached", "repaired")] == [0, True, 1]
    assert first["rejected"] == []


@pytest.mark.slow
def test_a_second_opinion_rejects_what_it_does_not_find(command: Command, loopback: Callable[..., Loopback]) -> None:
    opinions = [{"claim": 1, "entailed": True, "why": ""}, {"claim": 2, "entailed": False, "why": "trop fort"}]
    draft = {"takeaways": TRUE["takeaways"][:2], "partnerships": []}
    server = loopback(answer(draft), answer({"opinions": opinions}))
    done = command("--verify", "-f", "json", "-m", "toy", "--base-url", server.url, APPLE)
    summary = json.loads(done.stdout)
    assert len(summary["takeaways"]) == 1
    assert summary["rejected"][0]["reasons"] == [
        {"code": "not_entailed", "grade": "refuted", "message": "trop fort", "value": None}
    ]
    assert summary["provenance"]["calls"] == 2


def test_a_dry_run_shows_the_prompt_and_asks_nobody(command: Command, loopback: Callable[..., Loopback]) -> None:
    server = loopback(answer(TRUE))
    done = command("--dry-run", "-m", "toy", "--base-url", server.url, APPLE)
    assert server.count == 0
    assert "D’après des informations relayées par Les informations" in done.stdout
    assert "nothing was sent" in done.stdout


def test_the_list_of_models_shows_no_key(command: Command) -> None:
    done = command("models", OPENAI_API_KEY="sk-secret")
    assert "* ready    openai/" in done.stdout
    assert "sk-secret" not in done.stdout + done.stderr


def test_a_trace_holds_the_call_and_no_key(command: Command, loopback: Callable[..., Loopback], tmp_path: Path) -> None:
    server = loopback(answer(TRUE))
    trace = tmp_path / "trace.jsonl"
    command("--trace", trace, "-m", "openai/toy", "--base-url", server.url, APPLE, OPENAI_API_KEY="sk-secret")
    assert len(trace.read_text(encoding="utf-8").splitlines()) == 1
    assert "sk-secret" not in trace.read_text(encoding="utf-8")


def test_strict_exits_with_3_where_a_claim_was_rejected(command: Command, loopback: Callable[..., Loopback]) -> None:
    server = loopback(answer(RECORDED))
    done = command("--strict", "--base-url", server.url, "-m", "toy", APPLE)
    assert done.returncode == 3
    assert "Alibaba" in done.stdout


FAULTS: dict[str, tuple[Any, str]] = {
    "a wrong key": (error(401, "Incorrect API key provided", code="invalid_api_key"), "key"),
    "an unknown model": (error(404, "The model does not exist", code="model_not_found"), "model"),
    "nonsense instead of JSON": (answer("I would rather talk about the weather."), ""),
    "a web page": (raw("<html>gateway</html>", content_type="text/html"), ""),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_of_the_model_is_one_clear_line_and_status_1(
    command: Command, loopback: Callable[..., Loopback], fault: str
) -> None:
    play, expected = FAULTS[fault]
    server = loopback(play)
    done = command("-m", "openai/toy", "--base-url", server.url, APPLE, OPENAI_API_KEY="sk-test-secret")
    assert done.returncode == 1
    assert done.stdout == ""
    assert expected in one_line(done.stderr)
    assert "sk-test-secret" not in done.stderr


# --- bad input -------------------------------------------------------------------------------------------------


def test_a_missing_file_is_one_line(command: Command) -> None:
    done = command("-m", "extractive", "no-such-file.txt")
    assert done.returncode == 1
    assert "'no-such-file.txt'" in one_line(done.stderr)


@pytest.mark.parametrize("content", [b"", b" \n\t\n", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", b"\x00\x01" * 99])
def test_what_is_no_article_is_one_line(command: Command, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "article.txt").write_bytes(content)
    done = command("-m", "extractive", tmp_path / "article.txt")
    assert done.returncode == 1
    assert "article.txt" in one_line(done.stderr)


def test_a_folder_without_articles_is_one_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = command("-m", "extractive", tmp_path / "empty")
    assert done.returncode == 1
    assert "holds no article" in one_line(done.stderr)


def test_one_bad_article_does_not_stop_the_others(command: Command) -> None:
    done = command("-m", "extractive", "-f", "jsonl", "missing.txt", APPLE)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [line["schema"] for line in lines] == ["failure/1", "summary/1"]


@pytest.mark.slow
def test_an_unwritable_cache_is_one_warning_and_the_run_goes_on(
    command: Command, loopback: Callable[..., Loopback]
) -> None:
    server = loopback(answer(RECORDED))
    done = command("-m", "toy", "--base-url", server.url, APPLE, SUMMARIZER_CACHE="/proc/no/cache.sqlite")
    assert done.returncode == 0
    assert "cache" in one_line(done.stderr)
    assert "Alibaba" in done.stdout


USAGE = {
    "an unknown option": ("--frobnicate", APPLE),
    "no input": (),
    "an unknown format": ("-f", "pdf", APPLE),
    "a number that is none": ("-n", "many", APPLE),
    "a number out of range": ("-n", "0", APPLE),
    "an unknown provider": ("-m", "nobody/model", APPLE),
    "a prompt that is not there": ("-m", "openai/x", "--prompt", "nowhere", APPLE),
    "a model without its key": ("-m", "openai/gpt-5.4-mini", APPLE),
    "an output that cannot be written": ("-m", "extractive", "-o", "/proc/no/out.json", APPLE),
}


@pytest.mark.parametrize("what", USAGE, ids=str)
def test_wrong_usage_exits_with_2_and_no_traceback(command: Command, what: str) -> None:
    done = command(*USAGE[what])
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


@pytest.mark.slow
def test_pages_of_many_articles_want_a_folder(command: Command, tmp_path: Path) -> None:
    two = (APPLE, FIXTURES / "brackwell-brief" / "article.txt")
    refused = command("-m", "extractive", "-f", "html", "-o", tmp_path / "all.html", *two)
    assert refused.returncode == 2
    assert "give a folder" in one_line(refused.stderr)
    done = command("-m", "extractive", "-q", "-f", "html", "-o", f"{tmp_path / 'pages'}/", *two)
    assert done.returncode == 0
    assert len(list((tmp_path / "pages").glob("*.html"))) == 3  # the index is one


# --- check -----------------------------------------------------------------------------------------------------


def test_check_holds_a_draft_against_its_article_claim_by_claim(command: Command) -> None:
    draft = FIXTURES / "apple-alibaba" / "draft.json"
    done = command("check", "--strict", "-f", "json", APPLE, draft)
    result = json.loads(done.stdout)
    assert done.returncode == 3
    assert result["schema"] == "verdicts/1" and set(result) == {"schema", "verdicts"}
    given = json.loads(draft.read_text(encoding="utf-8"))
    assert [verdict["claim"] for verdict in result["verdicts"]] == [*given["takeaways"], *given["partnerships"]]
    assert {verdict["grade"] for verdict in result["verdicts"]} == {"supported", "doubtful", "unsupported"}


def test_check_takes_a_claim_a_line(command: Command, tmp_path: Path) -> None:
    claims = tmp_path / "claims.txt"
    claims.write_text(
        "Tim Cook évoque une baisse de 11 % des ventes d’iPhone.\n"
        "- Tim Cook évoque une baisse de 17 % des ventes d’iPhone.\n",
        encoding="utf-8",
    )
    first, second = json.loads(command("check", "-f", "json", APPLE, claims).stdout)["verdicts"]
    assert (first["claim"], first["grade"]) == ("Tim Cook évoque une baisse de 11 % des ventes d’iPhone.", "doubtful")
    assert (second["grade"], second["reasons"][0]["grade"]) == ("unsupported", "refuted")
    assert second["reasons"][0]["value"] == "17 %"


@pytest.mark.slow
def test_check_takes_our_own_summary_back(command: Command, tmp_path: Path) -> None:
    made = command("-m", "extractive", "-f", "json", APPLE).stdout
    (tmp_path / "summary.json").write_text(made, encoding="utf-8")
    again = json.loads(command("check", "-f", "json", APPLE, tmp_path / "summary.json").stdout)["verdicts"]
    assert len(again) == len(json.loads(made)["takeaways"]) + len(json.loads(made)["partnerships"])
    assert all(verdict["supported"] for verdict in again)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ("", "there are no claims to check"),
        ("{}", "without a list of takeaways or partnerships"),
        ('{"title": "no claims"}', "without a list of takeaways or partnerships"),
        ('{"takeaways": 3}', "without a list of takeaways or partnerships"),
        ('{"takeaways": "all"}', "without a list of takeaways or partnerships"),
        ("[1]", "not an object"),
        ("{bad", "not valid JSON"),
        ('{"takeaways": ' + "[" * 100_000, "not valid JSON"),
    ],
    ids=["nothing", "empty", "other", "number", "word", "list", "torn", "deep"],
)
def test_claims_that_are_none_are_one_line(command: Command, tmp_path: Path, claims: str, said: str) -> None:
    (tmp_path / "claims.json").write_text(claims, encoding="utf-8")
    done = command("check", APPLE, tmp_path / "claims.json")
    assert done.returncode == 1
    assert said in one_line(done.stderr)


@pytest.mark.parametrize("item", ['{"text": "x", "evidence": 3}', '{"text": 3, "evidence": [{"quote": []}]}', "null"])
def test_a_claim_without_the_shape_of_one_is_rejected(command: Command, tmp_path: Path, item: str) -> None:
    (tmp_path / "claims.json").write_text(f'{{"takeaways": [{item}], "partnerships": null}}', encoding="utf-8")
    done = command("check", "-f", "json", APPLE, tmp_path / "claims.json")
    assert [found["reasons"][0]["code"] for found in json.loads(done.stdout)["verdicts"]] == ["malformed"]
    assert done.returncode == 0
