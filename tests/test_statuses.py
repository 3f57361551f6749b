"""The status of a partnership is not read from what it is for, nor from what came before it."""

import pytest
from test_grounding_numbers import REST

from summarizer import Article, Draft, Status, ground


@pytest.mark.parametrize(
    ("language", "sentence", "status"),
    [
        ("en", "Norvik signed a partnership with Zelba to end hunger.", "established"),
        ("en", "Norvik partnered with Zelba to stop fraud.", "established"),
        ("en", "Norvik partnered with Zelba in 2022 to complete laboratory studies.", "established"),
        ("en", "Norvik signed a deal with Zelba to explore lithium in Chile.", "established"),
        ("en", "Norvik partnered with Zelba after months of talks.", "established"),
        ("fr", "Après des mois de négociations, Norvik a signé un partenariat avec Zelba.", "established"),
        ("fr", "Norvik a signé un partenariat avec Zelba pour mettre fin aux fraudes.", "established"),
        ("fr", "Norvik a signé un partenariat avec Zelba pour étudier les marées.", "established"),
        ("es", "Tras meses de conversaciones, Norvik firmó una alianza con Zelba.", "established"),
        ("de", "Nach langen Gesprächen hat Norvik eine Partnerschaft mit Zelba unterzeichnet.", "established"),
        ("en", "Norvik agreed to end its partnership with Zelba.", "ended"),
        ("en", "Norvik signed an agreement to terminate its joint venture with Zelba.", "ended"),
        ("en", "The partnership of Norvik and Zelba is to end in March.", "ended"),
        ("en", "Norvik considers a partnership with Zelba to study tides.", "considered"),
        ("fr", "Norvik a mis fin à son partenariat avec Zelba.", "ended"),
        ("it", "Norvik ha posto fine alla partnership con Zelba.", "ended"),
    ],
)
def test_one_status_alone_is_proven(language: str, sentence: str, status: str) -> None:
    article = Article.from_text(f"{sentence} {REST[language]}").model_copy(update={"language": language})
    claims = [{"parties": ["Norvik", "Zelba"], "status": each, "quotes": [sentence]} for each in Status]
    kept = [
        claim["status"]
        for claim in claims
        if ground(Draft.model_validate({"partnerships": [claim]}), article).partnerships
    ]
    assert kept == [status]


@pytest.mark.parametrize("sentence", ["Sales shrank by 5 % in the spring.", "The sales of Norvik decreased by 4 %."])
def test_a_sentence_is_enough_to_tell_its_language(sentence: str) -> None:
    assert Article.from_text(sentence).language == "en"
