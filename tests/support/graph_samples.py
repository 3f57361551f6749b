"""Summaries that the tests of the map share."""

from hashlib import sha256
from typing import Any

from summarizer.schema import ArticleInfo, Evidence, Partnership, Provenance, Status, Summary


def partnership(*parties: str, status: str = "established", quote: str = "", **fields: Any) -> Partnership:
    """Make a partnership that one quote proves."""
    words = quote or f"{' et '.join(parties)} s’allient"
    evidence = (Evidence(quote=words, start=10, end=10 + len(words), match="verbatim"),)
    return Partnership(parties=parties, status=Status(status), evidence=evidence, **fields)


def summary(
    *partnerships: Partnership, source: str, published: str | None = None, created: str = "", **fields: Any
) -> Summary:
    """Make a summary of an article whose text is known by its source."""
    info = {"title": None, "language": "fr", "sha256": sha256(source.encode()).hexdigest(), **fields}
    return Summary(
        article=ArticleInfo(source=source, published=published, **info),
        partnerships=partnerships,
        provenance=Provenance(model="extractive", created=created),
    )


NEWS = (
    summary(
        partnership("Apple", "Alibaba", status="in_talks", region="Chine", attribution="The Information"),
        source="talks.txt",
        published="2025-02-11",
        title="Apple discute avec Alibaba",
    ),
    summary(
        partnership("Apple Inc.", "Alibaba", region="Chine", purpose="intégrer l’IA [sic]", date="jeudi"),
        partnership("Apple", "OpenAI", region="États-Unis"),
        source="deal.txt",
        published="2025-02-13T09:30:00+01:00",
    ),
    summary(
        partnership("ALIBABA", "Apple", status="denied", attribution="Alibaba", quote="Alibaba dément tout accord"),
        source="denial.txt",
        published="2025-02-13",
    ),
    summary(partnership("Airbus SE", "Thales", "Leonardo S.p.A.", date="12 janvier 2024"), source="space.txt"),
    summary(partnership("Airbus", "Boeing", status="abandoned"), source="plans.txt"),
)
"""Talks, then a deal that another article of the same day denies; three partners dated by the article's own words; and
something without any date."""
