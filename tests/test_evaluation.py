"""Scores: one error of each kind moves its own figure and no other, and other words for the same move none."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, Partnership, Status, SummarizerError, Summary, Takeaway
from summarizer.engines.extractive import ExtractiveEngine
from summarizer.errors import ConfigError, EngineUnavailable
from summarizer.evaluation import (
    MEASURES,
    Baseline,
    Case,
    Report,
    Score,
    difference,
    evaluate,
    find_cases,
    read_case,
    replayed,
    score,
    show,
)
from summarizer.evaluation.cases import OrganisationMatcher
from summarizer.evaluation.report_formats import insert
from summarizer.evaluation.scoring import rouge, words
from summarizer.schema import Draft, Evidence, Passage, Provenance

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
CASE = read_case(FIXTURES / "taruma-biometano")
"""Three parties in one alliance, aliases, a denial, and a trap of each common kind."""
WORDING = {"rouge_1", "rouge_2", "rouge_l"}


def perfect(case: Case = CASE) -> Summary:
    """The gold itself as a summary."""
    return replayed(case).model_copy(
        update={"takeaways": case.gold.takeaways, "partnerships": case.gold.partnerships, "rejected": ()}
    )


def with_pact(summary: Summary, at: int, **changed: Any) -> Summary:
    pacts = list(summary.partnerships)
    pacts[at] = pacts[at].model_copy(update=changed)
    return summary.model_copy(update={"partnerships": tuple(pacts)})


def and_pact(*parties: str) -> Callable[[Summary], Summary]:
    def change(summary: Summary) -> Summary:
        more = Partnership(parties=parties, status=Status.ESTABLISHED, evidence=summary.partnerships[0].evidence)
        return summary.model_copy(update={"partnerships": (*summary.partnerships, more)})

    return change


def with_takeaway(summary: Summary, at: int, **changed: Any) -> Summary:
    told = list(summary.takeaways)
    told[at] = told[at].model_copy(update=changed)
    return summary.model_copy(update={"takeaways": tuple(told)})


def and_takeaway(text: str, quote: str) -> Callable[[Summary], Summary]:
    def change(summary: Summary) -> Summary:
        start = CASE.article.text.index(quote)
        place = Evidence(quote=quote, start=start, end=start + len(quote), match="verbatim")
        return summary.model_copy(update={"takeaways": (*summary.takeaways, Takeaway(text=text, evidence=(place,)))})

    return change


def shifted(summary: Summary) -> Summary:
    place = summary.partnerships[3].evidence[0]
    moved = place.model_copy(update={"start": place.start + 1, "end": place.end + 1})
    return with_pact(summary, 3, evidence=(moved,))


def in_english(summary: Summary) -> Summary:
    english = (
        "The truck maker sets up a consortium for biomethane with two others.",
        "It plans to invest a lot of money.",
    )
    told = tuple(t.model_copy(update={"text": english[i % 2]}) for i, t in enumerate(summary.takeaways))
    return summary.model_copy(update={"takeaways": told})


def figures(summary: Summary | None, case: Case = CASE) -> dict[str, float | None]:
    made = score(summary, case)
    return {measure.name: measure.of([made]) for measure in MEASURES}


def moved(change: Callable[[Summary], Summary]) -> set[str]:
    before, after = figures(perfect()), figures(change(perfect()))
    return {name for name in before if before[name] != after[name]}


# --- sensitivity -----------------------------------------------------------------------------------------------

PARTNERSHIPS = {
    "a wrong status": (lambda s: with_pact(s, 2, status=Status.ESTABLISHED), {"status"}),
    "a denial as a fact": (lambda s: with_pact(s, 4, status=Status.ESTABLISHED), {"status"}),
    "a customer as a partner": (and_pact("Rodoitaí", "Tarumã"), {"pair_precision", "pair_f1"}),
    "an invented partner": (and_pact("Tarumã Motores", "Novaplex"), {"pair_precision", "pair_f1"}),
    "a partnership lost": (
        lambda s: s.model_copy(update={"partnerships": s.partnerships[:-1]}),
        {"pair_recall", "pair_f1"},
    ),
    "one party of three lost": (
        lambda s: with_pact(s, 0, parties=s.partnerships[0].parties[:2]),
        {"pair_recall", "pair_f1"},
    ),
    "an offset beside its quote": (shifted, {"exact"}),
}
TAKEAWAYS = {
    "a takeaway lost": (lambda s: s.model_copy(update={"takeaways": s.takeaways[:-1]}), {"covered"}),
    "a takeaway too many": (
        and_takeaway("Os tanques serão comprados da Falchi Serbatoi.", "Os tanques de alta pressão serão comprados"),
        {"extra"},
    ),
    "a takeaway twice": (
        and_takeaway("O acordo com a Cisplan acabou.", "O contrato de distribuição entre a Tarumã e a importadora"),
        {"redundant"},
    ),
    "another language": (in_english, {"language"}),
}


@pytest.mark.parametrize("what", PARTNERSHIPS)
def test_one_planted_error_moves_its_figure_and_no_other(what: str) -> None:
    change, expected = PARTNERSHIPS[what]
    assert moved(change) == expected


@pytest.mark.parametrize("what", TAKEAWAYS)
def test_one_planted_error_in_takeaways_moves_its_figure_and_the_wording(what: str) -> None:
    change, expected = TAKEAWAYS[what]
    assert moved(change) - WORDING == expected
    assert moved(change) & WORDING


SAME = {
    "the other order of parties": lambda s: with_pact(s, 0, parties=s.partnerships[0].parties[::-1]),
    "a short name": lambda s: with_pact(s, 0, parties=("Tarumã", "Paranari", "Instituto Ibirá")),
    "a legal form": lambda s: with_pact(s, 4, parties=("Tarumã Motores S.A.", "Tianrao Motor")),
    "another order": lambda s: s.model_copy(update={"partnerships": s.partnerships[::-1]}),
    "another purpose": lambda s: with_pact(s, 3, purpose="distribuir caminhões no Uruguai"),
}


@pytest.mark.parametrize("what", SAME)
def test_the_same_partnerships_otherwise_move_nothing(what: str) -> None:
    assert moved(SAME[what]) == set()


def test_the_same_takeaway_in_other_words_moves_nothing_but_the_wording() -> None:
    said = "Três organizações passam a criar juntas caminhões que rodam com biometano."
    assert moved(lambda summary: with_takeaway(summary, 0, text=said)) == WORDING


@pytest.mark.parametrize("folder", find_cases(FIXTURES), ids=lambda path: path.name)
def test_the_gold_itself_is_perfect(folder: Path) -> None:
    case = read_case(folder)
    found = {name: value for name, value in figures(perfect(case), case).items() if value is not None}
    best = {measure.name: 100.0 if measure.higher else 0.0 for measure in MEASURES}
    assert found == {name: best[name] for name in found}


def test_false_alarms_are_sorted_by_the_trap_that_was_fallen_into() -> None:
    summary = perfect()
    for parties in (("Rodoitaí", "Tarumã Motores"), ("Fundo Jequi", "Paranari"), ("Ibama", "Cisplan")):
        summary = and_pact(*parties)(summary)
    made = score(with_pact(summary, 4, status=Status.IN_TALKS), CASE)
    assert made.false_alarms == {"customer": 1, "investment": 1, "unlisted": 1, "denial": 1}
    assert made.traps["competitor"] == 1
    assert made.statuses["denied", "in_talks"] == 1


def test_a_lie_in_the_draft_moves_what_was_proven_and_its_reason() -> None:
    true = {
        kind: [{**c.model_dump(mode="json"), "quotes": [e.quote for e in c.evidence]} for c in claims]
        for kind, claims in (("takeaways", CASE.gold.takeaways), ("partnerships", CASE.gold.partnerships))
    }
    lie = {"text": "A Tarumã Motores faturou R$ 3,9 bilhões em 2025.", "quotes": [true["takeaways"][3]["quotes"][0]]}
    lying = {**true, "takeaways": [*true["takeaways"], lie]}
    honest, told = (asyncio.run(evaluate([with_answer(answer)], None))[0] for answer in (true, lying))
    assert {m.name for m in MEASURES if m.of([honest]) != m.of([told])} == {"kept"}
    assert told.reasons - honest.reasons == {"number_not_in_evidence": 1}


def with_answer(answer: dict[str, Any]) -> Case:
    return Case(CASE.folder, CASE.article, answer, {}, CASE.gold)


# --- who is who ------------------------------------------------------------------------------------------------

ROLLS = {
    "a legal form": (["Norvik", "Zelba"], "Norvik GmbH", "Norvik"),
    "an acronym that the article introduces": (
        ["Agro-Institut de Belcourt", "Zelba"],
        "AIB",
        "Agro-Institut de Belcourt",
    ),
    "a word of one name": (["Banque Rhodane", "Zelba"], "Rhodane", "Banque Rhodane"),
    "a longer form": (["Rhodane", "Zelba"], "Banque Rhodane", "Rhodane"),
    "Japanese without spaces": (
        ["フェアモント・ダイナミクス", "青嶺精機"],
        "フェアモント",
        "フェアモント・ダイナミクス",
    ),
}


@pytest.mark.parametrize("what", ROLLS)
def test_two_names_of_one_organisation_are_one(what: str) -> None:
    names, other, same = ROLLS[what]
    roll = OrganisationMatcher("L’Agro-Institut de Belcourt (AIB) et Zelba.", names)
    assert roll.key(other) == roll.key(same)


def test_a_name_that_could_be_two_is_a_third() -> None:
    roll = OrganisationMatcher("", ["Norvik Energi", "Norvik Bank"])
    assert len({roll.key("Norvik Energi"), roll.key("Norvik Bank"), roll.key("Norvik")}) == 3


def test_names_that_the_gold_calls_aliases_are_one() -> None:
    roll = OrganisationMatcher(
        "", ["International Business Machines", "Zelba"], [("International Business Machines", "Big Blue")]
    )
    assert roll.key("Big Blue") == roll.key("International Business Machines")


# --- ROUGE -----------------------------------------------------------------------------------------------------

# What the package rouge-score 0.1.2 says of these, without stemmer, with the same words.
ROUGE = [
    ("the cat sat on the mat", "the cat lay on the mat", (0.833333, 0.6, 0.833333)),
    ("police killed the gunman", "the gunman killed police", (1.0, 0.333333, 0.5)),
    ("Norvik a signé un accord avec Zelba", "un accord lie Norvik à Zelba", (0.769231, 0.363636, 0.461538)),
    ("ventes : 3,5 milliards", "les ventes atteignent 3,5 milliards", (0.75, 0.333333, 0.75)),
    ("a", "b", (0.0, 0.0, 0.0)),
]


@pytest.mark.parametrize(("gold", "ours", "expected"), ROUGE)
def test_rouge_is_what_the_known_package_says(gold: str, ours: str, expected: tuple[float, ...]) -> None:
    assert rouge(gold, ours) == pytest.approx(expected, abs=1e-5)
    scorers = pytest.importorskip("rouge_score.rouge_scorer", reason="not a dependency: compared where it is installed")

    class Words:
        def tokenize(self, text: str) -> list[str]:
            return words(text)

    theirs = scorers.RougeScorer(["rouge1", "rouge2", "rougeL"], tokenizer=Words()).score(gold, ours)
    assert [one.fmeasure for one in theirs.values()] == pytest.approx(expected, abs=1e-5)


def test_rouge_of_nothing_is_nothing_and_of_japanese_counts_characters() -> None:
    assert rouge("", "x") == rouge("x", "") == (0, 0, 0)
    assert rouge("東京都", "東京") == pytest.approx((0.8, 2 / 3, 0.8))


# --- the difference, and what chance makes of it ---------------------------------------------------------------


def hits(*found: int) -> list[Score]:
    return [Score(case=str(i), held_out=False, pairs=4, gold_pairs=4, hit_pairs=n) for i, n in enumerate(found)]


PRECISION, EXTRA = MEASURES[0], next(measure for measure in MEASURES if measure.name == "extra")


def test_one_lucky_article_is_no_difference() -> None:
    first, other = hits(*[2] * 24), hits(4, *[2] * 23)
    found = difference(PRECISION, "new", other, first)
    assert found is not None
    assert found.points == pytest.approx(2.083, abs=0.001)
    assert (found.low, found.verdict) == (0, "no difference that 24 articles can show")


def test_a_difference_in_most_articles_is_one_and_says_which_way() -> None:
    first, other = hits(*[2] * 24), hits(*[3] * 20, *[2] * 4)
    better, worse = difference(PRECISION, "new", other, first), difference(PRECISION, "new", first, other)
    assert better is not None and worse is not None
    assert (better.verdict, worse.verdict) == ("better", "worse")
    assert 0 < better.low < better.points < better.high
    assert better == difference(PRECISION, "new", other, first), "the same draws in every run"


def test_less_is_better_where_less_is_better() -> None:
    few, many = ([Score(case=str(i), held_out=False, takeaways=5, extra=n) for i in range(12)] for n in (1, 3))
    found = difference(EXTRA, "new", few, many)
    assert found is not None
    assert (found.points, found.verdict) == (pytest.approx(-40), "better")


@pytest.mark.parametrize(
    ("articles", "verdict"), [(1, "too few articles to say (1)"), (5, "too few articles to say (5)"), (6, "better")]
)
def test_a_handful_of_articles_shows_nothing_whatever_they_agree_on(articles: int, verdict: str) -> None:
    silent = [Score(case="silent", held_out=False)] * 20
    found = difference(PRECISION, "new", [*hits(*[4] * articles), *silent], [*hits(*[1] * articles), *silent])
    assert found is not None and found.verdict == verdict


def test_nothing_to_measure_is_no_difference_at_all() -> None:
    empty = [Score(case="0", held_out=False)]
    assert difference(PRECISION, "new", empty, empty) is None


# --- running ---------------------------------------------------------------------------------------------------


class Flaky:
    """Answers nothing for one article, and an empty draft for the others."""

    model, identity, prompt, window = "flaky", "flaky", None, 1_000_000

    def __init__(self, fails: Article, error: SummarizerError) -> None:
        self._fails, self._error = fails, error

    async def draft(self, passage: Passage) -> Draft:
        if passage.article.sha256 == self._fails.sha256:
            raise self._error
        return Draft()

    async def aclose(self) -> None:
        pass


def test_an_article_that_fails_is_counted_and_not_dropped() -> None:
    cases = [read_case(FIXTURES / slug) for slug in ("apple-alibaba", "brackwell-brief")]
    made = asyncio.run(evaluate(cases, Flaky(cases[0].article, EngineUnavailable("no answer"))))
    assert [one.error for one in made] == ["no answer", None]
    assert made[0].gold_pairs == 6 and made[0].gold_takeaways == 4
    assert figures(None)["failed"] == 100 and figures(None)["pair_recall"] == 0


def test_what_would_fail_all_stops_the_run() -> None:
    cases = [read_case(FIXTURES / "apple-alibaba")]
    with pytest.raises(ConfigError, match="no key"):
        asyncio.run(evaluate(cases, Flaky(cases[0].article, ConfigError("no key"))))


# --- floors ----------------------------------------------------------------------------------------------------


def report(*found: int, model: str = "extractive") -> Report:
    return Report("cases", {model: hits(*found)}, version="0.1.0", date="2026-11-23")


def test_floors_are_pinned_and_what_sinks_below_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert Baseline(path).missed(report(0, 0)) == []
    Baseline(path).update(report(3, 2))
    assert Baseline(path).missed(report(3, 2)) == []
    missed = Baseline(path).missed(report(2, 2))
    assert [str(miss) for miss in missed if miss.measure.name == "pair_recall"] == [
        "extractive, development: pairs: recall 50.0, below its floor of 62.5"
    ]
    assert {miss.measure.name for miss in missed} == {"pair_precision", "pair_recall", "pair_f1"}


def test_the_floors_of_one_model_say_nothing_of_another_and_stay(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    Baseline(path).update(report(4, 4))
    Baseline(path).update(report(1, 1, model="openai/x"))
    assert Baseline(path).missed(report(1, 1, model="openai/x")) == []
    assert Baseline(path).missed(report(1, 1))


def test_nothing_to_measure_is_below_a_floor(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    Baseline(path).update(report(4))
    empty = Report("cases", {"extractive": [Score(case="0", held_out=False)]}, version="", date="")
    assert "pair_precision" in {miss.measure.name for miss in Baseline(path).missed(empty)}


@pytest.mark.parametrize(
    "content", ["nonsense", "[]", '{"models": {"x": {}}}', '{"models": {"x": {"floors": {"d": 3}}}}']
)
def test_floors_that_cannot_be_read_are_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match=r"baseline\.json.*cannot be read"):
        Baseline(path)


# --- what is shown ---------------------------------------------------------------------------------------------

HOSTILE = Score(case="<b>x</b>|\x1b[31m", held_out=True, error="a|b <script>alert(1)</script>", cost_usd=None)
SHOWN = Report(
    "cases",
    {"extractive": [*hits(4, 2), HOSTILE], "<i>": [*hits(1, 2), HOSTILE]},
    version="0.1.0",
    date="2026-11-23",
)
FIRST_LINES = """\
summarizer 0.1.0, 2026-11-23, cases: 2 development and 1 held out articles

