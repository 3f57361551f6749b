"""What several passages say of the same becomes one claim with all its quotes; what differs stays two."""

from typing import Any

import pytest

from summarizer import ground
from summarizer.schema import Article, Draft, Partnership, Summary

ALLIED = "Norvik signed a partnership with Zelba in France in March 2021."
IN_TALKS = "Norvik is in talks with Zelba about a joint plant."
OVER = "The partnership between Norvik and Zelba came to an end."
OVER_2023 = "The partnership between Norvik and Zelba came to an end in May 2023."
OVER_2019 = "The partnership between Norvik and Zelba came to an end in May 2019."
PLANNED = "Norvik is considering a partnership with Zelba."
DENIED = "Norvik denied that it was in talks with Zelba."
FILLER = "The harbour of Rasvik handled ninety thousand tonnes of grain that year."
INTRODUCED = "Norvik Systems AG signed a partnership with Zelba in France in March 2021."


def pact(quote: str, status: str, **fields: Any) -> dict[str, Any]:
    parties = ["Norvik Systems AG" if "Systems" in quote else "Norvik", "Zelba"]
    return {"parties": parties, "status": status, "quotes": [quote], **fields}


def joined(*pacts: dict[str, Any], order: list[str] | None = None) -> Summary:
    """The partnerships of an article that tells of them in this order, each in a passage of its own."""
    told = order or [one["quotes"][0] for one in pacts]
    article = Article(text=f"\n\n{FILLER}\n\n".join(told), language="en")
    return ground(Draft.model_validate({"partnerships": pacts}), article, join=True)


def states(summary: Summary) -> list[str]:
    return [one.status.value for one in summary.partnerships]


def quotes(one: Partnership) -> list[str]:
    return [evidence.quote for evidence in one.evidence]


STORIES = [
    ("the same state twice", (PLANNED, "considered"), (PLANNED.replace("is", "was"), "considered"), ["considered"]),
    ("talks, then signed", (IN_TALKS, "in_talks"), (ALLIED, "established"), ["established"]),
    ("signed, and the talks told later", (ALLIED, "established"), (IN_TALKS, "in_talks"), ["established"]),
    ("planned, then in talks", (PLANNED, "considered"), (IN_TALKS, "in_talks"), ["in_talks"]),
    ("a rumour, and its denial told first", (DENIED, "denied"), (IN_TALKS, "in_talks"), ["denied"]),
    ("signed, then over", (ALLIED, "established"), (OVER, "ended"), ["ended"]),
    ("over by its date, told first", (OVER_2023, "ended"), (ALLIED, "established"), ["ended"]),
    ("over before it was signed anew", (OVER_2019, "ended"), (ALLIED, "established"), ["ended", "established"]),
    ("over, then signed, no date", (OVER, "ended"), (ALLIED, "established"), ["ended", "established"]),
    ("over, then in talks again", (OVER, "ended"), (IN_TALKS, "in_talks"), ["ended", "in_talks"]),
    ("signed and denied", (ALLIED, "established"), (DENIED, "denied"), ["established", "denied"]),
]


@pytest.mark.parametrize(("first", "second", "expected"), [s[1:] for s in STORIES], ids=[s[0] for s in STORIES])
def test_two_states_are_one_story_only_where_the_article_says_which_came_later(
    first: tuple[str, str], second: tuple[str, str], expected: list[str]
) -> None:
    summary = joined(pact(*first), pact(*second))
    assert states(summary) == expected
    told = [quote for one in summary.partnerships for quote in quotes(one)]
    assert sorted(told) == sorted([first[0], second[0]])
    assert not summary.rejected


def test_a_story_that_was_joined_is_proven_by_its_quotes_when_it_is_checked_again() -> None:
    article = Article(text=f"{IN_TALKS}\n\n{FILLER}\n\n{ALLIED}\n\n{FILLER}\n\n{OVER_2023}", language="en")
    told = [(IN_TALKS, "in_talks"), (ALLIED, "established"), (OVER_2023, "ended")]
    summary = ground(Draft.model_validate({"partnerships": [pact(*one) for one in told]}), article, join=True)
    (one,) = summary.partnerships
    assert (one.status.value, len(one.evidence)) == ("ended", 3)
    again = {"parties": one.parties, "status": one.status, "quotes": quotes(one)}
    assert ground(Draft.model_validate({"partnerships": [again]}), article).partnerships


def test_what_its_quotes_together_do_not_prove_stays_two() -> None:
    rival = "Norvik is considering a partnership with its rival Zelba."
    summary = joined(pact(rival, "considered"), pact(ALLIED, "established"))
    assert states(summary) == ["considered", "established"]  # no quote of an agreement calls the partner a rival


def test_a_party_is_the_same_under_the_short_name_that_the_article_gives_it() -> None:
    summary = joined(pact(INTRODUCED, "established"), pact("Norvik works with Zelba.", "established"))
    (one,) = summary.partnerships
    assert one.parties == ("Norvik Systems AG", "Zelba")
    assert quotes(one) == [INTRODUCED, "Norvik works with Zelba."]


