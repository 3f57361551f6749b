"""What the embedded model makes of sentences in seven languages: who with whom, in which state, what it leaves.

The cases stand in `data/extractive_partnerships.toml`; the names are invented.
"""

import asyncio
import json
import tomllib
from pathlib import Path

import pytest

from summarizer import render, summarize
from summarizer.engines.extractive import ExtractiveEngine
from summarizer.language.normalization import fold
from summarizer.schema import UNSOUGHT, Article, Draft, Passage

CASES = tomllib.loads((Path(__file__).parent / "data" / "extractive_partnerships.toml").read_text(encoding="utf-8"))


def draft(text: str, language: str, *, output: str | None = None, takeaways: int = 5) -> Draft:
    article = Article(text=text, language=language)
    passage = Passage(article=article, start=0, end=len(text), output_language=output or language, takeaways=takeaways)
    return asyncio.run(ExtractiveEngine().draft(passage))


def told(text: str, language: str) -> list[str]:
    """Return the partnerships as "a + b: status", folded and sorted, legal forms and articles left out."""
    return sorted(_line(partnership.parties, partnership.status) for partnership in draft(text, language).partnerships)


def _line(parties: tuple[str, ...] | list[str], status: str) -> str:
    return f"{' + '.join(sorted(fold(party).strip() for party in parties))}: {status}"


def _wanted(case: str) -> str:
    parties, _, status = case.rpartition(": ")
    return _line(parties.split(" + "), status)


@pytest.mark.parametrize(
    ("language", "case"), [(language, case) for language, cases in CASES.items() for case in cases]
)
def test_sentence_is_read_as_its_author_meant_it(language: str, case: dict[str, list[str]]) -> None:
    assert told(str(case["text"]), language) == sorted(map(_wanted, case["states"]))


BUSINESS = "The brewer Corvane employs 900 people and sells beer to customers in six markets. "


@pytest.mark.parametrize(
    ("text", "language", "fields"),
    [
        (
            "Corvane and the retailer Hollis signed a partnership in Norway on Monday to open twelve shops.",
            "en",
            {"region": "Norway", "date": "Monday", "purpose": "open twelve shops"},
        ),
        ("In Norway, Corvane and the retailer Hollis signed a partnership.", "en", {"region": "Norway"}),
        ("Corvane and the retailer Hollis signed a partnership.", "en", {}),
        ("Corvane has a partnership with Hollis, a research organisation in Norway.", "en", {}),
        ("Corvane has a partnership with the retailer Hollis and opened offices in Norway.", "en", {}),
        ("Corvane has offices in Norway and has a partnership with the retailer Hollis.", "en", {}),
        ("Corvane announced from Norway a partnership with the retailer Hollis.", "en", {}),
        ("Corvane had a partnership with the retailer Hollis from 2002 to 2007.", "en", {}),
        ("Corvane (2011-2021) had a partnership with the retailer Hollis.", "en", {}),
        ("Corvane has a partnership with the retailer Hollis on the project.", "en", {}),
        ("Corvane has a partnership with the retailer Hollis for its first shop.", "en", {}),
        ("A dinner with speeches was held on 9 March 2014, to toast the partnership of Corvane with Hollis.", "en", {}),
        ("Le brasseur Corvane a dévoilé depuis Londres un partenariat avec l'enseigne Hollis.", "fr", {}),
        ("Le brasseur Corvane a un partenariat avec l'enseigne Hollis, une société en Norvège.", "fr", {}),
        ("Der Brauer Corvane hat eine Partnerschaft mit dem Händler Hollis, einer Firma in Norwegen.", "de", {}),
        ("Founded in 1950, Corvane, which left Norway in 1988, has a partnership with the retailer Hollis.", "en", {}),
        ("Le brasseur Corvane a signé un partenariat avec l'enseigne Hollis au micro d'Europe 1.", "fr", {}),
        ("Le motoriste Corvane, 2 000 ch, a signé un partenariat avec l'enseigne Hollis.", "fr", {}),
    ],
)
def test_a_field_belongs_to_the_deal_or_is_null(text: str, language: str, fields: dict[str, str]) -> None:
    (partnership,) = draft(BUSINESS * (language == "en") + text, language).partnerships
    assert {name: getattr(partnership, name) for name in ("region", "date", "purpose")} == {
        "region": None,
        "date": None,
        "purpose": None,
    } | fields


def test_what_an_article_is_about_decides_how_much_must_be_known() -> None:
    deal = "Corvane and Hollis are partners: Corvane collaborates with Hollis. "
    politics = (
        "The minister told voters that parliament would vote after the election. The mayor and the police agreed. "
    )
    assert told(BUSINESS + deal, "en")
    assert not told(politics * 2 + deal.replace("Corvane", "Ilia Vost"), "en")


def test_a_language_without_patterns_says_that_nobody_looked_and_another_does_not() -> None:
    looked = draft("Corvane sells beer. Nothing else happened.", "en").usage.warnings
    unlooked = draft("Corvane säljer öl. Inget annat hände.", "sv").usage.warnings
    assert not looked
    assert any("partnerships were not looked for" in warning for warning in unlooked)


NOTHING = {
    "en": "Corvane sold twelve thousand litres of beer in Halden on Monday.",
    "sv": "Corvane sålde tolv tusen liter öl i staden Halden på måndagen.",
}


def shown(language: str, form: str) -> str:
    article = Article(text=NOTHING[language], language=language)
    return render(summarize(article, model="extractive"), article, form)


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_none_found_and_not_looked_for_stay_apart_in_every_format(form: str) -> None:
    none, unsought = "None found.", "Not looked for in this language."
    assert none in shown("en", form) and unsought not in shown("en", form)
    assert unsought in shown("sv", form) and none not in shown("sv", form)


def test_json_tells_none_found_from_not_looked_for() -> None:
    looked, unlooked = (json.loads(shown(language, "json")) for language in NOTHING)
    assert looked["partnerships"] == unlooked["partnerships"] == []
    assert not looked["provenance"]["warnings"]
    assert unlooked["provenance"]["warnings"][0].startswith(UNSOUGHT)
