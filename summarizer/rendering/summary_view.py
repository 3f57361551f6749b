"""The texts that all formats show: labels, statuses, positions of quotes, rejected claims, and the model.

Text about the article is in the language of the summary. Text about the run (model, cost, why a claim was rejected) is
in English, like every message of the program.
"""

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import NamedTuple

from ..language.labels import labels as labels_in_lexicon
from ..schema import (
    CODE,
    OPTIONAL_FIELDS,
    UNSOUGHT,
    Article,
    Evidence,
    Grade,
    Partnership,
    Reason,
    Rejected,
    Status,
    Summary,
    Takeaway,
    field_values,
)
from .control_characters import visible
from .formats import Rows

SIGNS = {
    Status.ESTABLISHED: "●",
    Status.IN_TALKS: "◐",
    Status.CONSIDERED: "○",
    Status.ABANDONED: "✕",
    Status.ENDED: "■",
    Status.DENIED: "⊘",
}
"""The symbol of each status, beside its word: distinguishable without colour."""
_EXTRACTIVE = "extractive"
_NO_MODEL = "unknown"
"""The model of claims that were given, and only checked."""
_WITH_LINES = ("", ".txt", ".text", ".md", ".markdown")
"""Suffixes of sources with the same lines as the article's text."""


class Labels(NamedTuple):
    """The headings, statuses and labels in one language."""

    language: str
    """BCP 47, of the labels: `en` where the language asked for has none."""
    takeaways: str
    partnerships: str
    rejected: str
    articles: str
    article: str
    none_found: str
    unsought: str
    """In place of `none_found` where nobody looked."""
    statuses: Mapping[str, str]
    parties: str
    status: str
    labels: Mapping[str, str]
    """Of the optional fields of a partnership, in order."""
    kinds: Mapping[str, str]
    """Of a rejected claim."""
    line: str
    """With a placeholder for its number."""
    elided: str
    close: str
    every: str
    """The choice of a filter that hides nothing."""
    reset: str
    skip: str
    nearest: str
    """Precedes the words of the article that are nearest to a rejected claim: its own quotes, or a sentence."""
    settled: str
    """Beside a claim that a model settled, with a placeholder for the model."""
    colon: str = ": "


def words_of(language: str) -> Labels:
    """Return the labels in a language (BCP 47), in English where it has none."""
    return _labels(language.partition("-")[0].lower())


@cache
def _labels(tag: str) -> Labels:
    """Read the section `[labels]` of the lexicon, or of `labels.toml` for languages that have no lexicon."""
    found = labels_in_lexicon(tag)
    if not found:
        import tomllib  # imported here: few languages need it

        found = tomllib.loads((files(__package__) / "labels.toml").read_text(encoding="utf-8")).get(tag)
    if found is None:
        return _labels("en")
    texts = {key: text for key, text in found.items() if key != "fields"}
    labels = {field.name: found["fields"].get(field.name, field.label) for field in OPTIONAL_FIELDS}
    return Labels(language=tag, labels=labels, **texts)


