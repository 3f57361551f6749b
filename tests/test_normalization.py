"""Folding takes time in proportion to a text, whatever it is made of: no stretch is looked at twice."""

import pytest

from summarizer.language.normalization import FoldedText, _specials, fold, fold_all


@pytest.mark.parametrize("sign", ["\u0301", "\u200b", "  ", "'", "\u0301\u200b", '" '])
def test_a_long_run_of_signs_is_one_stretch(sign: str) -> None:
    text = f"a{sign * 10_000}b"
    special, *others = _specials(text)
    start, end = special.span()
    assert others == []
    assert text[start:end].strip("ab") == text[start:end] != ""


def test_a_long_run_of_signs_is_folded_as_a_short_one_is() -> None:
    assert FoldedText(f"caf{'e' + chr(0x301) * 5_000} noir").text == FoldedText("café noir").text == "cafe noir"


@pytest.mark.parametrize(
    "words", [[], ["É"], ["", "é"], ["un\0deux", "É"], ["« oui »", " 11 %", "1 150 000", "l’ami"], ["\0"], ["", ""]]
)
def test_words_folded_together_are_folded_as_each_alone(words: list[str]) -> None:
    assert fold_all(words) == [fold(word) for word in words]
