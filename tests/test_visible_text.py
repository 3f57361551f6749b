"""The proof reads what a reader sees: invisible characters divide no word, and links and notes interrupt no quote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, Draft, check_claim, ground
from summarizer.language.normalization import FoldedText, fold
from summarizer.language.visible import VisibleText, visible
from summarizer.schema import Summary

OPPOSITES = [
    (
        "Der Rat traf sich am Montag. {} Die Fischer verlangten eine Studie.",
        "Norvik hat kei|nen Vertrag mit Zelba unterzeichnet.",
        "Norvik hat einen Vertrag mit Zelba unterzeichnet.",
    ),
    (
        "The board met on Monday. {} Fishermen asked for a study.",
        "The sales of Norvik de|creased by 4 %.",
        "The sales of Norvik increased by 4 %.",
    ),
    (
        "The board met on Monday. {} Fishermen asked for a study.",
        "Norvik has ne|ver signed an agreement with Zelba.",
        "Norvik has signed an agreement with Zelba.",
    ),
    (
        "Le conseil s'est réuni lundi. {} Les pêcheurs ont demandé une étude.",
        "Le bénéfice de Norvik a re|culé de 4 %.",
        "Le bénéfice de Norvik a progressé de 4 %.",
    ),
    (
        "El consejo se reunió el lunes. {} Los pescadores pidieron un estudio.",
        "Las ventas de Norvik ba|ja|ron un 4 %.",
        "Las ventas de Norvik subieron un 4 %.",
    ),
    (
        "Il consiglio si è riunito lunedì. {} I pescatori hanno chiesto uno studio.",
        "Norvik ha venduto 40 mi|liardi di azioni.",
        "Norvik ha venduto 40 milioni di azioni.",
    ),
    (
        "De raad kwam maandag bijeen. {} De vissers vroegen om een studie.",
        "Norvik kocht Zelba voor 40 mil|joen euro.",
        "Norvik kocht Zelba voor 40 miljard euro.",
    ),
    (
        "The board met on Monday. {} Fishermen asked for a study.",
        "Norvik plans to o|pen a plant in Ly|on.",
        "Norvik plans to open a plant in Oslo.",
    ),
    (
        "The board met on Monday. {} Fishermen asked for a study.",
        "Norvik paid 4|0 million euros to Zelba.",
        "Norvik paid 4 million euros to Zelba.",
    ),
]


def proven(text: str, claim: str, quote: str) -> Summary:
    draft = Draft.model_validate({"takeaways": [{"text": claim, "quotes": [quote]}]})
    return ground(draft, Article.from_text(text))


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u2060", "\ufeff", "\u200d", "\u00ad\n"])
@pytest.mark.parametrize(("frame", "said", "claim"), OPPOSITES)
def test_a_divided_word_proves_no_opposite(frame: str, said: str, claim: str, sign: str) -> None:
    if sign == "\u00ad\n" and "4|0" in said:
        return  # no figure is divided at the end of a line
    quote = said.replace("|", sign)
    assert not proven(frame.format(quote), claim, quote).takeaways
    assert not check_claim(claim, Article.from_text(frame.format(quote))).supported


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
@pytest.mark.parametrize(
    "said",
    [
        "No|vartek signed an agreement with Zel|ba.",
        "La banque Nor|vik a signé un accord avec Zelba pour 40 mil|lions d'euros.",
        "Die Norvik AG un|ter|zeich|nete einen Ver|trag mit Zelba.",
        "Los ingresos de Norvik au|men|taron un 12 por cien|to en ju|lio.",
    ],
)
def test_a_sentence_with_divided_words_proves_itself(said: str, sign: str) -> None:
    plain, divided = said.replace("|", ""), said.replace("|", sign)
    for text, claim in ((divided, plain), (plain, divided), (divided, divided)):
        assert check_claim(claim, Article.from_text(text)).supported
        kept = proven(text, claim, claim).takeaways
        assert [one.evidence[0].quote for one in kept] == [text]
        assert kept[0].evidence[0].match == ("verbatim" if text == claim else "folded")


MARKED = [
    ("[Norvik](https://example.org/n) signed an agreement with [Zelba](https://example.org/z).", None),
    (
        "On Monday Norvik signed an [agreement](https://example.org/d) with Zelba.",
        "Norvik signed an [agreement](https://example.org/d) with Zelba.",
    ),
    ("Norvik signed an agreement[^1] with Zelba.", None),
    ("Norvik signed an agreement[1][2] with Zelba.", None),
    ("Norvik signed an agreement with Zelba.[12] It rained.", "Norvik signed an agreement with Zelba."),
    ("Norvik signed ![logo](x.png) an agreement with Zelba.", None),
    ("Norvik signed [![logo](x.png)](https://example.org) an agreement with Zelba.", None),
    ("Norvik signed an agreement with Zelba <https://example.org>.", None),
    ("Norvik <mailto:press@example.org> signed an agreement with Zelba.", None),
    ("**Norvik** signed an *agreement* with Zelba.", "Norvik** signed an *agreement* with Zelba."),
    ('Norvik signed an [agreement](https://example.org/a_(b) "The deal") with Zelba.', None),
    ("[Norvik][n] signed an agreement with [Zelba][].", None),
    ("[Today Norvik signed an agreement with Zelba.](/news/1)", "Norvik signed an agreement with Zelba.](/news/1)"),
    ("Nor\u00advik signed an [agree\u00adment](#a)\u200b with Zelba.", None),
]


@pytest.mark.parametrize(("text", "evidence"), MARKED)
def test_markup_interrupts_no_quote_and_stays_in_the_evidence(text: str, evidence: str | None) -> None:
    quote = "Norvik signed an agreement with Zelba."
    kept = proven(text, quote, quote).takeaways
    assert len(kept) == 1
    found = kept[0].evidence[0]
    assert text[found.start : found.end] == found.quote
    if "](/news/1)" not in text or evidence is None:
        assert found.quote == (evidence or text)
    (copied,) = proven(text, quote, text).takeaways  # a model that copies the markup, too
    assert copied.evidence[0].quote


def test_the_number_of_a_note_is_no_number_of_the_article() -> None:
    text = "Norvik signed an agreement[12] with Zelba."
    assert not proven(text, "Norvik signed 12 agreements with Zelba.", text).takeaways


@pytest.mark.parametrize(
    "text",
    [
        "He wrote [sic] that it was [1] of them.",
        "Norvik (Oslo) rose [more than expected] (see table).",
        "a[i] = b[1](x)",
        "The ratio is < 3 and > 2.",
        "[^1]: A note.",
        "The array [1] holds it.",
        "It paid $[12] million.",
        "f(x)[y]",
        "",
    ],
)
def test_brackets_that_are_no_markup_are_left(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("トヨタと NTT は 2024 年に提携した", "トヨタとNTTは2024年に提携した"),
        ("华为 5G 网络", "华为5G网络"),
        ("使用 AI　技术", "使用AI技术"),
    ],
)
def test_spaces_between_scripts_make_no_difference(left: str, right: str) -> None:
    assert fold(left) == fold(right) == FoldedText(left).text


def test_spaces_between_words_of_a_spaced_script_stay() -> None:
    assert fold("삼성 AI 기술") == fold("삼성 AI 기술")
    assert " " in fold("삼성 AI 기술")
    assert fold("the AI age") == "the ai age"


@pytest.mark.parametrize("written", ["诺维克与 Zelba 签署了协议。", "诺维克与Zelba签署了协议。"])
@pytest.mark.parametrize("quote", ["诺维克与Zelba签署了协议", "诺维克与 Zelba 签署了协议"])
def test_spaces_between_chinese_and_latin_make_no_difference(written: str, quote: str) -> None:
    assert proven(written, "诺维克与Zelba签署了协议。", quote).takeaways


@given(st.text(alphabet="ab \u00ad\u200b[](!^1)<https://e>.", max_size=60))
def test_offsets_lead_back_to_what_is_shown(text: str) -> None:
    shown = VisibleText(text)
    for i, c in enumerate(shown.text):
        start, end = shown.source(i, i + 1)
        assert c in text[start:end]
        assert shown.text[slice(*shown.shown(start, end))] == c
