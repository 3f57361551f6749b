"""Prompts as code: each renders for every article and language, stays under its stated size, and says who differs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer import load
from summarizer.engines.llm.engine import named
from summarizer.errors import PromptError
from summarizer.prompting import Fence, available, find, read

ROOT = Path(__file__).parent.parent
ARTICLES = {path.parent.name: load(path) for path in sorted((ROOT / "fixtures").glob("*/article.*"))}
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "nl", "pt-BR", "zh-Hant-TW", "und")
FENCED = {"summarize": "article", "repair": "claims", "verify": "claims", "merge": "candidates"}
BUILT_IN = available()


def own_words(name: str, language: str, text: str, takeaways: int = 50) -> str:
    """What a template says itself, once it is rendered: the message without what stands between the fences."""
    variables = {"language": named(language), "takeaways": takeaways, "title": text[:80], "published": "2026-11-23"}
    messages = find(name).render(variables, {FENCED[name]: text})
    fenced = Fence.around(FENCED[name], text).enclose(text)
    assert messages[-1]["content"].endswith(fenced)
    return "\n".join(message["content"] for message in messages).replace(fenced, "")


def test_every_built_in_prompt_is_known_here_and_states_its_size() -> None:
    assert {prompt.name for prompt in BUILT_IN} == set(FENCED)
    assert all(prompt.largest for prompt in BUILT_IN)


@pytest.mark.parametrize("slug", ARTICLES)
@pytest.mark.parametrize("name", FENCED)
def test_a_prompt_renders_for_every_article_and_language_under_its_stated_size(name: str, slug: str) -> None:
    largest = find(name).largest or 0
    for language in LANGUAGES:
        assert len(own_words(name, language, ARTICLES[slug].text)) <= largest


def test_a_size_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text('+++\nlargest = "much"\n+++\nhello', encoding="utf-8")
    with pytest.raises(PromptError, match=r"x\.md.*largest = 'much'"):
        read(tmp_path / "x.md")


# --- prompts diff ----------------------------------------------------------------------------------------------


def prompts(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key in ("PATH", "PYTHONPATH")}
    return subprocess.run(
        [sys.executable, "-m", "summarizer", "prompts", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**environment, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "settings"), "PYTHONUTF8": "1"},
        check=False,
    )


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "settings" / "summarizer" / "prompts"
    folder.mkdir(parents=True)
    return folder


def test_without_a_prompt_of_ones_own_it_says_where_one_would_be(tmp_path: Path) -> None:
    done = prompts(tmp_path, "diff")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no prompts of your own: a file summarize.md in" in done.stdout


def test_a_prompt_of_ones_own_is_shown_against_the_built_in_one_with_both_fingerprints(
    tmp_path: Path, mine: Path
) -> None:
    built_in = find("summarize")
    shutil.copy(built_in.path, mine / "summarize.md")
    assert prompts(tmp_path, "diff").stdout == f"summarize: {built_in.sha256[:12]}, the built-in one\n"
    changed = built_in.source.replace("The most important first.", "The oddest first.")
    (mine / "summarize.md").write_text(changed, encoding="utf-8")
    done = prompts(tmp_path, "diff", "summarize")
    head, *lines = done.stdout.splitlines()
    assert head.startswith(f"summarize: {built_in.sha256[:12]} built-in, {read(mine / 'summarize.md').sha256[:12]} in ")
    told = [line[:24] for line in lines if not line.startswith((" ", "@", "---", "+++"))]
    assert told == ["-- The most important fi", "+- The oddest first. One"]


def test_the_list_says_which_are_ones_own_and_show_shows_those(tmp_path: Path, mine: Path) -> None:
    (mine / "verify.md").write_text("mine: {{ language }}", encoding="utf-8")
    (mine / "brief.md").write_text("+++\ndescription = 'short'\n+++\nmine", encoding="utf-8")
    rows = {line.split("\t")[0]: line for line in prompts(tmp_path, "list").stdout.splitlines()}
    assert [name for name, line in rows.items() if line.endswith("(yours)")] == ["brief", "verify"]
    assert prompts(tmp_path, "show", "verify").stdout == "mine: {{ language }}\n"
    assert prompts(tmp_path, "path", "verify").stdout == f"{mine}/verify.md\n"
    assert "no built-in prompt is named 'brief'" in prompts(tmp_path, "diff", "brief").stdout


def test_a_prompt_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = prompts(tmp_path, "diff", "nowhere")
    assert done.returncode == 2
    assert done.stderr.startswith("summarizer: there is no prompt named 'nowhere'")