Figures, in percent
                               extractive, development  extractive, held out  <i>, development  <i>, held out
pairs: precision                                  75.0                     –              37.5              –
pairs: recall                                     75.0                     –              37.5              –
pairs: F1                                         75.0                     –              37.5              –
status of the pairs found                          0.0                     –               0.0              –
"""


def test_the_table_is_laid_out_for_a_terminal_and_says_what_failed() -> None:
    text = show(SHOWN)
    assert text.startswith(FIRST_LINES)
    assert "<i>    pairs: precision   -37.5  -75.0 to +0.0  too few articles to say (2)" in text
    assert text.endswith("Each counts as an article in which nothing was found.\n")
    assert "\x1b" not in text


def test_markdown_and_html_show_hostile_words_as_words() -> None:
    markdown, html = show(SHOWN, "markdown"), show(SHOWN, "html")
    assert r"a\|b \<script\>alert(1)\</script\>" in markdown
    assert "<script" not in html and "&lt;script&gt;" in html
    assert "\x1b" not in markdown + html
    assert html.count("<table>") == html.count("</table>") == sum(1 for _ in SHOWN.tables())
    assert "default-src 'none'" in html


def test_json_says_everything_in_plain_values() -> None:
    told = json.loads(show(SHOWN, "json"))
    assert (told["schema"], list(told["halves"])) == ("evaluation/1", ["development", "held_out"])
    half = told["halves"]["development"]
    assert half["models"]["extractive"]["figures"]["pair_precision"] == 75
    assert half["models"]["extractive"]["counts"]["hit_pairs"] == 6
    assert {one["measure"] for one in half["differences"]} >= {"pair_precision", "pair_recall"}
    assert told["halves"]["held_out"]["models"]["extractive"]["failed"][0]["error"].startswith("a|b")


def test_an_unknown_format_is_told() -> None:
    with pytest.raises(ConfigError, match="there is no format 'pdf' for an evaluation; the formats are table, json"):
        show(SHOWN, "pdf")


def test_the_figures_go_between_the_markers_of_a_document() -> None:
    before = "# x\n<!-- evaluation -->\nstale\n<!-- /evaluation -->\ny\n"
    after = insert(before, report(3, 2))
    assert after.startswith("# x\n<!-- evaluation -->\nsummarizer 0.1.0, 2026-11-23, cases: 2 articles.\n\n|")
    assert after.endswith("|\n<!-- /evaluation -->\ny\n") and "stale" not in after
    assert insert(after, report(3, 2)) == after
    with pytest.raises(ConfigError, match="no place for the figures"):
        insert("# x", report(1))


# --- what stands in our own documents --------------------------------------------------------------------------


def test_the_readme_has_the_figures_of_the_floors() -> None:
    """`make eval` writes both: one without the other is stale."""
    readme = (ROOT / "tests/benchmarks/README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- evaluation -->\n(.*?)<!-- /evaluation -->", readme, re.DOTALL)
    assert block is not None
    floors = json.loads((FIXTURES / "baseline.json").read_text(encoding="utf-8"))["models"]["extractive"]
    caption = block[1].splitlines()[0]
    assert caption.startswith(f"summarizer {floors['version']}, {floors['date']}, fixtures: ")
    assert sum(map(int, re.findall(r"(\d+) (?:development|held out)", caption))) == floors["articles"]
    rows = {
        line.split(" | ")[0].strip("| "): line.strip("| ").split(" | ")[1:]
        for line in block[1].splitlines()
        if line.startswith("|")
    }
    for measure in (one for one in MEASURES if one.gates):
        told = [float(cell) for cell in rows[measure.label]]
        pinned = [floors["floors"][half][measure.name] for half in ("development", "held_out")]
        assert told == pytest.approx(pinned, abs=0.11)


def test_the_embedded_model_and_the_proof_hold_their_floors() -> None:
    cases = [read_case(folder) for folder in find_cases(FIXTURES)]
    scores = {
        "extractive": asyncio.run(evaluate(cases, ExtractiveEngine())),
        "replay": asyncio.run(evaluate(cases, None)),
    }
    measured = Report("fixtures", scores, version="", date="")
    assert [str(miss) for miss in Baseline(FIXTURES / "baseline.json").missed(measured)] == []


def test_a_gold_takeaway_without_evidence_is_covered_by_its_words() -> None:
    bare = tuple(told.model_copy(update={"evidence": ()}) for told in CASE.gold.takeaways)
    case = replace(CASE, gold=CASE.gold.model_copy(update={"takeaways": bare}))
    assert figures(perfect(), case)["covered"] == 100


def test_a_summary_of_nothing_can_be_scored() -> None:
    empty = Summary(article=CASE.article.info, provenance=Provenance(output_language="pt"))
    assert figures(empty)["pair_recall"] == 0 and figures(empty)["pair_precision"] is None
