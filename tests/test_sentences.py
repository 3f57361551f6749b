"""Sentences, as spans of the text."""

import pytest

from summarizer.language.sentences import LONGEST, sentences

CASES = {
    "M. Dupont est là. Elle part.": ["M. Dupont est là.", "Elle part."],
    "Am 12. März kam z.B. Siemens. Er ging.": ["Am 12. März kam z.B. Siemens.", "Er ging."],
    "Apple Inc. The firm grew 3.5 % in the U.S. It is J. K. Rowling.": [
        "Apple Inc.",
        "The firm grew 3.5 % in the U.S.",
        "It is J. K. Rowling.",
    ],
    "Es brannte im 3. Obergeschoss. Das war 2019 zum 2. Mal so. Er wurde 3. Sie lief.": [
        "Es brannte im 3. Obergeschoss.",
        "Das war 2019 zum 2. Mal so.",
        "Er wurde 3.",
        "Sie lief.",
    ],
    "« Il a dit oui. » Elle part.": ["« Il a dit oui. »", "Elle part."],
    "「提携は未定だ。」と社長は述べた。両社は合意した。": ["「提携は未定だ。」と社長は述べた。", "両社は合意した。"],
    "À retenir\n- Un\n- Deux": ["À retenir", "- Un", "- Deux"],
}


@pytest.mark.parametrize("text", CASES, ids=lambda text: text[:24])
def test_a_text_is_cut_where_a_reader_would(text: str) -> None:
    assert [text[start:end] for start, end in sentences(text)] == CASES[text]


def test_a_paragraph_that_is_wrapped_at_a_column_is_read_through() -> None:
    text = "The two companies said on Monday that they\nhad signed a five-year agreement to run the\nline together."
    assert [text[start:end] for start, end in sentences(text)] == [text]


@pytest.mark.parametrize("word", ["mot ", "x", "a, ", "Apple Google "])
def test_a_line_without_a_full_stop_is_cut_and_nothing_is_lost(word: str) -> None:
    text = word * (200_000 // len(word))
    spans = sentences(text)
    assert max(end - start for start, end in spans) <= LONGEST
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")


def test_two_sentences_that_lost_their_space_are_two() -> None:
    text = "Le CIO a signé avec Airbnb.Problème majeur pour M.Dupont, client de Booking.com et des S.A.R.L."
    first, _ = (text[start:end] for start, end in sentences(text))
    assert first == "Le CIO a signé avec Airbnb."
