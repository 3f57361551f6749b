"""A list of entries finds what its plain pattern finds, though it looks only where a word begins as an entry does."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from summarizer.language.lexicon import languages, lexicon
from summarizer.language.normalization import fold
from summarizer.language.phrases import HEAD, SHORT, PhrasePattern, heads_of
from summarizer.language.sentences import sentences

FIXTURES = Path(__file__).parent.parent / "fixtures"


@cache
def texts() -> tuple[str, ...]:
    """Sentences of all languages, folded: alone, and two together."""
    articles = [path.read_text(encoding="utf-8") for path in sorted(FIXTURES.glob("*/article.*"))]
    folded = [fold(text[start:end]) for text in articles for start, end in sentences(text)[:10]]
    return tuple(folded + [f"{left} {right}" for left, right in pairwise(folded)][::3])


def lists(table: dict[str, Any], name: str = "") -> Iterator[str]:
    """The dotted names of all lists of a table."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from lists(value, f"{name}{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], str):
            yield name + key


@pytest.mark.slow
@pytest.mark.parametrize("tag", languages())
def test_every_list_finds_what_its_plain_pattern_finds(tag: str) -> None:
    tables = lexicon(tag)
    assert tables is not None
    found = 0
    for name in lists(tables._tables):
        entries = tables.pattern(name)
        for text in texts():
            plain = [match.span() for match in entries._regex.finditer(text)]
            assert [match.span() for match in entries.finditer(text)] == plain, (name, text)
            first = entries.search(text)
            assert (first.span() if first else None) == (plain[0] if plain else None), (name, text)
            assert entries.sub("_", text) == entries._regex.sub("_", text), (name, text)
            assert len(entries.blank(text)) == len(text)
            found += len(plain)
    assert found > 40


def test_a_stretch_of_a_text_is_looked_through_as_by_the_plain_pattern() -> None:
    entries = PhrasePattern(["pas", "aucune?s?", "ne", "n'", "sans que", "avec le concours d(e|u)"] * 5)
    text = "le groupe n'a pas signe, et ne signera pas sans que le voisin signe avec le concours du canton, aucune idee"
    for start in range(len(text)):
        for end in (len(text), start + 40, start + 12):
            while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
                end += 1  # a stretch ends where a word does
            plain = [match.span() for match in entries._regex.finditer(text, start, end)]
            assert [match.span() for match in entries.finditer(text, start, end)] == plain


@pytest.mark.parametrize(
    ("entry", "heads"),
    [
        ("partenariats?", {"part"}),
        ("pas", {"pas"}),
        ("pas?", {"pa", "pas"}),
        ("a deux", {"a"}),
        ("n'", {"n"}),
        ("(a|ont) signe", {"a", "ont"}),
        ("(s'|se )alli[a-z]*", {"s", "se"}),
        ("(re)?prend", {"repr", "pren"}),
        ("s'?etait", {"s", "seta"}),
        ("d(e|u|es)", {"de", "du", "des"}),
        ("(?!non)oui", {"oui"}),
        ("(?<!pas\\x20)seulement", {"seul"}),
        ("wies(en)? .{0,90}zuruck", {"wies"}),
    ],
)
def test_the_beginnings_of_an_entry(entry: str, heads: set[str]) -> None:
    assert heads_of(entry.replace(" ", r"\s+")) == heads
    assert max(map(len, heads)) <= HEAD


@pytest.mark.parametrize("entry", ["[a-z]*partner", "&", "-t-il", "提携", ".*", r"\w+ent", "[0-9]+"])
def test_an_entry_that_any_word_may_begin_is_looked_for_everywhere(entry: str) -> None:
    assert heads_of(entry) is None
    assert [match.span() for match in PhrasePattern(["pas", entry]).finditer("il ne dit pas")][-1:] != []


def test_a_short_text_is_looked_through_too() -> None:
    assert len("il n'a pas signe") < SHORT
    assert [match[0] for match in PhrasePattern(["n'", "pas"]).finditer("il n'a pas signe")] == ["n'", "pas"]
