"""What is looked up in a whole article is the same however long that is."""

from pathlib import Path

import pytest

from summarizer import Article
from summarizer.grounding.document import Document
from summarizer.language.statuses import find_word
from summarizer.language.text_document import LONG
from summarizer.loading import load

FIXTURES = Path(__file__).parent.parent / "fixtures"


def counted(text: str, name: str) -> int:
    """How often a name stands in a text, looked for from one place to the next."""
    at, count = find_word(text, name), 0
    while at >= 0:
        at, count = find_word(text, name, at + len(name)), count + 1
    return count


@pytest.mark.parametrize("slug", ["apple-alibaba", "heidmark-molkerei", "brackwell-brief", "aomine-drone"])
def test_names_of_a_long_article_are_counted_as_those_of_a_short_one(slug: str) -> None:
    short = load(next((FIXTURES / slug).glob("article.*")))
    times = LONG // len(short.text) + 2
    long = Document(Article(text="\n\n".join([short.text] * times), language=short.language))
    assert len(long.running) > LONG
    names = [*Document(short).name_counts, "l'entreprise", "a", "the", "&", "accords", "社"]
    for name in names:
        assert long.count(name) == counted(long.running, name), name
    assert max(map(long.count, names)) >= times


def test_sentences_with_a_name_are_those_that_have_it_as_a_word() -> None:
    text = "Apple signe. Les Apples rient. L'appleton dort. Rien. Apple's retour." + " Vide." * LONG
    reading = Document(Article(text=text, language="fr"))
    assert reading.sentences_with("apple") == [0, 1, 4]
