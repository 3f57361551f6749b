"""The entries of a list are found as whole words of folded text."""

import pytest

from summarizer.language.phrases import compile_phrases

CASES = [
    (["pas"], "il ne dit pas que le pass passe", ["pas"]),
    (["n'", "pas"], "il n'a pas signe", ["n'", "pas"]),
    (["sans que"], "sans\nque rien", ["sans\nque"]),
    (["élevé(e|s)?"], "des taux eleves", ["eleves"]),
    (["[a-z]*partner"], "der vertriebspartner", ["vertriebspartner"]),
    (["提携"], "資本提携を結ぶ", ["提携"]),
    (["wies(en)? .{0,20}zuruck"], "sie wies den bericht zuruck", ["wies den bericht zuruck"]),
    (["team", "team up"], "they team up", ["team"]),
    ([], "nothing", []),
]


@pytest.mark.parametrize(("entries", "text", "found"), CASES)
def test_entries_are_found_as_whole_words(entries: list[str], text: str, found: list[str]) -> None:
    assert [match[0] for match in compile_phrases(entries).finditer(text)] == found
