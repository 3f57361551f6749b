"""Templates are found, read and rendered strictly; what comes from outside is never a template."""

from pathlib import Path

import pytest

from summarizer.errors import PromptError
from summarizer.prompting import Fence, available, find, read, user_folder

ROOT = Path(__file__).parent.parent
NASTY = "{{ 7*7 }} {# gone #} {% if %}\r\n    AT&T <b>&amp;</b>\t« à »\n\n"


def written(folder: Path, body: str, name: str = "mine.md") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(body, "utf-8")
    return path


def test_built_in_template_is_found_by_name() -> None:
    prompt = find("summarize")
    assert prompt.path == ROOT / "prompts" / "summarize.md"
    assert prompt.name == "summarize"
    assert len(prompt.sha256) == 64
    assert "takeaways" in prompt.description


def test_every_built_in_template_has_a_description() -> None:
    prompts = available()
    assert {prompt.name for prompt in prompts} >= {"summarize"}
    assert all(prompt.description for prompt in prompts)


def test_template_in_the_users_folder_wins(tmp_path: Path) -> None:
    path = written(tmp_path, "mine: {{ takeaways }}", "summarize.md")
    prompt = find("summarize", tmp_path)
    assert prompt.path == path
    assert prompt.render({"takeaways": 3}, {}) == [{"role": "user", "content": "mine: 3"}]
    assert [p.path for p in available(tmp_path) if p.name == "summarize"] == [path]


def test_users_folder_is_beside_the_settings() -> None:
    assert user_folder().parts[-2:] == ("summarizer", "prompts")


def test_template_is_found_by_path(tmp_path: Path) -> None:
    path = written(tmp_path, "hello")
    assert find(path).sha256 == find(str(path)).sha256 == read(path).sha256


def test_fingerprint_changes_with_any_edit(tmp_path: Path) -> None:
    first = read(written(tmp_path, "a"))
    assert read(written(tmp_path, "a ")).sha256 != first.sha256


def test_blocks_become_system_and_user_with_the_article_last(tmp_path: Path) -> None:
    blocks = "{% block system %}S {{ n }}{% endblock %}{% block user %}U{% endblock %}"
    prompt = read(written(tmp_path, f"+++\ndescription = 'x'\n+++\n{blocks}"))
    fence = Fence.around("article", "text")
    assert prompt.render({"n": 1}, {"article": "text"}) == [
        {"role": "system", "content": "S 1"},
        {"role": "user", "content": f"U\n\n{fence.open}\ntext\n{fence.close}"},
    ]


def test_article_is_never_a_template() -> None:
    messages = find("summarize").render({"takeaways": 5, "language": "French (fr)"}, {"article": NASTY})
    fence = Fence.around("article", NASTY)
    assert messages[-1]["role"] == "user"
    assert messages[-1]["content"].endswith(f"{fence.open}\n{NASTY}\n{fence.close}")
    assert messages[-1]["content"].count(fence.open) == 2  # named in the words before, then itself
    assert NASTY not in messages[0]["content"]


def test_values_are_not_rendered_twice(tmp_path: Path) -> None:
    prompt = read(written(tmp_path, "{{ title }}"))
    assert prompt.render({"title": "{{ 7*7 }}"}, {})[0]["content"] == "{{ 7*7 }}"


def test_article_cannot_close_its_fence() -> None:
    text = "news"
    for _ in range(3):  # even an article that quotes the fence it would have had gets another one
        fence = Fence.around("article", text)
        assert fence.close not in text
        text += fence.close


def test_same_article_gets_the_same_fence() -> None:
    assert Fence.around("article", "x") == Fence.around("article", "x") != Fence.around("article", "y")


def test_summarize_prompt_says_up_to_and_the_language() -> None:
    system, user = find("summarize").render({"takeaways": 7, "language": "German (de)"}, {"article": "x"})
    assert "up to 7" in system["content"]
    assert "German (de)" in system["content"] and "German (de)" in user["content"]
    assert all(
        status in system["content"]
        for status in ("established", "in_talks", "considered", "abandoned", "ended", "denied")
    )


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{{ nothing }}", "'nothing' is undefined; a template here may use: fence, takeaways"),
        ("{% if %}", "is not a valid Jinja2 template"),
        ("{{ takeaways.__class__.__mro__ }}", "could not be rendered|is undefined"),
        ("{{ 1 / 0 }}", "could not be rendered"),
        ("+++\nx = \n+++\nbody", "not valid TOML"),
        ("+++\nx = 1\nbody", "opens its front matter and never closes it"),
    ],
)
def test_bad_template_is_told_in_one_line(tmp_path: Path, body: str, says: str) -> None:
    path = written(tmp_path, body)
    with pytest.raises(PromptError, match=says) as caught:
        find(path).render({"takeaways": 5}, {"article": "x"})
    assert "mine.md" in str(caught.value)


def test_template_with_crlf_line_ends_and_bom_is_read(tmp_path: Path) -> None:
    path = tmp_path / "dos.md"
    path.write_bytes("\ufeff+++\r\ndescription = 'd'\r\n+++\r\nhello\r\n".encode())
    prompt = read(path)
    assert (prompt.description, prompt.render({}, {})[0]["content"]) == ("d", "hello")


def test_missing_template_names_the_others() -> None:
    with pytest.raises(PromptError, match=r"no prompt named 'sumarize'.*summarize"):
        find("sumarize")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 200_001])
def test_file_that_is_no_template_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(content)
    with pytest.raises(PromptError, match=r"x\.md.*(UTF-8|200001 bytes)"):
        find(path)


def test_missing_path_and_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.md", tmp_path):
        with pytest.raises(PromptError, match="cannot be read"):
            find(path)


@pytest.mark.parametrize("words", ["", " \n", '+++\ndescription = "mine"\n+++\n\n'])
def test_a_template_that_asks_for_nothing_is_refused_before_a_model_is_paid(tmp_path: Path, words: str) -> None:
    (tmp_path / "mine.md").write_text(words, encoding="utf-8")
    with pytest.raises(PromptError, match=r"mine\.md' is empty: copy the built-in one"):
        find(tmp_path / "mine.md")


@pytest.mark.parametrize(
    "body",
    [
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% block user %}{{ self.user() }}{% endblock %}",
        "{% for i in range(9999) %}{% for j in range(9999) %}xxxxxxxxxx{% endfor %}{% endfor %}",
        "{{ 'x' * 10000000 }}",
        "{{ 'x' * 99999999999999999999 }}",
        "{{ [1] * 9999999999999999 }}",
        "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
        "{% if x %}" * 300 + "{% endif %}" * 300,
    ],
)
def test_a_template_without_an_end_or_a_measure_is_an_error_of_the_prompt(body: str, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text(body, encoding="utf-8")
    with pytest.raises(PromptError, match=r"mine\.md"):
        find(tmp_path / "mine.md").render({"x": 1}, {})
