"""Who is meant: a party that a quote leaves to the context is the one that a reader takes up, and no other."""

import pytest

from summarizer import Article, Draft, ground

TEXT = (
    "Norvane discute avec Rheinwerk une coopération dans les électrolyseurs. "
    "Le groupe a démenti tout partenariat avec TotalEnergies. "
    "Selon Le Quotidien du Rail, Trassel étudie de son côté une coentreprise avec le port d'Anvers."
)
TALKS, DENIAL, STUDY = (sentence + "." for sentence in TEXT.rstrip(".").split(". "))


def proven(parties: list[str], status: str, *quotes: str) -> bool:
    claim = {"parties": parties, "status": status, "quotes": quotes}
    return bool(ground(Draft.model_validate({"partnerships": [claim]}), Article.from_text(TEXT)).partnerships)


@pytest.mark.parametrize("quotes", [(DENIAL,), (DENIAL, TALKS), (TALKS, DENIAL)])
def test_le_groupe_is_the_subject_of_the_sentence_before(quotes: tuple[str, ...]) -> None:
    assert proven(["Norvane", "TotalEnergies"], "denied", *quotes)


@pytest.mark.parametrize("quotes", [(DENIAL,), (DENIAL, TALKS), (TALKS, DENIAL)])
def test_le_groupe_is_not_the_counterpart_of_the_sentence_before(quotes: tuple[str, ...]) -> None:
    assert not proven(["Rheinwerk", "TotalEnergies"], "denied", *quotes)


def test_a_sentence_with_its_own_subject_leaves_nobody_to_the_context() -> None:
    assert proven(["Trassel", "port d'Anvers"], "considered", STUDY)
    assert not proven(["Norvane", "port d'Anvers"], "considered", STUDY)


def test_a_bank_that_is_called_credit_lends_nothing_by_its_name() -> None:
    quote = "Credito Subalpino tratta con Monviso Pay una piattaforma di pagamento."
    draft = Draft.model_validate(
        {
            "partnerships": [
                {"parties": ["Credito Subalpino", "Monviso Pay"], "status": "in_talks", "quotes": [quote]},
            ]
        }
    )
    assert ground(draft, Article.from_text(quote)).rejected == ()
