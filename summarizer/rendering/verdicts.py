"""Verdicts on claims, in the formats of a summary: one for each claim, in the order in which the claims came.

Everything but the article's own words and the claims is in English, like every message of the program.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import PurePath

from ..schema import Article, ArticleVerdicts, Evidence, Grade, Reason, Verdict, VerdictGrade, Verdicts
from .control_characters import visible
from .formats import Format
from .json_csv import joined_quotes, to_json, to_line, written
from .markdown import escaped
from .page_frame import footer, frame, language_attributes, shown, spoken
from .summary_view import words_of

GRADES: tuple[VerdictGrade, ...] = ("supported", "doubtful", "unsupported")
COLUMNS = ("number", "claim", "grade", "score", "settled_by", "lines", "quotes", "reasons", "source", "title")
"""Of the CSV."""
_SIGNS = {"supported": "●", "doubtful": "◐", "unsupported": "✕"}
_COLOURS = {"supported": "green", "doubtful": "yellow", "unsupported": "red"}
_MARK = "bold underline"
"""Of what is not borne out, on a terminal."""
_RULES = (
    ".status.supported { color: var(--green); }",
    ".status.doubtful { color: var(--amber); }",
    ".status.unsupported { color: var(--red); }",
    ".claim p mark { background: none; text-decoration: underline wavy var(--bad) 1px; text-underline-offset: .25em; }",
)
_AND = " | "


def render_verdicts(
    verdicts: Sequence[Verdict],
    article: Article,
    format: Format,
    *,
    many: bool = False,
    width: int | None = None,
    color: bool = False,
) -> str:
    """Show verdicts; the string ends with a line end.

    `many`: there are other articles, so that JSON names this one. `width` and `color` are for text on a terminal.
    """
    renderers: Mapping[Format, Callable[[Sequence[Verdict], Article], str]] = {
        Format.TEXT: lambda verdicts, article: _laid_out(_text(verdicts, article), width, color=color),
        Format.JSON: lambda verdicts, article: to_json(_object(verdicts, article, many)),
        Format.JSONL: lambda verdicts, article: to_line(_object(verdicts, article, many)),
        Format.MARKDOWN: lambda verdicts, article: _lined(_markdown(verdicts, article)),
        Format.HTML: _html,
        Format.CSV: _csv,
    }
    return renderers[format](verdicts, article)


def tally(verdicts: Sequence[Verdict]) -> str:
    """Return how many claims have each grade."""
    counts = Counter(verdict.grade for verdict in verdicts)
    return ", ".join(f"{counts[grade]} {grade}" for grade in GRADES)


def _object(verdicts: Sequence[Verdict], article: Article, many: bool) -> Verdicts:
    if many:
        return ArticleVerdicts(verdicts=tuple(verdicts), article=article.info)
    return Verdicts(verdicts=tuple(verdicts))


def _lined(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


# --- the parts -------------------------------------------------------------------------------------------------------


def _title(article: Article) -> str:
    name = PurePath(article.source).name if article.source else "article"
    return visible(article.title or name)


def _claim(verdict: Verdict) -> str:
    """Return a claim as one line; a drafted one without a text by its values."""
    claim = verdict.claim
    if isinstance(claim, str):
        return claim
    if isinstance(claim.get("text"), str):
        return str(claim["text"])
    values = (value for key, value in claim.items() if key not in ("quotes", "evidence", "proof", "doubts") and value)
    return _AND.join(" + ".join(map(str, value)) if isinstance(value, list) else str(value) for value in values)


def _line(evidence: Evidence, article: Article) -> int:
    return article.text.count("\n", 0, evidence.start) + 1


def _grade(verdict: Verdict) -> str:
    by = f", by {verdict.settled_by}" if verdict.settled_by else ""
    return f"{verdict.grade} ({verdict.score:.2f}{by})"


def _weight(reason: Reason) -> str:
    return "fault" if reason.grade is Grade.REFUTED else "doubt"


def _pieces(verdict: Verdict) -> Iterator[tuple[str, bool]]:
    """Yield a claim in pieces, each with whether it is not borne out."""
    text = _claim(verdict)
    reasons = (reason.value for reason in verdict.reasons)
    values = {value for value in (*verdict.unproven, *reasons) if value and value != text}
    if verdict.supported or not values:
        yield text, False
        return
    pattern = "|".join(map(re.escape, sorted(values, key=lambda value: (-len(value), value))))
    for i, piece in enumerate(re.split(rf"(?<!\w)({pattern})(?!\w)", text, flags=re.IGNORECASE)):
        if piece:
            yield piece, i % 2 == 1


def _checked_by(verdicts: Sequence[Verdict]) -> str:
    models = sorted({verdict.settled_by for verdict in verdicts if verdict.settled_by})
    if models:
        return f"checked against the article by rule; what was doubtful by {', '.join(models)}"
    return "checked against the article by rule; no model was used"


# --- text ------------------------------------------------------------------------------------------------------------


Line = tuple[int, Sequence[tuple[str, str]]]
"""Columns on the left, then pieces, each with its style on a terminal."""


def _text(verdicts: Sequence[Verdict], article: Article) -> Iterator[Line]:
    yield 0, [(_title(article), "bold")]
    for number, verdict in enumerate(verdicts, 1):
        pieces = [(visible(piece), _MARK if marked else "") for piece, marked in _pieces(verdict)]
        yield 0, []
        yield 0, [(f"{number}. ", ""), (visible(_grade(verdict)), _COLOURS[verdict.grade]), (": ", ""), *pieces]
        for each in verdict.evidence:
            yield 4, [(f"line {_line(each, article)}: “{visible(each.quote)}”", "dim")]
        for reason in verdict.reasons:
            yield 4, [(f"{_weight(reason)}: {visible(reason.message)}", "")]
    yield 0, []
    yield 0, [(tally(verdicts), "")]
    yield 0, [(visible(_checked_by(verdicts)), "dim")]


def _laid_out(lines: Iterator[Line], width: int | None, *, color: bool) -> str:
    if width is not None or color:
        from .terminal import render_lines

        return render_lines(lines, width, color=color)
    return _lined(" " * left + "".join(text for text, _ in pieces) for left, pieces in lines)


# --- Markdown --------------------------------------------------------------------------------------------------------


def _markdown(verdicts: Sequence[Verdict], article: Article) -> Iterator[str]:
    yield f"# {escaped(_title(article))}"
    yield ""
    for number, verdict in enumerate(verdicts, 1):
        pieces = (f"**{escaped(piece)}**" if marked else _between(piece) for piece, marked in _pieces(verdict))
        yield f"{number}. **{escaped(_grade(verdict))}**: {''.join(pieces).strip()}"
        for each in verdict.evidence:
            yield f"    > “{escaped(each.quote)}” (line {_line(each, article)})"
        if verdict.evidence and verdict.reasons:
            yield ""
        yield from (f"    - {_weight(reason)}: {escaped(reason.message)}" for reason in verdict.reasons)
    yield from ("", "---", "")
    yield f"{tally(verdicts)}  "
    yield escaped(_checked_by(verdicts))


def _between(piece: str) -> str:
    """Escape a piece of a claim, with the spaces around it."""
    before, after = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
    return f"{before and ' '}{escaped(piece)}{after and ' '}"


# --- HTML ------------------------------------------------------------------------------------------------------------


def _html(verdicts: Sequence[Verdict], article: Article) -> str:
    body = (*_html_head(article), *_html_claims(verdicts, article), "</main>", *footer([_checked_by(verdicts)]))
    return frame(_title(article), words_of("en"), _RULES, body)


def _html_head(article: Article) -> Iterator[str]:
    yield "<header>"
    yield f"<h1 {language_attributes(article.language)}>{escape(_title(article))}</h1>"
    yield "</header>"
    yield "<main>"


def _html_claims(verdicts: Sequence[Verdict], article: Article) -> Iterator[str]:
    yield '<ol class="rows">'
    for number, verdict in enumerate(verdicts, 1):
        pieces = (f"<mark>{shown(piece)}</mark>" if marked else shown(piece) for piece, marked in _pieces(verdict))
        sign = f'<span aria-hidden="true">{_SIGNS[verdict.grade]}</span>'
        yield f'<li class="claim" id="claim-{number}"><span class="number">{number}</span>'
        yield f'<p><span class="status {verdict.grade}">{sign} {shown(_grade(verdict))}</span></p>'
        yield f'<p dir="auto">{"".join(pieces)}</p>'
        for each in verdict.evidence:
            words = f"<span {spoken(article.language)}>“{shown(each.quote)}”</span>"
            yield f'<blockquote>{words} <span class="soft">line {_line(each, article)}</span></blockquote>'
        for reason in verdict.reasons:
            yield f'<p class="why">{_weight(reason)}: {shown(reason.message)}</p>'
        yield "</li>"
    yield "</ol>"
    yield f"<p>{tally(verdicts)}</p>"


# --- CSV -------------------------------------------------------------------------------------------------------------


def _csv(verdicts: Sequence[Verdict], article: Article) -> str:
    """Return a row for each claim under a header; the tally is that of the column `grade`."""
    rows = [
        {
            "number": str(number),
            "claim": _claim(verdict),
            "grade": verdict.grade,
            "score": str(verdict.score),
            "settled_by": verdict.settled_by,
            "lines": "; ".join(str(_line(each, article)) for each in verdict.evidence),
            "quotes": joined_quotes(verdict.evidence),
            "reasons": "; ".join(f"{_weight(reason)}: {reason.message}" for reason in verdict.reasons),
            "source": article.source,
            "title": article.title,
        }
        for number, verdict in enumerate(verdicts, 1)
    ]
    return written([dict(zip(COLUMNS, COLUMNS, strict=True)), *rows], COLUMNS)
