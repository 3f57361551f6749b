"""A claim that a model settled says so in every format, in a word of the summary's language and without colour."""

import csv
import io
import re

import pytest
from rendering_samples import ARTICLE, SUMMARY

from summarizer.rendering import render
from summarizer.rendering.formats import Rows
from summarizer.rendering.summary_view import words_of
from summarizer.schema import Grade, Reason, ReasonCode, Rejected

MODEL = "openai/gpt-5"
DOUBT = Reason(code=ReasonCode.MODALITY_CONFLICT, grade=Grade.DOUBT, message="the quotes call it <planned>")
FAULT = Reason(code=ReasonCode.NUMBER_NOT_IN_EVIDENCE, message="17 is not in the evidence")
SETTLED = {"proof": MODEL, "doubts": (DOUBT,)}
MIXED = SUMMARY.model_copy(
    update={
        "takeaways": (SUMMARY.takeaways[0], SUMMARY.takeaways[1].model_copy(update=SETTLED)),
        "partnerships": (SUMMARY.partnerships[0], SUMMARY.partnerships[1].model_copy(update=SETTLED)),
        "rejected": (Rejected(kind="takeaway", claim={"text": "Airbus gagne."}, reasons=(DOUBT, FAULT)),),
        "provenance": SUMMARY.provenance.model_copy(update={"proofs": {"code": 2, MODEL: 2}}),
    }
)
WORD = f"vérifié par {MODEL}"
TALLY = f"2 claims proven by code, 2 settled by {MODEL}"


@pytest.mark.parametrize(("format", "width"), [("text", None), ("text", 40), ("text", 200), ("markdown", None)])
def test_text_and_markdown_say_it_and_show_the_doubts_in_full(format: str, width: int | None) -> None:
    brief, full = (
        " ".join(render(MIXED, ARTICLE, format, width=width, verbose=verbose).split()).replace("\\", "")
        for verbose in (False, True)
    )
    assert brief.count(WORD) == 2 and "doubt:" not in brief and TALLY not in brief
    assert full.count(WORD) >= 2 and full.count("doubt: the quotes call it") == 3 and TALLY in full
    assert "; 17 is not in the evidence" in full


def test_the_page_says_it_in_visible_words_with_the_doubts() -> None:
    page = render(MIXED, ARTICLE, "html")
    assert page.count(f'<p class="soft">({WORD})</p>') == 2
    assert page.count('class="soft">doubt: the quotes call it &lt;planned&gt;</p>') == 2
    assert TALLY in page and "doubt: the quotes call it &lt;planned&gt;; 17 is not" in page


def test_a_claim_that_code_proves_says_nothing() -> None:
    assert not any(
        "vérifié" in render(SUMMARY, ARTICLE, format, verbose=True) for format in ("text", "markdown", "html")
    )


def test_the_last_column_of_the_table_is_the_proof() -> None:
    rows = list(csv.reader(io.StringIO(render(MIXED, ARTICLE, "csv", rows=Rows.ALL))))
    assert [row[-1] for row in rows] == ["proof", "code", MODEL, "code", MODEL, ""]


@pytest.mark.parametrize("tag", ["ar", "de", "en", "es", "fr", "he", "it", "ja", "nl", "pt", "zh"])
def test_every_language_has_a_word_with_a_place_for_the_model(tag: str) -> None:
    words = words_of(tag)
    assert words.language == tag and re.sub(r"[^{}]", "", words.settled) == "{}"
