"""A claim without quotes: supported where it repeats the article, unsupported with a definite fault, else doubtful."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Article, check_claim, load
from summarizer.schema import Verdict

FIXTURES = Path(__file__).parent.parent / "fixtures"

ENGLISH = """Brackwell Air said on Tuesday it was ending its code-share agreement with carrier Nordvinge on June 30.
Revenue rose 4.2 percent to 310 million pounds in 2025, from 297.5 million a year earlier.
The airline is in talks with Faroese operator Skarvair about a joint schedule from Aberdeen.
Chief executive Priya Denholm told reporters that tickets already sold remain valid. No jobs will be cut in Leeds.
The Civil Aviation Authority, or CAA, has not approved the winter schedule. Brackwell Air employs 1,240 people.
Artificial intelligence sets the fares on half of its routes. It expects profits of between 20 and 25 million pounds.
"A ticket is forty five pounds on average, but we sold two hundred and fifty seats for twelve point five," she said."""
FRENCH = """Le groupe Alphaville a signé un partenariat avec Bêtacorp pour équiper ses 1 250 magasins en Suisse.
Son chiffre d’affaires a progressé de 11 % à 3,5 milliards d’euros, a indiqué mardi la directrice générale, Inès Roy.
La société n’a pas renouvelé son contrat avec Gammalec, qui a fermé deux usines en mars 2026.
Les premiers magasins seront équipés à l’automne, mais le Tessin attendra."""
JAPANESE = (
    "青葉自動車は4月8日、北海電機と共同で電池工場を建設すると発表した。投資額は1200億円。海外では生産しない方針だ。"
)

CASES = """
en | supported | Chief executive Priya Denholm told reporters that tickets already sold remain valid.
en | supported | Brackwell Air employs 1,240 people.
en | supported | No jobs will be cut in Leeds.
fr | supported | Le groupe Alphaville a signé un partenariat avec Bêtacorp.
fr | supported | La société n’a pas renouvelé son contrat avec Gammalec, qui a fermé deux usines en mars 2026.
ja | supported | 海外では生産しない方針だ。
en | yes | Brackwell Air ends its code-share agreement with Nordvinge on June 30.
en | yes | Revenue rose 4.2% to £310 million in 2025.
en | yes | Revenue was about 298 million pounds a year earlier, and the airline has 1,240 employees.
en | yes | The Civil Aviation Authority has not yet approved the winter schedule.
en | yes | The CAA has not approved the winter schedule.
en | yes | Tickets that were sold remain valid, Priya Denholm said, and no jobs are cut in Leeds.
en | yes | Fares on half of the routes are set by AI.
en | yes | Brackwell Air expects a profit of 20 million pounds to 25 million pounds.
en | yes | Tickets cost 45 pounds on average; 250 seats were sold for 12.5 pounds.
en | number_not_in_evidence | Tickets cost 40 pounds on average.
en | number_not_in_evidence | Revenue rose 6.2% to £310 million in 2025.
en | number_not_in_evidence | Revenue rose 4.2% to $310 million in 2025.
en | number_not_in_evidence | Revenue rose 4.2% to £310 billion in 2025.
en | number_not_in_evidence | Brackwell Air employs 310 people.
en | name_not_in_evidence | Brackwell Air ends its code-share agreement with Ryanair on June 30.
en | name_not_in_evidence | Brackwell Air ends its code-share agreement with Skarvair on June 30.
en | date_not_in_evidence | Brackwell Air ends its code-share agreement with Nordvinge on July 30.
en | polarity_conflict | Tickets already sold do not remain valid.
en | polarity_conflict | The Civil Aviation Authority has approved the winter schedule.
en | polarity_conflict | Revenue fell 4.2% to £310 million in 2025.
en | limit_not_in_evidence | The airline is only in talks with Skarvair about a joint schedule from Aberdeen.
en | judgement_not_in_evidence | The chief executive gave reporters misleading figures about tickets already sold.
en | weak_evidence | Shipyards in Norway welcome cheaper steel.
en | wrong_language | Die Fluggesellschaft wird im Winter keine Flugzeuge mehr nach Schottland schicken, wie es heißt.
fr | yes | Alphaville a conclu un partenariat avec Bêtacorp pour équiper 1 250 magasins en Suisse.
fr | yes | Le chiffre d’affaires d’Alphaville a progressé de 11 %, à 3,5 milliards d’euros.
fr | yes | Alphaville n’a pas renouvelé son contrat avec Gammalec.
fr | yes | Les magasins suisses seront équipés à l’automne, mais ceux du Tessin attendront.
fr | number_not_in_evidence | Le chiffre d’affaires d’Alphaville a progressé de 17 %, à 3,5 milliards d’euros.
fr | number_not_in_evidence | Le chiffre d’affaires d’Alphaville a progressé de 11 %, à 3,5 millions d’euros.
fr | name_not_in_evidence | Alphaville a signé un partenariat avec Deltanor pour équiper ses 1 250 magasins en Suisse.
fr | name_not_in_evidence | Alphaville a signé un partenariat avec Gammalec pour équiper ses 1 250 magasins en Suisse.
fr | polarity_conflict | Alphaville n’a pas signé de partenariat avec Bêtacorp pour ses magasins en Suisse.
fr | polarity_conflict | Alphaville a renouvelé son contrat avec Gammalec.
fr | polarity_conflict | Si le Tessin n’attendra pas, les premiers magasins seront équipés à l’automne.
fr | limit_not_in_evidence | Alphaville équipe uniquement ses magasins en Suisse avec Bêtacorp.
ja | yes | 青葉自動車は北海電機と電池工場を建設する。
ja | number_not_in_evidence | 青葉自動車は北海電機と電池工場を建設し、投資額は1500億円。
ja | weak_evidence | 東京の桜は来週満開になる見込みだ。
"""
ARTICLES = {tag: Article.from_text(text) for tag, text in (("en", ENGLISH), ("fr", FRENCH), ("ja", JAPANESE))}


@pytest.mark.parametrize("case", [line for line in CASES.splitlines() if line])
def test_claims_get_their_grade_and_reason(case: str) -> None:
    tag, expected, claim = case.split(" | ")
    verdict = check_claim(claim, ARTICLES[tag])
    codes = {reason.code for reason in verdict.reasons}
    assert verdict.supported == (verdict.grade == "supported") == (verdict.score >= 0.9) == (expected == "supported")
    if expected == "yes":
        assert verdict.grade == "doubtful", verdict
    elif expected != "supported":
        assert expected in codes, verdict


@pytest.mark.parametrize(
    ("claim", "grade"),
    [
        ("Revenue rose 6.2% to £310 million in 2025.", "unsupported"),
        ("Brackwell Air ends its code-share agreement with Ryanair on June 30.", "unsupported"),
        ("Brackwell Air ends its code-share agreement with Nordvinge on July 30.", "unsupported"),
        ("Brackwell Air ends its code-share agreement with Skarvair on June 30.", "doubtful"),
        ("The Civil Aviation Authority has approved the winter schedule.", "doubtful"),
        ("The airline is only in talks with Skarvair about a joint schedule from Aberdeen.", "doubtful"),
        ("Le directeur a vendu 1 250 magasins.", "doubtful"),
        ("Le directeur a vendu 1 900 magasins en Suisse.", "unsupported"),
    ],
)
def test_only_what_the_article_lacks_refutes(claim: str, grade: str) -> None:
    verdict = check_claim(claim, ARTICLES["fr" if claim.startswith("Le ") else "en"])
    assert verdict.grade == grade, verdict
    assert (grade == "unsupported") == any(reason.grade == "refuted" for reason in verdict.reasons)


def test_a_claim_in_another_language_is_doubtful_unless_its_numbers_are_not_in_the_article() -> None:
    said = (
        "La société Alphaville a gagné avec ses magasins en Suisse 11 % de plus pour un total de {} milliards d’euros."
    )
    german = Article.from_text(
        "Alphaville hat mit seinen Läden in der Schweiz 11 Prozent mehr verdient, insgesamt 3,5 Milliarden Euro, "
        "und wird im Herbst weitere Läden eröffnen."
    )
    assert [check_claim(said.format(number), german).grade for number in ("3,5", "4,7")] == ["doubtful", "unsupported"]


TRAPS = """Halden tried to buy Pennine in May and withdrew. Norvik beat Zelba 3-1 in Leeds.
The search for Noah Tull has widened. The analyst recommends selling the shares of Ravel.
The council must still approve the plan. Opening hours change from 8 to 11. Tolls rose in March, except in Leeds.
The ministry was refused access to the site. The ministry has not approved the tunnel.
Half of its income comes from tolls. The fraud could cost him his office. Norvik bought Zelba for 40 million euros.
Ravel, the largest miner of the country, sold two pits to Zelba. The winner is Smith or Jones.
Ravel, is it said, will sell the mine? If the vote fails, Zelba closes."""


@pytest.mark.parametrize(
    "claim",
    [
        "Halden bought Pennine in May.",
        "Zelba beat Norvik 3-1 in Leeds.",
        "Noah Tull has widened.",
        "The analyst recommends buying the shares of Ravel.",
        "The council has approved the plan.",
        "The council approve the plan.",
        "Opening hours change from 11 to 8.",
        "The ministry refused access to the site.",
        "The ministry has approved the tunnel.",
        "Its income comes from tolls.",
        "The fraud costs him his office.",
        "Tolls rose in March.",
        "Norvik sold Zelba for 40 million euros.",
        "Zelba bought Norvik for 40 million euros.",
        "Norvik was bought by Zelba for 40 million euros.",
        "Zelba sold two pits to Ravel.",
        "The winner is Smith.",
        "Ravel will sell the mine.",
        "Zelba closes.",
    ],
)
def test_a_change_of_one_word_is_never_supported(claim: str) -> None:
    verdict = check_claim(claim, Article.from_text(TRAPS))
    assert verdict.grade != "supported" and verdict.reasons


def test_a_parenthesis_and_what_follows_may_be_left_out() -> None:
    for claim in ("Norvik bought Zelba.", "Ravel sold two pits to Zelba.", "Norvik beat Zelba 3-1."):
        assert check_claim(claim, Article.from_text(TRAPS)).supported, claim


@pytest.mark.parametrize(
    "claim",
    [
        "Thieves stole two paintings in Q3.",
        "Two friends, Steve and Carly, were arrested.",
        "Villagers met on Monday.",
        "Doctors could not save him.",
        "Police had problems, but they were delayed.",
    ],
)
def test_what_a_summary_may_say_in_its_own_words_refutes_nothing(claim: str) -> None:
    article = (
        "Burglars took two paintings in the third quarter. Steve Malo and Carly Bant were arrested. "
        "The council met on Monday. The officers, late because of the snow, found him. Medics were unable to save him."
    )
    assert check_claim(claim, Article.from_text(article)).grade == "doubtful"


def test_a_wrong_weekday_is_one_fault() -> None:
    verdict = check_claim("Brackwell Air said on Friday it was ending its code-share agreement.", ARTICLES["en"])
    assert [reason.code for reason in verdict.reasons if reason.grade == "refuted"] == ["date_not_in_evidence"]


def test_a_reason_shows_both_sides() -> None:
    (reason,) = check_claim("Norvik bought Zelba for 45 million euros.", Article.from_text(TRAPS)).reasons
    assert reason.message == "'45 million euros' is not in the article, which says '40 million euros'"
    assert reason.value == "45 million euros"


def test_evidence_is_the_articles_own_words_at_their_place() -> None:
    verdict = check_claim("Le contrat avec Gammalec n’a pas été renouvelé.", ARTICLES["fr"])
    assert [one.quote for one in verdict.evidence] == [FRENCH.splitlines()[2]]
    assert all(FRENCH[one.start : one.end] == one.quote for one in verdict.evidence)


def test_a_summary_of_several_sentences_falls_with_one_of_them() -> None:
    partner = "Le groupe Alphaville a signé un partenariat avec Bêtacorp."
    true = f"{partner} La société n’a pas renouvelé son contrat avec Gammalec."
    verdict = check_claim(true, ARTICLES["fr"])
    assert verdict.supported
    assert len(verdict.evidence) == 2
    assert check_claim(f"{true} Il y en a 1 900.", ARTICLES["fr"]).grade == "unsupported"


def test_a_claim_without_words_is_not_supported() -> None:
    for nothing in ("", " \n", "…", "?!"):
        assert not check_claim(nothing, ARTICLES["en"]).supported


def test_a_rewording_is_doubtful_and_says_which_words_are_new() -> None:
    verdict = check_claim("Brackwell Air and Skarvair negotiate a common timetable from Aberdeen.", ARTICLES["en"])
    assert verdict.grade == "doubtful" and 0.4 < verdict.score < 0.6
    assert "'negotiate', 'common', 'timetable' are not in these sentences" in verdict.reasons[0].message


def test_verdicts_do_not_depend_on_the_order_of_sets() -> None:
    claim = "Alphaville, Bêtacorp et Gammalec équipent 1 250 magasins au Tessin."
    verdicts: set[Verdict] = {check_claim(claim, Article.from_text(FRENCH)) for _ in range(3)}
    assert len(verdicts) == 1


@settings(max_examples=150, deadline=None)
@given(claim=st.text(max_size=80) | st.lists(st.sampled_from(ENGLISH.split()), max_size=12).map(" ".join))
def test_every_text_gets_a_verdict(claim: str) -> None:
    verdict = check_claim(claim, ARTICLES["en"])
    assert 0 <= verdict.score <= 1
    assert verdict.supported == (not verdict.reasons)
    assert all(ENGLISH[one.start : one.end] == one.quote for one in verdict.evidence)


# --- the fixtures: gold takeaways stand, changed ones fall ------------------------------------------------------

NEGATED = tomllib.loads("""
en = [[" has ", " has not "], [" have ", " have not "], [" will ", " will not "], [" is ", " is not "]]
fr = [[" a ", " n’a pas "], [" ont ", " n’ont pas "], [" est ", " n’est pas "], [" va ", " ne va pas "]]
de = [[" hat ", " hat nicht "], [" haben ", " haben nicht "], [" wird ", " wird nicht "], [" ist ", " ist nicht "]]
es = [[" ha ", " no ha "], [" han ", " no han "], [" es ", " no es "]]
it = [[" ha ", " non ha "], [" hanno ", " non hanno "], [" è ", " non è "]]
pt = [[" é ", " não é "], [" são ", " não são "], [" prevê ", " não prevê "]]
nl = [[" heeft ", " heeft niet "], [" hebben ", " hebben niet "], [" wordt ", " wordt niet "]]
""")


def _gold() -> Iterator[tuple[Article, str]]:
    for folder in sorted(FIXTURES.iterdir()):
        if folder.is_dir() and not folder.name.startswith("held-"):
            article = load(next(folder.glob("article.*")))
            for takeaway in json.loads((folder / "expected.json").read_text(encoding="utf-8"))["takeaways"]:
                yield article, takeaway["text"]


def _changed(article: Article, text: str) -> Iterator[tuple[str, str]]:
    """Yield kinds of change with the changed takeaway."""
    if number := re.search(r"\d[\d.,]*\d|\d", text):
        other = re.sub(r"\d", lambda digit: str((int(digit[0]) + 3) % 10), number[0])
        yield "number", text.replace(number[0], other)
    if name := re.search(r"(?<=[\w,] )[A-Z]\w{4,}", text):
        yield "name", text.replace(name[0], "Zarkovia")
    for plain, negated in NEGATED.get(article.language, ()):
        if plain in text:
            yield "negation", text.replace(plain, negated, 1)
            break


def test_gold_takeaways_are_not_unsupported() -> None:
    grades = [check_claim(text, article).grade for article, text in _gold()]
    assert grades.count("unsupported") / len(grades) <= 0.05
    assert grades.count("supported") / len(grades) >= 0.2


@pytest.mark.parametrize("kind", ["number", "name", "negation"])
def test_changed_takeaways_are_hardly_ever_supported(kind: str) -> None:
    verdicts = [
        check_claim(changed, article).supported
        for article, text in _gold()
        for made, changed in _changed(article, text)
        if made == kind
    ]
    assert len(verdicts) > 10
    assert sum(verdicts) <= 1


def test_a_claim_with_hundreds_of_contradictions_gets_a_score_of_zero() -> None:
    article = Article(text="Brackwell sold cars in France.", language="en")
    assert check_claim("Brackwell sold 7000 cars in France. " * 160, article).score == 0.0


def test_a_verdict_has_a_grade() -> None:
    article = Article.from_text(ENGLISH)
    assert check_claim("Brackwell Air employs 1,240 people.", article).grade == "supported"
    assert check_claim("Brackwell Air employs 1,420 people.", article).grade == "unsupported"
