"""Whose number it is, and whether it rises: the clause of a number says so, not its neighbour."""

import pytest

from summarizer import Article, Draft, ground

VENTES = (
    "En 2025, les ventes de Houlmière ont reculé de 3,4 %, à 1,27 milliard d’euros, tandis que son bénéfice net "
    "progressait de 6 %, à 88 millions."
)
REVENUE = "Quarterly revenue climbed 14% to $612 million from $537 million, but the net loss widened to $41 million."
SALES = "Net sales rose 3% in France, 5% in Germany and 8% in Spain."
VIAJES = (
    "La compañía transportó 3,1 millones de pasajeros en 2025, un 5,2 % menos que un año antes, pero ingresó 410 "
    "millones de euros, un 2 % más."
)
RICAVI = "I ricavi del 2025 sono scesi del 7,1%, a 286 milioni di euro; l’utile è invece salito a 19 milioni."
UMSATZ = "Der Umsatz stieg um 4 Prozent auf 300 Millionen Euro, der Gewinn sank dagegen auf 61 Millionen Euro."

NUMBER, POLARITY = "number_not_in_evidence", "polarity_conflict"


def codes(claim: str, article: str) -> list[str]:
    draft = Draft.model_validate({"takeaways": [{"text": claim, "quotes": [article]}]})
    return [reason.code for fallen in ground(draft, Article.from_text(article)).rejected for reason in fallen.reasons]


@pytest.mark.parametrize(
    ("claim", "article", "code"),
    [
        ("Les ventes de Houlmière ont reculé de 6 % en 2025.", VENTES, NUMBER),
        ("Le bénéfice net a progressé de 3,4 %.", VENTES, NUMBER),
        ("Revenue was $41 million.", REVENUE, NUMBER),
        ("Transportó 3,1 millones de pasajeros, un 5,2 % más que el año anterior.", VIAJES, POLARITY),
        ("La compañía transportó un 2 % menos de pasajeros.", VIAJES, POLARITY),
        ("I ricavi sono saliti del 7,1%.", RICAVI, POLARITY),
        ("L’utile è sceso a 19 milioni.", RICAVI, POLARITY),
        ("Der Umsatz sank auf 61 Millionen Euro.", UMSATZ, NUMBER),
        ("Der Gewinn betrug 300 Millionen Euro.", UMSATZ, NUMBER),
    ],
)
def test_the_number_of_another_thing_in_the_sentence_is_not_this_ones(claim: str, article: str, code: str) -> None:
    assert code in codes(claim, article)


@pytest.mark.parametrize(
    ("claim", "article"),
    [
        ("Les ventes de Houlmière ont reculé de 3,4 % en 2025.", VENTES),
        ("Le bénéfice net de Houlmière a progressé de 6 %.", VENTES),
        ("Le bénéfice net a atteint 88 millions.", VENTES),
        ("Revenue climbed 14%.", REVENUE),
        ("Revenue was $612 million, up from $537 million.", REVENUE),
        ("The net loss was $41 million.", REVENUE),
        ("Sales rose 5% in Germany.", SALES),
        ("Sales in Spain rose 8%.", SALES),
        ("Transportó 3,1 millones de pasajeros, un 5,2 % menos.", VIAJES),
        ("Ingresó 410 millones de euros, un 2 % más.", VIAJES),
        ("I ricavi sono scesi del 7,1%.", RICAVI),
        ("L’utile è salito a 19 milioni.", RICAVI),
        ("Der Gewinn fiel auf 61 Millionen Euro.", UMSATZ),
        ("Der Umsatz wuchs um 4 Prozent.", UMSATZ),
    ],
)
def test_its_own_number_is_its_own_in_other_words_too(claim: str, article: str) -> None:
    assert codes(claim, article) == []