class SummaryView(NamedTuple):
    """A summary, and the options of its display."""

    summary: Summary
    article: Article | None
    quotes: bool = False
    """Show the evidence and the doubts under each claim, and the rejected claims in full."""
    verbose: bool = False
    """Show the doubts under each claim, the rejected claims in full, and how many claims were proven by what."""
    width: int | None = None
    """Columns of a terminal; None for a pipe or a file."""
    color: bool = False
    address: str | None = None
    """The `file://` URL of the article, to which each quote links in a terminal."""
    rows: Rows = Rows.PARTNERSHIPS

    @property
    def words(self) -> Labels:
        """The labels in the language of the summary."""
        return words_of(self.summary.provenance.output_language)

    @property
    def title(self) -> str:
        """The article's title, else its source."""
        info = self.summary.article
        return visible(info.title or info.source or self.words.article)

    @property
    def byline(self) -> str:
        """Source, date, language and size of the article, in a line; without the source where it is the title."""
        info = self.summary.article
        source = info.source if info.title and info.title != info.source else None
        parts = (source, info.published, info.language, f"{info.characters:,} characters")
        return " · ".join(visible(part) for part in parts if part)

    @property
    def reasons_in_full(self) -> bool:
        """Whether each rejected claim and each doubt is shown, rather than only their number."""
        return self.quotes or self.verbose

    def line(self, evidence: Evidence) -> int | None:
        """The line of the file on which a quote begins; None where the article is unknown, or its file has no lines."""
        if self.article is None or PurePath(self.article.source or "").suffix.lower() not in _WITH_LINES:
            return None
        return self.article.text.count("\n", 0, evidence.start) + 1

    def place(self, evidence: Evidence) -> str:
        """The line of a quote, and how the model's quote differs from it."""
        line = self.line(evidence)
        where = None if line is None else self.words.line.format(line)
        how = {"elided": self.words.elided, "close": self.words.close}.get(evidence.match)
        return ", ".join(filter(None, (where, how)))

    def own_quote(self, claim: Takeaway | Partnership) -> Evidence | None:
        """The quote that a takeaway repeats word by word, as the embedded model's do: it need not be shown twice."""
        said = claim.text.split() if isinstance(claim, Takeaway) else None
        return next((each for each in claim.evidence if each.quote.split() == said), None)

    def settled(self, claim: Takeaway | Partnership) -> str:
        """Which model settled what code doubted; empty where code proves the claim."""
        return "" if claim.proof == CODE else self.words.settled.format(visible(claim.proof))

    def doubts(self, claim: Takeaway | Partnership) -> tuple[str, ...]:
        """The doubts that a model settled, a line for each; none where they are not to be shown."""
        return tuple(map(reason_words, claim.doubts)) if self.reasons_in_full else ()

    def details(self, partnership: Partnership) -> Mapping[str, str]:
        """Return the optional fields of a partnership that are known, by label."""
        labels = self.words.labels
        return {labels[name]: visible(value) for name, value in field_values(partnership).items() if value}

    def claim_words(self, rejected: Rejected) -> str:
        """Return a rejected claim as text, whatever its shape: it is as the model wrote it."""
        claim = rejected.claim
        if isinstance(text := claim.get("text"), str):
            return visible(text)
        if not isinstance(named := claim.get("parties"), list | tuple):
            return visible(json.dumps(claim, ensure_ascii=False, default=str))
        words = visible(" + ".join(map(str, named)))
        if "field" in claim:
            label = self.words.labels.get(str(claim["field"]), str(claim["field"]))
            return f"{words}{self.words.colon}{visible(label)} “{visible(str(claim.get('value')))}”"
        status = str(claim.get("status"))
        return f"{words} ({self.words.statuses.get(status) or visible(status)})"

    @property
    def rejected_count(self) -> str:
        """The number of rejected claims with the reasons, in a line; empty where there are none."""
        rejected = self.summary.rejected
        if not rejected:
            return ""
        details = sum(each.kind == "field" for each in rejected)
        counts = (_counted(len(rejected) - details, "claim"), _counted(details, "detail"))
        codes = Counter(reason.code for each in rejected for reason in each.reasons[:1])
        why = (visible(code).replace("_", " ") + (f" ×{n}" if n > 1 else "") for code, n in codes.most_common())
        return f"{' and '.join(filter(None, counts))} not proven, and left out: {', '.join(why)}"

    @property
    def no_partnerships(self) -> str:
        """Why a summary has no partnership: there is none, or nobody looked."""
        unsought = any(warning.startswith(UNSOUGHT) for warning in self.summary.provenance.warnings)
        return self.words.unsought if unsought else self.words.none_found

    @property
    def footer(self) -> tuple[str, ...]:
        """The model, the cost, the warnings and, in full, how many claims were proven by code or settled by a model."""
        made = self.summary.provenance
        notes = [f"note: {visible(warning)}" for warning in made.warnings]
        if made.truncated:
            notes.insert(0, "note: the answer was cut short, so something may be missing")
        if self.verbose and made.proofs:
            notes.insert(0, self._proofs_line())
        return (" · ".join(self._model_line()), *notes)

    def _proofs_line(self) -> str:
        proofs = self.summary.provenance.proofs
        by_code = f"{_counted(proofs.get(CODE, 0), 'claim') or 'no claim'} proven by code"
        settled = (f"{count} settled by {visible(model)}" for model, count in proofs.items() if model != CODE)
        return ", ".join((by_code, *settled))

    def _model_line(self) -> list[str]:
        made = self.summary.provenance
        who = visible(made.model)
        if made.model == _NO_MODEL and not made.calls:
            return ["checked against the article by rule; no model was used"]
        if made.model == _EXTRACTIVE:
            return [f"{who}: sentences chosen by the embedded model, no language model", f"{made.seconds:.1f} s"]
        parts = [who] + ([f"prompt {visible(made.prompt)}"] if made.prompt else [])
        parts += [_counted(made.passages, "passage")] if made.passages > 1 else []
        if made.cached:
            parts.append(f"cached, made {visible(made.created)[:10]}")
        else:
            parts.append(_counted(made.calls, "call") or "no call")
        if made.repaired:
            parts.append(f"{_counted(made.repaired, 'claim')} repaired")
        parts.append("price unknown" if made.cost_usd is None else f"${made.cost_usd:.2g}")
        return [*parts, f"{made.seconds:.1f} s"]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}" if number else ""


def capital(label: str) -> str:
    """Return a label with a capital letter."""
    return label[:1].upper() + label[1:]


def parties(partnership: Partnership) -> str:
    """Return the names of the parties."""
    return " + ".join(visible(party) for party in partnership.parties)


def reasons_words(rejected: Rejected) -> str:
    """Return the reasons of a rejected claim."""
    return "; ".join(map(reason_words, rejected.reasons))


def reason_words(reason: Reason) -> str:
    """Return a reason in words; a doubt is called one."""
    words = visible(reason.message or reason.code)
    return f"doubt: {words}" if reason.grade is Grade.DOUBT else words
