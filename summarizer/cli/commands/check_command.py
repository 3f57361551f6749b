"""`summarizer check ARTICLE CLAIMS`: the same proof for anybody's output."""

import argparse
import json
from pathlib import Path
from typing import Any

from ...errors import SourceError
from ...grounding import check_claim, ground
from ...loading import is_address, load
from ...loading.text_encoding import decode
from ...rendering import render
from ...schema import Article, Draft, Rejected, Summary, Takeaway, salvage
from ...settings import read_settings
from .. import OK, REJECTED
from ..console import address_of, look_of_standard_output

_KINDS = ("takeaways", "partnerships")
_GIVE = 'give {"takeaways": […], "partnerships": […]}'


def run(arguments: argparse.Namespace) -> int:
    """Prove the claims, print what stands and what fell with its reasons, and return the exit status."""
    name = arguments.article
    allow_private = read_settings(allow_private=arguments.allow_private or None).allow_private
    article = load(name if name == "-" or is_address(name) else Path(name), allow_private=allow_private)
    summary = prove(read_claims(arguments.claims), article)
    look = look_of_standard_output()
    shown = render(
        summary,
        article,
        arguments.format,
        quotes=True,
        verbose=True,
        width=look.width,
        color=look.color,
        address=address_of(article) if look.links else None,
        rows="all",
    )
    print(shown, end="")
    return REJECTED if arguments.strict and summary.rejected else OK


def read_claims(name: str) -> str:
    """Read the claims from a file or standard input. Raises `SourceError`."""
    if name == "-":
        return load("-").text
    try:
        return decode(Path(name).read_bytes(), name).text
    except OSError as error:
        raise SourceError(f"cannot read the claims {name!r}: {error.strerror}; check the path") from error


def prove(claims: str, article: Article) -> Summary:
    """Return the summary of what the article proves of a draft, a summary of ours, or text with a claim a line."""
    if claims.lstrip().startswith(("{", "[")):
        return ground(_draft(claims), article)
    lines = [line for line in map(str.strip, claims.splitlines()) if line]
    if not lines:
        raise SourceError(f"there are no claims to hold against the article: give a claim a line, or {_GIVE}")
    kept, fallen = [], []
    for line in lines:
        claim = line.removeprefix("- ").removeprefix("* ").strip()
        verdict = check_claim(claim, article)
        if verdict.supported:
            kept.append(Takeaway(text=claim, evidence=verdict.evidence))
        else:
            quotes = [evidence.quote for evidence in verdict.evidence]
            fallen.append(Rejected(kind="takeaway", claim={"text": claim, "quotes": quotes}, reasons=verdict.reasons))
    base = ground(Draft(), article)
    return base.model_copy(update={"takeaways": tuple(kept), "rejected": tuple(fallen)})


def _draft(claims: str) -> Draft:
    try:
        answer = json.loads(claims)
    except (ValueError, RecursionError) as error:  # the latter: what is nested too deep
        raise SourceError(
            f"the claims are not valid JSON: {error}; give a draft, a summary, or a claim a line"
        ) from error
    if not isinstance(answer, dict):
        raise SourceError(f"the claims are JSON, but no object: {_GIVE}")
    lists = {kind: answer[kind] or [] for kind in _KINDS if kind in answer}
    if not lists or not all(isinstance(items, list) for items in lists.values()):
        raise SourceError(f"the claims are JSON, but without a list of takeaways or partnerships: {_GIVE}")
    return salvage({kind: [_as_draft(item) for item in items] for kind, items in lists.items()})


def _as_draft(item: Any) -> Any:
    """Turn a claim of a summary, with its evidence, back into what a model would have said."""
    if not isinstance(item, dict) or not isinstance(item.get("evidence"), list):
        return item
    quotes = [evidence.get("quote") for evidence in item["evidence"] if isinstance(evidence, dict)]
    return {**{key: value for key, value in item.items() if key != "evidence"}, "quotes": quotes}
