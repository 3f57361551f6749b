"""From summaries to a map: which names are one, what stands now, and what contradicts what."""

import random

import pytest
from graph_samples import NEWS, partnership, summary

from summarizer.errors import ConfigError
from summarizer.graph import Edge, OrganisationNames, State, graph, only
from summarizer.graph.organisation_names import name_key
from summarizer.language.dates import read_period
from summarizer.schema import Evidence, Failure, Partnership, Status, Summary

FAILURE = Failure(source="gone.txt", error="SourceError", message="it is gone")


def edges(*summaries: Summary, names: OrganisationNames | None = None) -> dict[tuple[str, str], Edge]:
    return {edge.parties: edge for edge in graph(summaries, names=names).edges}


def named(*parties: str, names: OrganisationNames | None = None) -> list[str]:
    """The organisations that these names stand for, each named in an article with another."""
    found = (summary(partnership(party, "Zelba"), source=f"{number}.txt") for number, party in enumerate(parties))
    drawn = graph(found, names=names)
    return sorted(organisation.name for organisation in drawn.organisations if organisation.name != "Zelba")


# --- names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spellings",
    [
        ("Airbus", "AIRBUS", "Airbus SE", "airbus se"),
        (
            "Société Générale",
            "Societe Generale",
            "Socie\u0301te\u0301 Ge\u0301ne\u0301rale",
            "Société Générale, S.A.",
        ),
        ("L’Oréal", "L'Oreal", "L‘Oréal S. A."),
        ("Yahoo", "Yahoo!", "Yahoo, Inc."),
        ("Coca-Cola", "Coca Cola", "Coca\u2011Cola"),
        ("J.P. Morgan", "JP Morgan", "J. P. Morgan"),
        ("Siemens", "Siemens AG", "SIEMENS AG"),
        ("Merck", "Merck KGaA"),
        ("Otto", "Otto GmbH & Co. KG", "Otto GmbH & Co KGaA"),
        ("Enel", "Enel S.p.A.", "ENEL SpA"),
        ("Philips", "Philips N.V.", "Philips NV"),
        ("Samsung Electronics", "Samsung Electronics Co., Ltd.", "Samsung Electronics Limited"),
        ("Ørsted", "Ørsted A/S"),
        ("トヨタ自動車", "トヨタ自動車株式会社", "株式会社トヨタ自動車"),
        ("腾讯", "腾讯有限公司"),
        ("Газпром", "ПАО Газпром"),
        ("Air\u200bbus", "Airbus"),
        ("Mars", "Mars, Incorporated"),
    ],
    ids=lambda spellings: spellings[0],
)
def test_spellings_that_differ_in_form_alone_are_one_organisation(spellings: tuple[str, ...]) -> None:
    assert len({name_key(spelling) for spelling in spellings}) == 1
    assert len(named(*spellings)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alibaba", "Alibaba Group"),
        ("Alibaba", "阿里巴巴"),
        ("Peugeot", "Groupe Peugeot"),
        ("Tata", "Tata Holding"),
        ("Ford Motor", "Ford Motor Company"),
        ("Marriott", "Marriott International"),
        ("BCE", "Banque centrale européenne"),
        ("IBM", "International Business Machines"),
        ("Disney", "Disney+"),
        ("AT&T", "ATT"),
        ("Canal+", "Canal"),
        ("Apple", "Apple Music"),
        ("Tiffany", "Tiffany & Co. Ltd"),
        ("Siemens", "Siemens Energy"),
        ("The Limited", "The"),
        ("Apple", "Аpple"),
        ("***", "!!!"),
    ],
)
def test_what_only_a_guess_would_bring_together_stays_apart(one: str, other: str) -> None:
    assert len(named(one, other)) == 2


def test_all_spellings_are_kept_and_the_most_frequent_is_shown() -> None:
    drawn = graph(
        [
            summary(partnership("AIRBUS", "Zelba"), source="1"),
            summary(partnership("Airbus SE", "Zelba"), partnership("Airbus SE", "Norvik"), source="2"),
        ]
    )
    airbus = next(each for each in drawn.organisations if "AIRBUS" in each.spellings)
    assert airbus.name == "Airbus SE"
    assert airbus.spellings == {"Airbus SE": 2, "AIRBUS": 1}
    assert (airbus.articles, airbus.partners) == (2, 2)


def test_a_table_brings_names_together_whatever_their_case_and_legal_form() -> None:
    names = OrganisationNames({"Alibaba": ["Alibaba Group", "阿里巴巴"]})
    assert named("Alibaba", "ALIBABA GROUP", "Alibaba Group Ltd.", "阿里巴巴", names=names) == ["Alibaba"]


