"""Numbers of a claim in another notation than the article's: ranges, units behind an adjective, currencies, bounds."""

import pytest

from summarizer import Article, Draft, ground

REST = {
    "de": "Der Rat traf sich am Montag im Rathaus.",
    "en": "The board met in the town hall on Monday.",
    "es": "El consejo se reunió el lunes en el ayuntamiento.",
    "fr": "Le conseil s'est réuni lundi à la mairie.",
    "it": "Il consiglio si è riunito lunedì in municipio.",
    "nl": "De raad kwam maandag bijeen in het gemeentehuis.",
    "pt": "O conselho reuniu-se na segunda-feira na câmara.",
    "tr": "Kurul pazartesi günü toplandı.",
}


def is_kept(language: str, sentence: str, claim: str) -> bool:
    article = Article.from_text(f"{sentence} {REST[language]}").model_copy(update={"language": language})
    return bool(ground(Draft.model_validate({"takeaways": [{"text": claim, "quotes": [sentence]}]}), article).takeaways)


@pytest.mark.parametrize(
    ("language", "sentence", "claim"),
    [
        (
            "fr",
            "Le nombre de salariés de Norvik est passé de 81 à 73 cette année, selon la direction.",
            "Norvik est passé de 81 à 73 salariés cette année.",
        ),
        (
            "fr",
            "Le groupe Norvik prévoit au minimum 40 millions d'euros et au maximum 60 millions d'euros de pertes.",
            "Norvik prévoit entre 40 et 60 millions d'euros de pertes.",
        ),
        (
            "fr",
            "Norvik prévoit entre 40 et 60 millions d'euros de pertes cette année.",
            "Norvik prévoit un minimum de 40 millions et un maximum de 60 millions d'euros de pertes.",
        ),
        (
            "nl",
            "De omzet van Norvik steeg van 5,2 tot 5,4 miljard euro in het eerste kwartaal.",
            "De omzet van Norvik steeg van 5,2 miljard tot 5,4 miljard euro.",
        ),
        (
            "fr",
            "Norvik investira 40 millions d'euros au cours des trois prochaines années dans son usine.",
            "Norvik investira 40 millions d'euros en trois ans dans son usine.",
        ),
        (
            "fr",
            "Norvik investira 40 millions d'euros au cours des trois prochaines années dans son usine.",
            "Norvik investira 40 millions d'euros sur trois années dans son usine.",
        ),
        (
            "en",
            "Norvik will invest 40 million euros over the next three years in its plant in Oslo.",
            "Norvik will invest 40 million euros over three years in its plant in Oslo.",
        ),
        (
            "de",
            "Norvik investiert in den nächsten drei Jahren 40 Millionen Euro in sein Werk in Oslo.",
            "Norvik investiert in drei Jahren 40 Millionen Euro in sein Werk in Oslo.",
        ),
        (
            "en",
            "Shares of Norvik closed at HK$176 in Hong Kong on Monday, after the company raised its forecast.",
            "Shares of Norvik closed at 176 Hong Kong dollars on Monday.",
        ),
        (
            "en",
            "Shares of Norvik closed at 176 Hong Kong dollars on Monday, after the company raised its forecast.",
            "Shares of Norvik closed at HK$176 on Monday.",
        ),
        (
            "en",
            "The deal is worth A$1.2 billion, Norvik said on Monday in Sydney.",
            "The deal is worth 1.2 billion Australian dollars, Norvik said.",
        ),
        (
            "en",
            "The deal is worth C$1.2bn, Norvik said on Monday in Toronto.",
            "The deal is worth 1.2 billion Canadian dollars, Norvik said.",
        ),
        (
            "fr",
            "Les usagers de Norvik ont passé 1,7 milliard d'heures dans les transports l'an dernier.",
            "Les usagers de Norvik ont passé 1,7 milliard d'heures dans les transports.",
        ),
        (
            "tr",
            "Norvik 2022 yılında Zelba ile bir anlaşma imzaladı ve 40 milyon avro yatırdı.",
            "Norvik 2022'de Zelba ile anlaşma imzaladı.",
        ),
        (
            "en",
            "Norvik sold 40 turbines in 2024. It expects more orders next year in Norway and Sweden.",
            "Norvik sold 40 turbines in 2024.",
        ),
        (
            "en",
            "More than 572,206 people used the Norvik ferry last year, the company said on Monday.",
            "More than 500,000 people used the Norvik ferry last year.",
        ),
        (
            "en",
            "A total of 572,206 people used the Norvik ferry last year, the company said on Monday.",
            "More than 500,000 people used the Norvik ferry last year.",
        ),
        (
            "en",
            "A total of 572,206 people used the Norvik ferry last year, the company said on Monday.",
            "Fewer than 600,000 people used the Norvik ferry last year.",
        ),
        (
            "fr",
            "Au total, 572 206 personnes ont pris le ferry de Norvik l'an dernier, selon la compagnie.",
            "Plus de 500 000 personnes ont pris le ferry de Norvik l'an dernier.",
        ),
        (
            "de",
            "Insgesamt nutzten 572.206 Menschen die Fähre von Norvik im vergangenen Jahr, teilte die Firma mit.",
            "Mehr als 500.000 Menschen nutzten die Fähre von Norvik im vergangenen Jahr.",
        ),
        (
            "es",
            "En total, 572.206 personas usaron el ferry de Norvik el año pasado, según la empresa.",
            "Más de 500.000 personas usaron el ferry de Norvik el año pasado.",
        ),
        (
            "en",
            "Norvik employs nearly 4,000 people in Norway, and plans to hire 300 more next year.",
            "Norvik employs almost 4,000 people in Norway.",
        ),
        (
            "en",
            "Norvik's revenue rose 11% to $2.3 billion in the three months to June 30, it said on Monday.",
            "Norvik's revenue rose 11% to $2.3bn in the second quarter.",
        ),
        (
            "fr",
            "Norvik a vendu 2,3 M€ de turbines, soit 11 % de plus qu'en 2023, selon la direction du groupe.",
            "Norvik a vendu pour 2,3 millions d'euros de turbines.",
        ),
        (
            "it",
            "I dipendenti di Norvik sono passati da 81 a 73 quest'anno, secondo la direzione.",
            "I dipendenti di Norvik sono passati da 81 a 73 quest'anno.",
        ),
        (
            "pt",
            "A Norvik vai investir 40 milhões de euros nos próximos três anos na sua fábrica.",
            "A Norvik vai investir 40 milhões de euros em três anos na sua fábrica.",
        ),
        (
            "it",
            "In totale 572.206 persone hanno usato il traghetto di Norvik l'anno scorso.",
            "Oltre 500.000 persone hanno usato il traghetto di Norvik l'anno scorso.",
        ),
        (
            "nl",
            "In totaal gebruikten 572.206 mensen vorig jaar de veerboot van Norvik.",
            "Meer dan 500.000 mensen gebruikten vorig jaar de veerboot van Norvik.",
        ),
    ],
)
def test_the_same_number_in_another_notation_is_kept(language: str, sentence: str, claim: str) -> None:
    assert is_kept(language, sentence, claim)


