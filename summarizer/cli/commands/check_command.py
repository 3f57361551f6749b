"""`summarizer check ARTICLE CLAIMS`: check claims of any origin against an article."""

import argparse
import json
from pathlib import Path
from typing import Any

from ...errors import SourceError
from ...grounding import check_claim, ground
from ...loading import is_address, load
from ...loading.text_encoding import decode
from ...rendering import Format, Rows
from ...schema import Article, Draft, Rejected, Summary, Takeaway, salvage
from ..arguments import renderer, settings_from
from ..console import ExitStatus
from ..parser import Parser, add_shared, listed

_DESCRIPTION = (
    "Check claims against an article, with the same proof as for summaries: a draft, a summary, or plain text."
)
_KINDS = ("takeaways", "partnerships")
_GIVE = 'give {"takeaways": […], "partnerships": […]}'


def parser() -> Parser:
    """Return the parser of `check`."""
    made = Parser("check", _DESCRIPTION, "ARTICLE CLAIMS")
    inputs = made.group("input")
    inputs.add_argument("article", metavar="ARTICLE", help="a file, a URL, or -")
    inputs.add_argument(
        "claims", metavar="CLAIMS", help="a draft or summary in JSON, or a text with one claim per line"
    )
    add_shared(inputs, "--allow-private")
    output = made.group("output")
    add_shared(output, "--format", default=Format.TEXT, help=f"{listed(Format)} (default: {Format.TEXT})")
    add_shared(output, "--strict")
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Prove the claims, print the verdicts with their reasons, and return the exit status."""
    name = arguments.article
    article = load(name if is_address(name) else Path(name), allow_private=settings_from(arguments).allow_private)
    summary = _prove(_read_claims(arguments.claims), article)
    view = {"output": None, "quotes": True, "verbose": True, "rows": Rows.ALL}
    print(renderer(argparse.Namespace(**vars(arguments) | view))(summary, article), end="")
    return ExitStatus.REJECTED if arguments.strict and summary.rejected else ExitStatus.OK


def _read_claims(name: str) -> str:
    """Read the claims from a file or standard input. Raises `SourceError`."""
    if name == "-":
        return load("-").text
    try:
        return decode(Path(name).read_bytes(), name).text
    except OSError as error:
        raise SourceError(f"cannot read the claims {name!r}: {error.strerror}; check the path") from error


def _prove(claims: str, article: Article) -> Summary:
    """Return what the article proves of a draft, a summary, or a text with one claim per line."""
    if claims.lstrip().startswith(("{", "[")):
        return ground(_draft(claims), article)
    lines = [line for line in map(str.strip, claims.splitlines()) if line]
    if not lines:
        raise SourceError(f"there are no claims to check: give one claim per line, or {_GIVE}")
    kept, rejected = [], []
    for line in lines:
        claim = line.removeprefix("- ").removeprefix("* ").strip()
        verdict = check_claim(claim, article)
        if verdict.supported:
            kept.append(Takeaway(text=claim, evidence=verdict.evidence))
        else:
            quotes = [evidence.quote for evidence in verdict.evidence]
            rejected.append(Rejected(kind="takeaway", claim={"text": claim, "quotes": quotes}, reasons=verdict.reasons))
    return ground(Draft(), article).model_copy(update={"takeaways": tuple(kept), "rejected": tuple(rejected)})


def _draft(claims: str) -> Draft:
    try:
        answer = json.loads(claims)
    except (ValueError, RecursionError) as error:  # the latter: nested too deeply
        raise SourceError(
            f"the claims are not valid JSON: {error}; give a draft, a summary, or one claim per line"
        ) from error
    if not isinstance(answer, dict):
        raise SourceError(f"the claims are JSON, but not an object: {_GIVE}")
    lists = {kind: answer[kind] or [] for kind in _KINDS if kind in answer}
    if not lists or not all(isinstance(items, list) for items in lists.values()):
        raise SourceError(f"the claims are JSON, but without a list of takeaways or partnerships: {_GIVE}")
    return salvage({kind: [_as_draft(item) for item in items] for kind, items in lists.items()})


def _as_draft(item: Any) -> Any:
    """Turn a claim of a summary, with its evidence, back into a claim of a draft."""
    if not isinstance(item, dict) or not isinstance(item.get("evidence"), list):
        return item
    quotes = [evidence.get("quote") for evidence in item["evidence"] if isinstance(evidence, dict)]
    return {**{key: value for key, value in item.items() if key != "evidence"}, "quotes": quotes}
