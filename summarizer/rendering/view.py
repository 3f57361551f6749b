"""What the formats show, in words: headings, statuses, where a quote stands, what fell, and who answered."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from ..schema import Article, Evidence, Partnership, Rejected, Status, Summary
from .visible import visible


class Headings(NamedTuple):
    """The names of the sections, in the language of the summary."""

    takeaways: str
    partnerships: str
    rejected: str


_HEADINGS = {
    "de": Headings("Das Wichtigste", "Partnerschaften", "Verworfen"),
    "en": Headings("Key takeaways", "Partnerships", "Rejected"),
    "es": Headings("Puntos clave", "Alianzas", "Descartado"),
    "fr": Headings("À retenir", "Partenariats", "Écarté"),
    "it": Headings("Da ricordare", "Partnership", "Scartato"),
    "nl": Headings("Belangrijkste punten", "Samenwerkingen", "Afgewezen"),
    "pt": Headings("Pontos principais", "Parcerias", "Rejeitado"),
}
_EXTRACTIVE = "extractive"
NONE_FOUND = "None found."


@dataclass(frozen=True)
class View:
    """A summary, and how it is to be shown."""

    summary: Summary
    article: Article | None
    quotes: bool = False
    """Show the evidence under each claim, and in full what was rejected."""
    verbose: bool = False
    """Show in full what was rejected."""
    width: int | None = None
    """Columns of a terminal; None in a pipe or a file."""
    color: bool = False

    @property
    def headings(self) -> Headings:
        """The names of the sections."""
        language = self.summary.provenance.output_language.partition("-")[0].lower()
        return _HEADINGS.get(language, _HEADINGS["en"])

    @property
    def title(self) -> str:
        """The article's title, or whatever tells it from others."""
        info = self.summary.article
        return visible(info.title or info.source or "Summary")

    @property
    def byline(self) -> str:
        """Where the article comes from, in a line."""
        info = self.summary.article
        parts = (info.source, info.published, info.language, f"{info.characters:,} characters")
        return " · ".join(visible(part) for part in parts if part)

    @property
    def rejected_in_full(self) -> bool:
        """Whether each rejected claim is shown, or only how many there are."""
        return self.quotes or self.verbose

    def place(self, evidence: Evidence) -> str:
        """Say where a quote stands, and how the model's words differ from it where they do."""
        found = [] if self.article is None else [f"line {self.article.text.count(chr(10), 0, evidence.start) + 1}"]
        if evidence.match in ("elided", "close"):
            found.append(evidence.match)
        return ", ".join(found)

    @property
    def rejected_count(self) -> str:
        """Say in a line how much fell, and why; empty where nothing did."""
        rejected = self.summary.rejected
        if not rejected:
            return ""
        details = sum(each.kind == "field" for each in rejected)
        counts = (_counted(len(rejected) - details, "claim"), _counted(details, "detail"))
        codes = Counter(reason.code for each in rejected for reason in each.reasons[:1])
        why = (visible(code).replace("_", " ") + (f" ×{n}" if n > 1 else "") for code, n in codes.most_common())
        return f"{' and '.join(filter(None, counts))} not proven, and left out: {', '.join(why)}"

    @property
    def footer(self) -> tuple[str, ...]:
        """Say who answered, at what price, and what the reader should know of it."""
        made = self.summary.provenance
        notes = [f"note: {visible(warning)}" for warning in made.warnings]
        if made.truncated:
            notes.insert(0, "note: the answer was cut short, so something may be missing")
        return (" · ".join(self._who()), *notes)

    def _who(self) -> list[str]:
        made = self.summary.provenance
        who = visible(made.model)
        if made.model == _EXTRACTIVE:
            return [
                f"{who}: sentences chosen by the embedded model, no language model",
                f"{made.seconds:.1f} s",
            ]
        parts = [who] + ([f"prompt {visible(made.prompt)}"] if made.prompt else [])
        parts += [_counted(made.passages, "passage")] if made.passages > 1 else []
        if made.cached:
            parts.append(f"cached, made {visible(made.created)[:10]}")
        else:
            parts.append(_counted(made.calls, "call") or "no call")
        parts.append("price unknown" if made.cost_usd is None else f"${made.cost_usd:.2g}")
        return [*parts, f"{made.seconds:.1f} s"]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}" if number else ""


def status_words(status: Status) -> str:
    """Spell a status."""
    return status.value.replace("_", " ")


def parties(partnership: Partnership) -> str:
    """Name the parties."""
    return " + ".join(visible(party) for party in partnership.parties)


def details(partnership: Partnership) -> dict[str, str]:
    """Return what is known of a partnership beside its parties and status, by its label."""
    known = {
        "purpose": partnership.purpose,
        "region": partnership.region,
        "date": partnership.date,
        "source": partnership.attribution,
    }
    return {label: visible(value) for label, value in known.items() if value}


def claim_words(rejected: Rejected) -> str:
    """Spell a claim that fell, whatever its shape: it is as the model wrote it."""
    claim = rejected.claim
    if isinstance(text := claim.get("text"), str):
        return visible(text)
    if not isinstance(named := claim.get("parties"), list | tuple):
        return visible(json.dumps(claim, ensure_ascii=False, default=str))
    words = visible(" + ".join(map(str, named)))
    if "field" in claim:
        return f"{words}: {visible(str(claim['field']))} {visible(str(claim.get('value')))!r}"
    return f"{words} ({visible(str(claim.get('status'))).replace('_', ' ')})"


def reasons_words(rejected: Rejected) -> str:
    """Say why a claim fell."""
    return "; ".join(visible(reason.message or reason.code) for reason in rejected.reasons)