def test_a_table_can_keep_apart_what_the_rule_brings_together() -> None:
    names = OrganisationNames({"Merck (US)": ["Merck Inc."], "Merck (DE)": ["Merck KGaA"]})
    assert named("Merck Inc", "Merck KGaA", names=names) == ["Merck (DE)", "Merck (US)"]
    assert named("Merck Inc", "Merck", "Merck KGaA", names=names) == ["Merck", "Merck (DE)", "Merck (US)"]


def test_a_spelling_under_two_names_is_a_contradiction() -> None:
    with pytest.raises(ConfigError, match="'ALIBABA' is listed under two names, 'Alibaba' and 'Ali'"):
        OrganisationNames({"Alibaba": [], "Ali": ["ALIBABA"]})


def test_a_short_form_that_an_article_introduces_is_the_same_organisation() -> None:
    introduced = partnership("Alibaba Group", "Apple", quote="Alibaba Group (« Alibaba ») et Apple s’allient")
    found = graph([summary(introduced, source="1"), summary(partnership("Alibaba", "Apple"), source="2")])
    assert [(edge.parties, edge.articles) for edge in found.edges] == [(("Alibaba", "Apple"), 2)]
    assert found.organisations[0].spellings == {"Alibaba Group": 1, "Alibaba": 1}


def test_a_short_form_that_two_organisations_have_is_neither_elsewhere() -> None:
    group = partnership("Alibaba Group", "Apple", quote="Alibaba Group (Alibaba) et Apple")
    films = partnership("Alibaba Pictures", "Apple", quote="Alibaba Pictures (Alibaba) et Apple")
    texts = (group, films, partnership("Alibaba", "Apple"))
    found = graph(summary(each, source=str(number)) for number, each in enumerate(texts))
    assert {each.name for each in found.organisations} == {"Alibaba Group", "Alibaba Pictures", "Alibaba", "Apple"}


def test_an_acronym_holds_in_the_article_that_introduces_it_and_nowhere_else() -> None:
    bank = summary(
        partnership(
            "Banque centrale européenne", "Worldline", quote="La Banque centrale européenne (BCE) et Worldline"
        ),
        partnership("BCE", "Nexi"),
        source="1",
    )
    found = edges(bank, summary(partnership("BCE", "Telus"), source="2"))
    assert set(found) == {
        ("Banque centrale européenne", "Worldline"),
        ("Banque centrale européenne", "Nexi"),
        ("BCE", "Telus"),
    }


def test_one_acronym_of_two_organisations_is_the_name_of_neither() -> None:
    bank = partnership("BCE", "Nexi", quote="La BCE (Banque centrale européenne) et Nexi")
    phones = partnership("BCE", "Telus", quote="BCE (Bell Canada Enterprises) et Telus")
    found = edges(summary(bank, source="1"), summary(phones, source="2"))
    assert set(found) == {("Banque centrale européenne", "Nexi"), ("Bell Canada Enterprises", "Telus")}


def test_a_word_that_begins_many_names_is_no_short_form() -> None:
    bank = partnership("Banque de France", "Nexi", quote="La Banque de France (Banque) et Nexi")
    found = edges(summary(bank, source="1"), summary(partnership("Banque", "Zelba"), source="2"))
    assert set(found) == {("Banque de France", "Nexi"), ("Banque", "Zelba")}


def test_an_owner_in_brackets_is_not_another_name() -> None:
    owned = partnership("Instagram", "Spotify", quote="Instagram (Meta) et Spotify s’allient")
    found = edges(summary(owned, source="1"), summary(partnership("Meta", "Spotify"), source="2"))
    assert len(found) == 2


SPELLINGS = (
    *("BCE", "B.C.E.", "Banque centrale européenne", "BCE SA", "Bell Canada Enterprises", "Bell", "Bell SE"),
    *("Alibaba", "ALIBABA", "Alibaba Group", "Alibaba Pictures", "阿里巴巴", "***", "!!!", "\u200b", "The Limited"),
)


def test_no_two_organisations_ever_have_one_name_and_no_statement_is_lost() -> None:
    rng = random.Random(5)
    for _ in range(300):
        said = []
        for number in range(rng.randrange(1, 8)):
            one, other, third = rng.sample(SPELLINGS, 3)
            said.append(summary(partnership(one, other, quote=f"{one} ({third}) et {other}"), source=str(number)))
        names = (
            OrganisationNames({"Alibaba": rng.sample(("Alibaba Group", "阿里巴巴", "Ali"), 2)})
            if rng.random() < 0.5
            else None
        )
        drawn = graph(said, names=names)
        shown = [each.name for each in drawn.organisations]
        assert len(shown) == len(set(shown)), said
        assert sum(len(edge.states) for edge in drawn.edges) + drawn.alone == len(said)
        assert {name for edge in drawn.edges for name in edge.parties} <= set(shown)


