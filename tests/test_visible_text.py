"""Invisible characters and markup divide no word and prove no number; evidence keeps the article's own text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, Draft, Summary, check_claim, ground
from summarizer.language.visible import VisibleText, visible

SIGNS = ["\u00ad", "\u200b", "\u2060", "\ufeff", "\u200d", "\u00ad\u200b"]
DEAL = "Norvik signed an agreement with Zelba worth 40 million euros on Monday."


def grounded(text: str | Article, claim: str, quote: str) -> Summary:
    article = Article.from_text(text) if isinstance(text, str) else text
    draft = {"takeaways": [{"text": claim, "quotes": [quote]}]}
    return ground(Draft.model_validate(draft), article)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    ("language", "said", "false"),
    [
        (
            "de",
            "Norvik hat kei|nen Vertrag mit Zelba unterzeichnet.",
            "Norvik hat einen Vertrag mit Zelba unterzeichnet.",
        ),
        ("en", "The sales of Norvik de|creased by 4 %.", "The sales of Norvik increased by 4 %."),
        ("fr", "Le bénéfice de Norvik a re|culé de 4 %.", "Le bénéfice de Norvik a progressé de 4 %."),
        ("es", "Las ventas de Norvik ca|yeron un 4 %.", "Las ventas de Norvik subieron un 4 %."),
        ("nl", "Norvik kocht Zelba voor 40 mil|joen euro.", "Norvik kocht Zelba voor 40 miljard euro."),
        ("en", "Norvik plans to o|pen a plant in Ly|on.", "Norvik plans to open a plant in Oslo."),
    ],
)
def test_a_divided_word_is_that_word(language: str, said: str, false: str, sign: str) -> None:
    written = said.replace("|", sign)
    true = said.replace("|", "")
    article = Article.from_text(written).model_copy(update={"language": language})
    assert not grounded(article, false, written).takeaways
    (kept,) = grounded(article, true, true).takeaways
    assert kept.evidence[0].quote == written
    assert check_claim(true, article).supported


@pytest.mark.parametrize(
    "marked",
    [
        "[Norvik](https://e.org/n) signed an agreement with [Zelba](https://e.org/z) worth 40 million euros on Monday.",
        "Norvik signed an [agreement](https://e.org/a_(law)) with Zelba worth 40 million euros on Monday.",
        'Norvik signed an agreement with [Zelba](/z "The firm") worth 40 million euros on Monday.',
        "Norvik signed an agreement[^1] with Zelba worth 40 million euros[2][13] on Monday.",
        "Norvik signed ![logo](x.png) an agreement with Zelba worth 40 million euros on Monday.",
        "Norvik signed an agreement <https://e.org> with Zelba worth 40 million euros on Monday.",
        "[Norvik signed an agreement with Zelba worth 40 million euros on Monday.](https://e.org)",
    ],
)
def test_a_quote_is_found_through_the_markup_of_the_article(marked: str) -> None:
    text = f"The board met in the town hall.\n\n{marked} Fishermen asked for a study."
    (kept,) = grounded(text, DEAL, DEAL).takeaways
    (evidence,) = kept.evidence
    assert text[evidence.start : evidence.end] == evidence.quote
    assert visible(evidence.quote) == visible(marked) or evidence.quote == DEAL
    assert evidence.match == ("verbatim" if DEAL in marked else "folded")
    (copied,) = grounded(text, DEAL, marked).takeaways
    assert copied.evidence[0].start == evidence.start


def test_the_number_of_a_note_is_no_number_of_the_article() -> None:
    text = "Norvik signed an agreement[12] with Zelba."
    assert not grounded(text, "Norvik signed 12 agreements with Zelba.", text).takeaways


@pytest.mark.parametrize(
    "text", ["The array [1] holds it.", "It paid $[12] million.", "a [b] c", "f(x)[y]", "[sic] he said", "2 < 3 > 1"]
)
def test_brackets_of_the_text_itself_stay(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("written", ["诺维克与 Zelba 签署了协议。", "诺维克与Zelba签署了协议。"])
@pytest.mark.parametrize("quote", ["诺维克与Zelba签署了协议", "诺维克与 Zelba 签署了协议"])
def test_spaces_between_chinese_and_latin_make_no_difference(written: str, quote: str) -> None:
    assert grounded(written, "诺维克与Zelba签署了协议。", quote).takeaways


@given(st.text(alphabet="ab \u00ad\u200b[](!^1)<https://e>.", max_size=60))
def test_offsets_lead_back_to_what_is_shown(text: str) -> None:
    shown = VisibleText(text)
    for i, c in enumerate(shown.text):
        start, end = shown.source(i, i + 1)
        assert c in text[start:end]
        assert shown.text[slice(*shown.shown(start, end))] == c
