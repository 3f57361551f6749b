"""The ordinary words of an article are those that it writes with a small letter somewhere."""

import pytest

from summarizer.language.text_document import TextDocument

TEXT = "Orange a signé. L’orange, _fruit, reste « économe » ; Étape 2 : l'étape suit. IBM, iPhone, Berlin et x."


def vocabulary(text: str) -> frozenset[str]:
    return TextDocument(text).vocabulary


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
    assert (word in vocabulary(TEXT)) is known


def test_a_letter_that_folds_to_two_is_found() -> None:
    assert "oeuvre" in vocabulary("Œuvre majeure, cette œuvre dure.")
    assert "oeuvre" not in vocabulary("Œuvre majeure.")
