"""An article and summaries of it that the tests of the formats share."""

from pathlib import Path

from summarizer.schema import (
    Article,
    ArticleInfo,
    Evidence,
    Match,
    Partnership,
    Provenance,
    Reason,
    ReasonCode,
    Rejected,
    Status,
    Summary,
    Takeaway,
)

TEXT = (
    "Airbus et Thales [sic] s’allient\n\n"
    "Airbus et Thales créent une coentreprise [sic] de 1 150 millions d’euros en Europe, "
    "annoncée le 12 janvier 2026 par Les Échos, pour des satellites.\n"
    "Airbus discute avec Boeing et Saab ; le projet avec Boeing est abandonné.\n"
)
ARTICLE = Article(text=TEXT, source="airbus.txt", title=TEXT.splitlines()[0], language="fr", published="2026-01-12")


def expected(name: str) -> str:
    """Return what a format must show, whole."""
    return (Path(__file__).parents[1] / "expected" / name).read_bytes().decode()


def evidence(quote: str, match: Match = "verbatim") -> Evidence:
    """Prove something by words of the article."""
    start = TEXT.index(quote)
    return Evidence(quote=quote, start=start, end=start + len(quote), match=match)


SUMMARY = Summary(
    article=ARTICLE.info,
    takeaways=(
        Takeaway(
            text="Airbus et Thales créent une coentreprise de 1 150 millions d’euros.",
            evidence=(evidence("Airbus et Thales créent une coentreprise [sic] de 1 150 millions d’euros", "folded"),),
        ),
        Takeaway(
            text="Le projet avec Boeing est abandonné.",
            evidence=(evidence("le projet avec Boeing est abandonné", "close"),),
        ),
    ),
    partnerships=(
        Partnership(
            parties=("Airbus", "Thales"),
            status=Status.ESTABLISHED,
            purpose="satellites",
            region="Europe",
            date="12 janvier 2026",
            date_iso="2026-01-12",
            attribution="Les Échos",
            evidence=(
                evidence("Airbus et Thales créent une coentreprise [sic]"),
                evidence("annoncée le 12 janvier 2026 par Les Échos"),
            ),
        ),
        Partnership(
            parties=("Airbus", "Boeing", "Saab"),
            status=Status.IN_TALKS,
            evidence=(evidence("Airbus discute avec Boeing et Saab"),),
        ),
    ),
    rejected=(
        Rejected(
            kind="takeaway",
            claim={"text": "Le chiffre d’affaires a reculé de 17,9 %.", "quotes": ["a reculé"]},
            reasons=(
                Reason(code=ReasonCode.NUMBER_NOT_IN_EVIDENCE, message="17,9 % is not in the evidence", value="17,9 %"),
            ),
        ),
        Rejected(
            kind="field",
            claim={"parties": ["Airbus", "Boeing"], "status": "in_talks", "field": "region", "value": "Asie"},
            reasons=(Reason(code=ReasonCode.FIELD_NOT_IN_ARTICLE, message="Asie is not in the article", value="Asie"),),
        ),
    ),
    provenance=Provenance(
        model="openai/gpt-5.4-mini",
        prompt="summarize",
        prompt_sha256="0" * 64,
        version="0.1.0",
        created="2026-01-13T08:00:00+00:00",
        output_language="fr",
        cached=True,
        cost_usd=0.0,
        seconds=0.2,
        warnings=("it is not UTF-8; it was read as cp1252, a guess",),
    ),
)

EMPTY = Summary(
    article=ArticleInfo(source="brief.txt", language="en", characters=12),
    provenance=Provenance(model="extractive", output_language="en", truncated=True, cost_usd=0.0),
)