@pytest.mark.parametrize(
    ("language", "sentence", "claim"),
    [
        (
            "nl",
            "De omzet van Norvik steeg van 5,2 tot 5,4 miljard euro in het eerste kwartaal.",
            "De omzet van Norvik steeg van 5,2 miljoen tot 5,4 miljard euro.",
        ),
        (
            "fr",
            "Norvik investira 40 millions d'euros au cours des trois prochaines années dans son usine.",
            "Norvik investira 40 millions d'euros au cours des quatre prochaines années dans son usine.",
        ),
        (
            "en",
            "Norvik will invest 40 million euros over the next three years in its plant in Oslo.",
            "Norvik will invest 40 million euros over three months in its plant in Oslo.",
        ),
        (
            "en",
            "Shares of Norvik closed at HK$176 in Hong Kong on Monday, after the company raised its forecast.",
            "Shares of Norvik closed at US$176 on Monday.",
        ),
        (
            "fr",
            "Les usagers de Norvik ont passé 1,7 milliard d'heures dans les transports l'an dernier.",
            "Les usagers de Norvik ont passé 1,7 million d'heures dans les transports.",
        ),
        (
            "en",
            "A total of 572,206 people used the Norvik ferry last year, the company said on Monday.",
            "More than 600,000 people used the Norvik ferry last year.",
        ),
        (
            "de",
            "Insgesamt nutzten 572.206 Menschen die Fähre von Norvik im vergangenen Jahr, teilte die Firma mit.",
            "Mehr als 700.000 Menschen nutzten die Fähre von Norvik im vergangenen Jahr.",
        ),
        (
            "en",
            "The deal is worth A$1.2 billion, Norvik said on Monday in Sydney.",
            "The deal is worth 1.2 billion Canadian dollars, Norvik said.",
        ),
        (
            "it",
            "In totale 572.206 persone hanno usato il traghetto di Norvik l'anno scorso.",
            "Meno di 500.000 persone hanno usato il traghetto di Norvik l'anno scorso.",
        ),
        (
            "en",
            "Norvik expects sales of 20 to 25 million euros this year, the company said.",
            "Norvik expects sales of 20 to 25 billion euros this year.",
        ),
    ],
)
def test_another_number_in_the_same_notation_is_not(language: str, sentence: str, claim: str) -> None:
    assert not is_kept(language, sentence, claim)
