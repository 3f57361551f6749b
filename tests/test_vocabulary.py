"""The ordinary words of an article are the same whether they are looked for one by one or gathered."""

import pytest

from summarizer.language.normalization import fold_characters
from summarizer.language.vocabulary import FEW, Vocabulary

TEXT = "Orange a signé. L’orange, _fruit, reste « économe » ; Étape 2 : l'étape suit. IBM, iPhone, Berlin et x."


def vocabulary(text: str) -> Vocabulary:
    return Vocabulary(text, fold_characters(text))


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("orange", True),
        ("econome", True),
        ("etape", True),
        ("fruit", True),
        ("iphone", True),
        ("berlin", False),
        ("ibm", False),
        ("rang", False),
        ("x", False),
        ("l'orange", False),
        ("", False),
    ],
)
def test_a_word_is_ordinary_where_it_stands_with_a_small_letter_as_a_whole(word: str, known: bool) -> None:
    few, many = vocabulary(TEXT), vocabulary(TEXT)
    for i in range(FEW):
        assert f"none{i}" not in many
    assert (word in few, word in many) == (known, known)


def test_a_letter_that_folds_to_two_is_found() -> None:
    assert "oeuvre" in vocabulary("Œuvre majeure, cette œuvre dure.")
    assert "oeuvre" not in vocabulary("Œuvre majeure.")
