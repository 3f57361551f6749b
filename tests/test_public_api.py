"""The public names, and what it costs to import them."""

import subprocess
import sys

import summarizer

PUBLIC = [
    "Article",
    "ConfigError",
    "Draft",
    "EngineError",
    "EngineRefused",
    "EngineUnavailable",
    "Evidence",
    "Failure",
    "InvalidDraft",
    "Partnership",
    "PromptError",
    "Rejected",
    "SourceError",
    "Status",
    "Summary",
    "SummarizerError",
    "Takeaway",
    "Verdict",
    "__version__",
    "asummarize",
    "check_claim",
    "ground",
    "load",
    "render",
    "summarize",
    "summarize_many",
]


def test_all_names_exactly_the_public_names() -> None:
    assert sorted(summarizer.__all__) == sorted(PUBLIC)


def test_every_public_name_is_there() -> None:
    assert [name for name in PUBLIC if getattr(summarizer, name, None) is None] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(summarizer, "Summarizer")


def test_importing_the_package_pulls_in_no_client_and_no_terminal() -> None:
    code = (
        "import summarizer, sys; "
        "print([m for m in ('openai', 'instructor', 'rich', 'pydantic', 'tenacity', 'lingua') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_each_error_is_a_summarizer_error() -> None:
    errors = [name for name in PUBLIC if name.endswith(("Error", "Refused", "Unavailable", "InvalidDraft"))]
    assert all(issubclass(getattr(summarizer, name), summarizer.SummarizerError) for name in errors)