def test_each_field_comes_from_the_passage_that_has_it() -> None:
    renewed = "Norvik renewed its partnership with Zelba for batteries in Spain, according to Le Phare."
    summary = joined(
        pact("Norvik has a partnership with Zelba for batteries.", "established", purpose="batteries"),
        pact(renewed, "established", region="Spain", attribution="Le Phare"),
    )
    (one,) = summary.partnerships
    assert (one.purpose, one.region, one.date, one.attribution) == ("batteries", "Spain", None, "Le Phare")


def test_the_date_of_the_signature_is_not_the_date_of_the_end() -> None:
    summary = joined(
        pact(ALLIED, "established", date="March 2021", region="France"),
        pact(OVER, "ended"),
    )
    (one,) = summary.partnerships
    assert (one.status.value, one.region, one.date) == ("ended", "France", None)


APART = {
    "other regions": (
        pact("Norvik signed a partnership with Zelba in Spain.", "established", region="Spain"),
        pact("Norvik signed a partnership with Zelba in Chile.", "established", region="Chile"),
    ),
    "other purposes, other years": (
        pact("In 2019 Norvik signed a partnership with Zelba on maps.", "established", purpose="maps", date="2019"),
        pact("In 2023 Norvik signed an alliance with Zelba on heat pumps.", "established", purpose="heat", date="2023"),
    ),
    "another purpose that ended": (
        pact("Norvik signed a partnership with Zelba on maps.", "established", purpose="maps"),
        pact("Norvik ended its alliance with Zelba on heat pumps.", "ended", purpose="heat pumps"),
    ),
    "other parties": (
        {**pact("Norvik works with Zelba.", "established")},
        {"parties": ["Norvik", "Kirona"], "status": "established", "quotes": ["Norvik works with Kirona."]},
    ),
}


@pytest.mark.parametrize("pacts", APART.values(), ids=APART)
def test_two_partnerships_stay_two(pacts: tuple[dict[str, Any], dict[str, Any]]) -> None:
    summary = joined(*pacts)
    assert len(summary.partnerships) == 2 and not summary.rejected


def test_partnerships_stand_in_the_order_in_which_the_article_tells_of_them() -> None:
    kirona = {"parties": ["Norvik", "Kirona"], "status": "established", "quotes": ["Norvik works with Kirona."]}
    summary = joined(kirona, pact(ALLIED, "established"), order=[ALLIED, "Norvik works with Kirona."])
    assert [one.parties[1] for one in summary.partnerships] == ["Zelba", "Kirona"]


def test_a_false_quote_of_one_passage_costs_the_other_nothing() -> None:
    false = {**pact("Norvik signed a partnership with Zelba in Japan.", "established")}
    summary = joined(pact(ALLIED, "established"), false, order=[ALLIED])
    assert states(summary) == ["established"]
    assert [fallen.reasons[0].code for fallen in summary.rejected] == ["quote_not_found"]


def test_without_join_the_second_is_a_duplicate() -> None:
    article = Article(text=f"{ALLIED}\n\nNorvik works with Zelba.", language="en")
    pacts = [pact(ALLIED, "established"), pact("Norvik works with Zelba.", "established")]
    summary = ground(Draft.model_validate({"partnerships": pacts}), article)
    assert [fallen.reasons[0].code for fallen in summary.rejected] == ["duplicate"]


FELL = "Sales of Norvik fell by 11% to 4.2 billion crowns last year, because freight cost more."
TAKEAWAYS = [
    ("in other words, from the same words of the article", "Norvik's sales fell by 11% to 4.2 billion crowns.", 1),
    ("with less detail", "Sales of Norvik fell by 11% last year.", 1),
    ("the same sentence", FELL, 1),
]


@pytest.mark.parametrize(("other", "kept"), [case[1:] for case in TAKEAWAYS], ids=[case[0] for case in TAKEAWAYS])
def test_a_takeaway_is_kept_once_whatever_its_words(other: str, kept: int) -> None:
    article = Article(text=f"{FILLER} {FELL} {FILLER}", language="en")
    takeaways = [{"text": text, "quotes": [FELL]} for text in (FELL, other)]
    summary = ground(Draft.model_validate({"takeaways": takeaways}), article, join=True)
    assert len(summary.takeaways) == kept and summary.takeaways[0].text == FELL
    assert not summary.rejected


def test_one_sentence_may_bear_two_takeaways() -> None:
    sentence = "Norvik sold its harbour business to a fund and opened a plant for glass in Chile."
    told = ["Norvik sold its harbour business to a fund.", "Norvik opened a plant for glass in Chile."]
    draft = Draft.model_validate({"takeaways": [{"text": text, "quotes": [sentence]} for text in told]})
    summary = ground(draft, Article(text=f"{FILLER} {sentence}", language="en"), join=True)
    assert [one.text for one in summary.takeaways] == told


def test_figures_and_a_negation_tell_two_takeaways_apart() -> None:
    told = [
        "Norvik will close the plant in Rasvik.",
        "Norvik will not close the plant in Rasvik.",
        "Norvik will close the plant in Rasvik in 2027.",
    ]
    article = Article(text=f" {FILLER} ".join(told), language="en")
    takeaways = [{"text": text, "quotes": [text]} for text in told]
    summary = ground(Draft.model_validate({"takeaways": takeaways}), article, join=True)
    assert [one.text for one in summary.takeaways] == told
