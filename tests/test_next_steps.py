"""What a message tells the person to do next."""

import io
import sys
from pathlib import Path

import pytest

from summarizer import Article, ConfigError, Draft, DraftTakeaway, ground, render, summarize
from summarizer.cli.main import COMMANDS, main
from summarizer.cli.progress import Tally
from summarizer.schema import ArticleInfo, Reason, ReasonCode, Rejected, Summary

NEWS = "Airbus and Thales signed a deal on Monday. It is worth 3 million euros."


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        ("gpt-5", "openai/gpt-5"),
        ("gpt-5.4-mini", "openai/gpt-5.4-mini"),
        ("o3-mini", "openai/o3-mini"),
        ("claude-opus-4-5", "anthropic/claude-opus-4-5"),
        ("gemini-2.5-pro", "gemini/gemini-2.5-pro"),
        ("grok-4", "xai/grok-4"),
        ("deepseek-chat", "deepseek/deepseek-chat"),
        ("extractiv", "extractive"),
    ],
)
def test_a_model_without_its_provider_is_proposed_with_it(named: str, meant: str) -> None:
    with pytest.raises(ConfigError, match=f"did you mean '{meant}'"):
        summarize(NEWS, model=named)


def test_a_model_that_nobody_knows_is_proposed_nothing() -> None:
    with pytest.raises(ConfigError) as raised:
        summarize(NEWS, model="qwertz-9")
    assert "did you mean" not in str(raised.value) and "PROVIDER/NAME" in str(raised.value)


@pytest.mark.parametrize("asked", [["help"], *(["help", name] for name in COMMANDS)], ids=" ".join)
def test_help_is_a_command_too(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(asked)
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {' '.join(['summarizer', *asked[1:]])}")


@pytest.mark.parametrize(
    "claims", ["[]", "[5]", '{"claims": ["a"]}', '{"takeaways": "a"}', '{"summary": {"text": "a"}}']
)
def test_claims_of_the_wrong_shape_are_told_the_right_one(
    claims: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article, given = tmp_path / "a.txt", tmp_path / "claims.json"
    article.write_text(NEWS, encoding="utf-8")
    given.write_text(claims, encoding="utf-8")
    assert main(["check", str(article), str(given)]) == 1
    assert '{"takeaways": [{"text": "…", "quotes": ["…"]}]' in capsys.readouterr().err


def test_what_was_left_out_says_how_to_see_it() -> None:
    article = Article.from_text(NEWS)
    summary = ground(Draft(takeaways=(DraftTakeaway(text="It is worth 9 million.", quotes=("It is worth",)),)), article)
    for width in (None, 80):
        assert "-v shows them" in " ".join(render(summary, article, "text", width=width).split())
    assert "-v" not in render(summary, article, "text", verbose=True)


def test_claims_and_details_are_counted_apart() -> None:
    def rejected(kind: str) -> Rejected:
        reason = Reason(code=ReasonCode.WEAK_EVIDENCE, message="…")
        return Rejected.model_validate({"kind": kind, "claim": {}, "reasons": (reason,)})

    tally = Tally(total=1_000)
    kinds = ["takeaway", "field", "partnership", "field", "field"]
    tally.add(Summary(article=ArticleInfo(), rejected=tuple(map(rejected, kinds))))
    assert "2 claims rejected, 3 details left out" in tally.words()


def test_the_time_left_is_told_once_it_is_known() -> None:
    tally = Tally(total=1_000)
    for number in range(1, 40):
        tally.add(Summary(article=ArticleInfo()))
        assert (" left" in tally.pace()) is (number >= 20)


def test_a_reviewer_is_told_what_a_dash_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    article = tmp_path / "a.txt"
    article.write_text(NEWS, encoding="utf-8")
    assert main(["golden", "add", str(article), "-m", "extractive", "--folder", str(tmp_path / "golden")]) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("m\n\n\n"))
    main(["golden", "review", str(tmp_path / "golden" / "a")])
    assert "- alone clears it" in capsys.readouterr().out