# --- edges ---------------------------------------------------------------------------------------------------------


def test_three_parties_are_three_edges_that_share_a_statement() -> None:
    found = edges(summary(partnership("Airbus", "Thales", "Leonardo"), source="1"))
    assert set(found) == {("Airbus", "Thales"), ("Airbus", "Leonardo"), ("Leonardo", "Thales")}
    assert {state.statement for edge in found.values() for state in edge.states} == {1}
    assert {state.parties for edge in found.values() for state in edge.states} == {("Airbus", "Thales", "Leonardo")}


def test_a_state_keeps_all_that_the_article_says() -> None:
    deal = next(state for state in edges(*NEWS)["Alibaba", "Apple"].states if state.source == "deal.txt")
    assert (deal.status, deal.region, deal.purpose) == ("established", "Chine", "intégrer l’IA [sic]")
    assert (deal.published, deal.date, deal.when) == ("2025-02-13T09:30:00+01:00", "jeudi", "2025-02-13")
    assert (deal.model, deal.parties) == ("extractive", ("Apple Inc.", "Alibaba"))
    quote = "Apple Inc. et Alibaba s’allient"
    assert deal.evidence == (Evidence(quote=quote, start=10, end=10 + len(quote), match="verbatim"),)


def test_the_latest_dated_state_stands_now() -> None:
    stages = [("2026-03-01", "established"), (None, "considered"), ("2026-01-10", "in_talks")]
    edge = edges(
        *(summary(partnership("A1", "B1", status=status), source=status, published=day) for day, status in stages)
    )["A1", "B1"]
    assert [state.status for state in edge.states] == ["in_talks", "established", "considered"]
    assert (edge.status, edge.when, edge.conflict) == (("established",), "2026-03-01", None)


def test_without_dates_nothing_is_said_to_be_the_latest() -> None:
    edge = edges(
        summary(partnership("A1", "B1", status="in_talks"), source="1"),
        summary(partnership("A1", "B1", status="established"), source="2"),
    )["A1", "B1"]
    assert (edge.status, edge.when, edge.conflict) == (("in_talks", "established"), None, None)


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        (("established", "2026-01-10"), ("denied", "2026-01-10"), "contradiction"),
        (("in_talks", "2026-01-10"), ("abandoned", "2026-01-10T18:00:00Z"), "contradiction"),
        (("established", "2026-01"), ("ended", "2026-01-20"), "contradiction"),
        (("established", None), ("denied", None), "undated"),
        (("established", "2026-01-10"), ("denied", None), "undated"),
        (("established", "2026-01-10"), ("ended", "2026-06-10"), None),
        (("in_talks", "2026-01-10"), ("established", "2026-02-10"), None),
        (("in_talks", "2026-01-10"), ("established", "2026-01-10"), None),
        (("denied", "2026-01-10"), ("ended", "2026-01-10"), None),
    ],
)
def test_a_contradiction_is_told_from_an_evolution(
    one: tuple[str, str | None], other: tuple[str, str | None], conflict: str | None
) -> None:
    for first, second in ((one, other), (other, one)):
        edge = edges(
            summary(partnership("A1", "B1", status=first[0]), source="1", published=first[1]),
            summary(partnership("A1", "B1", status=second[0]), source="2", published=second[1]),
        )["A1", "B1"]
        assert edge.conflict == conflict
        assert edge.disputed == ((1, 2) if conflict else ())


def test_what_one_article_tells_of_both_sides_is_no_contradiction() -> None:
    both = (partnership("A1", "B1", status="in_talks"), partnership("A1", "B1", status="denied"))
    edge = edges(summary(*both, source="1", published="2026-01-10"))["A1", "B1"]
    assert (edge.status, edge.conflict) == (("in_talks", "denied"), None)


def test_contradictions_are_those_that_comparing_all_with_all_finds() -> None:
    rng = random.Random(3)
    days = (None, "2026", "2026-01", "2026-01-05", "2026-02-01")
    for _ in range(200):
        texts = [
            summary(
                *(partnership("A1", "B1", status=rng.choice(list(Status))) for _ in range(rng.randrange(1, 4))),
                source=str(number),
                published=rng.choice(days),
            )
            for number in range(rng.randrange(2, 6))
        ]
        edge = edges(*texts)["A1", "B1"]
        assert set(edge.disputed) == {
            one.statement for one in edge.states if any(contradicts(one, other) for other in edge.states)
        }


