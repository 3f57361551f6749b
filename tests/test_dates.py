"""A date as ISO 8601: what the words and the day of publication settle, and null where they do not."""

import pytest

from summarizer import Article, Draft, ground
from summarizer.language.dates import resolve_date

WEDNESDAY = "2026-03-18"


@pytest.mark.parametrize(
    ("language", "words", "iso"),
    [
        ("fr", "12 mars 2024", "2024-03-12"),
        ("fr", "en mars 2024", "2024-03"),
        ("fr", "d'ici fin 2028", "2028"),
        ("fr", "T3 2026", "2026"),
        ("fr", "mercredi 25 mars", "2026-03-25"),
        ("fr", "fin février", "2026-02"),
        ("fr", "hier", "2026-03-17"),
        ("fr", "le mois dernier", "2026-02"),
        ("en", "Q3 2026", "2026"),
        ("en", "early April", "2026-04"),
        ("en", "on April 14", "2026-04-14"),
        ("en", "five days ago", "2026-03-13"),
        ("en", "next year", "2027"),
        ("de", "am 3. Mai", "2026-05-03"),
        ("de", "Ende der Saison 2024", "2024"),
        ("de", "gestern", "2026-03-17"),
        ("es", "14 de abril", "2026-04-14"),
        ("nl", "5 januari 2025", "2025-01-05"),
        ("ja", "2024年3月5日", "2024-03-05"),
        ("ja", "3月5日", "2026-03-05"),
    ],
)
def test_a_date_that_the_words_and_the_publication_settle(language: str, words: str, iso: str) -> None:
    assert resolve_date(words, WEDNESDAY, language) == iso


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Q3"),
        ("en", "last week"),
        ("en", "this spring"),
        ("en", "September"),  # half a year away: last year's, or this year's?
        ("en", "Monday"),
        ("fr", "du 3 au 5 mars 2024"),
        ("fr", "entre 2021 et 2023"),
        ("fr", "jeudi prochain"),
        ("de", "vergangene Woche"),
        ("en", "31 February"),
        ("en", "3"),
        ("fi", "maanantaina"),
    ],
)
def test_a_date_that_they_do_not_settle_is_null(language: str, words: str) -> None:
    assert resolve_date(words, WEDNESDAY, language) is None


@pytest.mark.parametrize(
    ("language", "words", "iso"),
    [
        ("en", "on Monday", "2026-03-16"),
        ("fr", "ce jeudi", "2026-03-12"),
        ("de", "am Montag", "2026-03-16"),
        ("pt", "segunda-feira", "2026-03-16"),
        ("it", "venerdì", "2026-03-13"),
        ("fr", "depuis fin juillet", "2025-07"),
        ("en", "April", "2026-04"),  # near enough to be meant
    ],
)
def test_what_has_happened_was_on_the_last_such_day(language: str, words: str, iso: str) -> None:
    assert resolve_date(words, WEDNESDAY, language, is_past=True) == iso


@pytest.mark.parametrize("published", [None, "2026", "2026-03", "soon", ""])
def test_without_a_day_of_publication_only_a_year_in_the_words_settles_one(published: str | None) -> None:
    assert resolve_date("yesterday", published, "en") is None
    assert resolve_date("March 12", published, "en") is None
    assert resolve_date("March 12, 2024", published, "en") == "2024-03-12"


def test_a_time_of_publication_is_its_day() -> None:
    assert resolve_date("yesterday", "2026-03-18T07:30:00+01:00", "en") == "2026-03-17"


@pytest.mark.parametrize(
    ("sentence", "status", "iso"),
    [
        ("Norvik signed a partnership with Zelba on Monday.", "established", "2026-03-16"),
        ("Norvik plans to sign a partnership with Zelba on Monday.", "considered", None),
    ],
)
def test_a_weekday_of_a_partnership_is_the_last_one_only_where_it_has_happened(
    sentence: str, status: str, iso: str | None
) -> None:
    article = Article.from_text(f"{sentence} Both companies build tidal turbines.").model_copy(
        update={"published": WEDNESDAY}
    )
    claim = {"parties": ["Norvik", "Zelba"], "status": status, "date": "Monday", "quotes": [sentence]}
    (partnership,) = ground(Draft.model_validate({"partnerships": [claim]}), article).partnerships
    assert (partnership.date, partnership.date_iso) == ("Monday", iso)
