"""Who does what to whom: two names in each other's place are a lie, a passive or a list in another order is none."""

import pytest

from summarizer import Article, Draft, ground
from summarizer.grounding.checks.roles import _common

BUYS = "Alphane bought Betarix in 2020 for 3 million dollars. The markets were calm that day."
SUES = "The airline Norvik sued the lessor Zelba over unpaid invoices in March. The markets were calm that day."
SIGNS = "Norvik and Zelba signed an agreement with Tarvin on batteries. The markets were calm that day."
LEADS = "Norvik overtook Zelba as the largest carmaker in Europe. The markets were calm that day."
SUPPLIES = "Norvik, which supplies Zelba with engines, reported a loss of 3 million dollars. It had warned of it."
WILL = "Norvik will supply Zelba with batteries from 2027. The markets were calm that day."
RACHAT = "Norvik a racheté Zelba pour 3 millions d'euros en mars. Les marchés sont restés calmes."
BUREAU = "À Paris, Norvik a ouvert un bureau pour Zelba. Les marchés sont restés calmes."
KAUF = "Norvik hat Zelba im März für drei Millionen Euro übernommen. Die Märkte blieben an diesem Tag ruhig."
COMPRA = "Norvik compró Zelba en marzo por tres millones de euros. Los mercados estuvieron tranquilos ese día."
PURCHASE = "The Bristol-based group has completed its £86 million purchase of the bed maker Ostler, cleared in July."


def kept(claim: str, article: str, *quotes: str) -> list[str]:
    """Return the codes of what speaks against a claim on the first sentence of an article."""
    quotes = quotes or (article.partition(". ")[0],)
    draft = Draft.model_validate({"takeaways": [{"text": claim, "quotes": quotes}]})
    summary = ground(draft, Article.from_text(article))
    assert bool(summary.takeaways) != bool(summary.rejected)
    return [reason.code for fallen in summary.rejected for reason in fallen.reasons]


@pytest.mark.parametrize(
    ("claim", "article"),
    [
        ("Betarix bought Alphane in 2020.", BUYS),
        ("Alphane was bought by Betarix in 2020.", BUYS),
        ("Zelba sued Norvik over unpaid invoices.", SUES),
        ("Zelba overtook Norvik as the largest carmaker in Europe.", LEADS),
        ("Zelba supplies Norvik with engines.", SUPPLIES),
        ("Zelba will supply Norvik with batteries from 2027.", WILL),
        ("Zelba a racheté Norvik en mars pour 3 millions d'euros.", RACHAT),
        ("Norvik a été racheté par Zelba en mars.", RACHAT),
        ("Zelba a ouvert un bureau pour Norvik à Paris.", BUREAU),
        ("Zelba hat Norvik im März übernommen.", KAUF),
        ("Zelba compró Norvik en marzo.", COMPRA),
    ],
)
def test_two_names_in_each_others_place_are_a_lie(claim: str, article: str) -> None:
    assert kept(claim, article) == ["role_conflict"]


@pytest.mark.parametrize(
    ("claim", "article"),
    [
        ("Alphane bought Betarix in 2020.", BUYS),
        ("Betarix was bought by Alphane in 2020.", BUYS),
        ("Norvik sued Zelba over unpaid invoices.", SUES),
        ("Zelba was sued by Norvik over unpaid invoices.", SUES),
        ("Zelba and Norvik signed an agreement on batteries with Tarvin.", SIGNS),
        ("Tarvin signed an agreement with Norvik and Zelba on batteries.", SIGNS),
        ("Norvik overtook Zelba as the largest carmaker in Europe.", LEADS),
        ("Norvik supplies Zelba with engines.", SUPPLIES),
        ("From 2027, Zelba will get batteries from Norvik.", WILL),
        ("Norvik will supply batteries to Zelba.", WILL),
        ("Norvik a racheté Zelba en mars.", RACHAT),
        ("Zelba a été racheté par Norvik en mars.", RACHAT),
        ("Norvik a ouvert un bureau pour Zelba à Paris.", BUREAU),
        ("Norvik hat Zelba im März übernommen.", KAUF),
        ("Zelba wurde im März von Norvik übernommen.", KAUF),
        ("Norvik compró Zelba en marzo.", COMPRA),
    ],
)
def test_the_same_in_other_words_is_none(claim: str, article: str) -> None:
    assert kept(claim, article) == []


def test_a_name_from_another_sentence_does_not_take_the_place_of_one() -> None:
    article = f"{PURCHASE} Wrenfold, a furniture retailer of Bristol, said so on Friday."
    quotes = article.split(". ")
    turned = "Ostler has completed its £86 million purchase of the bed maker Wrenfold, cleared in July."
    right = "Wrenfold has completed its £86 million purchase of the bed maker Ostler, cleared in July."
    assert kept(turned, article, *quotes) == ["role_conflict"]
    assert kept(right, article, *quotes) == []


@pytest.mark.parametrize(
    ("left", "right", "common"),
    [
        ("a b c d e", "a x c e", 3),
        ("a b a b", "b a b a", 3),
        ("", "a", 0),
        ("a b", "", 0),
        ("a b c", "c b a", 1),
        (" ".join("ab" * 60), " ".join("ba" * 60), 119),
    ],
)
def test_words_in_common_are_counted_in_their_order(left: str, right: str, common: int) -> None:
    assert _common(left.split(), right.split()) == common