def contradicts(one: State, other: State) -> bool:
    sides = [state.status in ("established", "in_talks", "considered") for state in (one, other)]
    days = [state.when or "" for state in (one, other)]
    overlap = days[0].startswith(days[1]) or days[1].startswith(days[0])
    return sides[0] != sides[1] and one.article != other.article and overlap


# --- what counts ---------------------------------------------------------------------------------------------------


def test_an_article_that_is_summarized_twice_counts_once_by_its_newest_summary() -> None:
    old = summary(partnership("A1", "B1"), source="same", created="2026-01-01T00:00:00+00:00")
    new = summary(partnership("A1", "C1"), source="same", created="2026-02-01T00:00:00+00:00")
    for order in ((old, new), (new, old)):
        drawn = graph(order)
        assert [edge.parties for edge in drawn.edges] == [("A1", "C1")]
        assert (drawn.articles, drawn.repeated) == (1, 1)


def test_texts_that_came_from_nowhere_are_not_taken_for_one() -> None:
    nowhere = Summary.model_validate({"article": {}, "partnerships": [partnership("A1", "B1").model_dump()]})
    assert graph([nowhere, nowhere]).edges[0].articles == 2


def test_failures_are_counted() -> None:
    drawn = graph([*NEWS, FAILURE])
    assert (drawn.articles, drawn.failures) == (5, 1)


def test_a_statement_of_one_organisation_under_two_names_draws_nothing_and_is_counted() -> None:
    drawn = graph([summary(partnership("Airbus", "Airbus SE"), source="1")])
    assert (drawn.edges, drawn.alone) == ((), 1)
    assert drawn.organisations[0].spellings == {"Airbus": 1}


def test_an_assembly_is_counted_and_not_paired() -> None:
    drawn = graph([summary(partnership(*(f"Member {number}" for number in range(3_000))), source="1")])
    assert (drawn.edges, drawn.crowds, len(drawn.organisations)) == ((), 1, 3_000)


def test_hostile_quotes_are_read_in_no_time() -> None:
    brackets = partnership(*(f"A{number}" for number in range(40)), quote="A1 (A) " * 200_000)
    blank = partnership("A1", "B1", quote="(" + " " * 1_000_000)
    assert graph([summary(brackets, blank, source="1")]).articles == 1


def test_parties_without_a_name_are_nobody() -> None:
    blank = Partnership(parties=("", "  ", "A1"), status=Status.ESTABLISHED, evidence=())
    assert graph([summary(blank, source="1")]).edges == ()


def test_only_what_stands_now_is_asked_for() -> None:
    drawn = only(graph(NEWS), [Status.ABANDONED])
    assert [edge.parties for edge in drawn.edges] == [("Airbus", "Boeing")]
    assert {each.name for each in drawn.organisations} == {"Airbus", "Boeing"}


# --- dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("2026-01-12", "und", "2026-01-12"),
        ("2026-01-12T23:30:00.000-05:00", "und", "2026-01-12"),
        ("2026-01", "und", "2026-01"),
        ("2026", "und", "2026"),
        ("12 janvier 2026", "fr", "2026-01-12"),
        ("le 1er mars 2024", "fr", "2024-03-01"),
        ("en mars 2024", "fr-CH", "2024-03"),
        ("January 12, 2026", "en", "2026-01-12"),
        ("fin 2025", "fr", "2025"),
        ("12. März 2024", "de", "2024-03-12"),
        ("2024年3月12日", "ja", "2024-03-12"),
        ("12 janvier", "fr", "None"),
        ("jeudi", "fr", "None"),
        ("12.03.2024", "de", "None"),
        ("entre 2019 et 2021", "fr", "None"),
        ("du 3 au 5 mars 2024", "fr", "None"),
        ("2026-13-45", "und", "None"),
        ("0000", "und", "None"),
        ("<script>", "../../etc\0", "None"),
        ("", "und", "None"),
        (None, "und", "None"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_sure(words: str | None, language: str, expected: str) -> None:
    assert str(read_period(words, language)) == expected


def test_the_date_as_said_counts_where_the_article_has_none_unless_it_lies_ahead() -> None:
    said = summary(partnership("A1", "B1", date="mars 2024"), source="1", created="2026-01-01T00:00:00+00:00")
    ahead = summary(partnership("A1", "C1", date="2030"), source="2", created="2026-01-01T00:00:00+00:00")
    found = edges(said, ahead)
    assert (found["A1", "B1"].when, found["A1", "C1"].when) == ("2024-03", None)
