"""The dialogue of `summarizer golden review`: a claim, its quotes in context, and an answer."""

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..evaluation import Case, Trap, compared, read_case, replayed
from ..evaluation.reviewing import CaseReview, Claim, Item, extent, found, proven
from ..rendering.control_characters import visible
from ..schema import OPTIONAL_FIELDS, ClaimKind, Status
from .console import ExitStatus, counted, report

_CONTEXT = 120
"""Characters of context on either side of a quote."""
_OF_GOLD = {"a": "[a]ccept", "m": "[m]end", "r": "[r]eject", "q": "[q]uit"}
_OF_FALLEN = {"a": "[a]gree, it stays out", "k": "[k]eep, it is true", "m": "[m]end", "q": "[q]uit"}
_FIELDS = tuple(field.name for field in OPTIONAL_FIELDS)


class _Quit(Exception):
    """The reviewer quits."""


def review(folders: Sequence[Path], by: str) -> ExitStatus:
    """Review the cases in turn; each answer is saved before the next question."""
    try:
        for folder in folders:
            _review_one(read_case(folder), by, alone=len(folders) == 1)
    except (_Quit, EOFError):
        report("the review so far is saved; the same command resumes it")
    return ExitStatus.OK


def _review_one(case: Case, by: str, *, alone: bool) -> None:
    if case.gold.human and (case.gold.reviewed is None or case.gold.reviewed.done) and not alone:
        return  # reviewed already; a case that is named alone is reviewed again
    summary = replayed(case)
    current = CaseReview.of(case, summary, by)
    items = current.remaining()
    print(f"{case.name}: {visible(case.article.title or '')}")
    for number, item in enumerate(items, 1):
        first, *more = _shown(item, case)
        print()
        for line in (f"[{number}/{len(items)}] {first}", *more):
            columns = shutil.get_terminal_size().columns - 1
            print(textwrap.fill(line, columns, subsequent_indent="    ") if sys.stdout.isatty() else line)
        current = _judge(item, current)
    current = _missing(current).finish()
    print(f"\n{case.name}: reviewed by {visible(by)}: {extent(current.case.gold)}")
    if differing := len(compared(current.case, summary)):
        facts = counted(differing, "fact")
        print(f"the program differs from that in {facts}: `summarizer golden approve` takes note of it")


def _shown(item: Item, case: Case) -> Iterator[str]:
    yield f"{item.kind}: {_in_words(item.drafted)}"
    yield from (f"  {field}: {visible(str(item.drafted[field]))}" for field in _FIELDS if item.drafted.get(field))
    yield from (f"  rejected by the proof: {visible(reason.message)}" for reason in item.reasons)
    if item.claim is None:
        yield from (f"  says it quotes: {visible(str(quote))}" for quote in item.drafted.get("quotes") or ())
        return
    text = case.article.text
    for one in item.claim.evidence:
        before, after = text[max(0, one.start - _CONTEXT) : one.start], text[one.end : one.end + _CONTEXT]
        yield f"  … {visible(before)}⟦{visible(text[one.start : one.end])}⟧{visible(after)} …"


def _in_words(said: dict[str, Any]) -> str:
    if "text" in said:
        return visible(str(said["text"]))
    return visible(f"{' + '.join(map(str, said.get('parties') or ()))} ({said.get('status')})")


def _judge(item: Item, current: CaseReview) -> CaseReview:
    """Ask until a verdict can be applied."""
    while True:
        answer = _choice(_OF_GOLD if item.claim is not None else _OF_FALLEN)
        if answer == "a":
            return current.accept(item)
        if answer == "r":
            return current.reject(item, _trap() if item.kind == "partnership" else None)
        said = dict(item.drafted) if answer == "k" else _mended(item.kind, item.drafted)
        claim = _held(item.kind, said, current.case)
        if claim is not None:
            return current.correct(item, claim)


def _choice(answers: dict[str, str]) -> str:
    question = ", ".join(answers.values())
    while (answer := _ask(f"{question}? ").lower()[:1]) not in answers:
        print(f"  one of: {question}")
    if answer == "q":
        raise _Quit
    return answer


def _trap() -> Trap | None:
    kinds = ", ".join(Trap)
    while True:
        answer = _ask(f"  why are they no partners ({kinds}; Enter: no reason)? ").lower()
        if not answer:
            return None
        if answer in set(Trap):
            return Trap(answer)


def _mended(kind: ClaimKind, said: dict[str, Any]) -> dict[str, Any]:
    """Ask for each part of a claim; Enter keeps it, a single - clears it."""
    print("  in each answer, Enter keeps what stands in brackets, and - alone clears it")
    if kind == "takeaway":
        return {"text": _part("text", said.get("text")), "quotes": _quotes(said)}
    made: dict[str, Any] = {"parties": _parties(said), "status": _status(said)}
    made |= {field: _part(field, said.get(field)) for field in _FIELDS}
    return {**made, "quotes": _quotes(said)}


def _part(name: str, value: Any) -> str | None:
    answer = _ask(f"  {name} [{visible(str(value or ''))}]: ")
    return None if answer == "-" else answer or value


def _parties(said: dict[str, Any]) -> list[str]:
    kept = [str(party) for party in said.get("parties") or ()]
    answer = _ask(f"  parties, with ; between [{visible('; '.join(kept))}]: ")
    return [part.strip() for part in answer.split(";") if part.strip()] if answer else kept


def _status(said: dict[str, Any]) -> str:
    while True:
        answer = _ask(f"  status, one of {', '.join(Status)} [{said.get('status') or ''}]: ") or said.get("status")
        if answer in set(Status):
            return str(answer)


def _quotes(said: dict[str, Any]) -> list[str]:
    """Ask for quotes, one per line; none at all keeps the current ones."""
    kept = [str(quote) for quote in said.get("quotes") or ()]
    for quote in kept:
        print(f"  quote: {visible(quote)}")
    lines: list[str] = []
    while line := _ask("  another quote in their place (Enter: no more): " if kept or lines else "  quote: "):
        lines.append(line)
    return lines or kept


def _held(kind: ClaimKind, said: dict[str, Any], case: Case) -> Claim | None:
    """Check a claim of the reviewer, who may overrule the proof but must give quotes that stand in the article."""
    claim, why = proven(kind, said, case)
    if claim is not None:
        return claim
    print("  the article does not prove it: " + visible("; ".join(why)))
    try:
        located = found(kind, said, case)
    except ValueError:
        located = None
    if located is None:
        print("  and without quotes that stand in the article it cannot be gold")
        return None
    return located if _ask("  it is true all the same (y, else n)? ").lower().startswith("y") else None


def _missing(current: CaseReview) -> CaseReview:
    """Ask for claims that the model missed."""
    while answer := _ask("\nanything missing: a [t]akeaway, a [p]artnership (Enter: nothing)? ").lower()[:1]:
        if answer == "q":
            raise _Quit
        if answer in ("t", "p"):
            kind: ClaimKind = "takeaway" if answer == "t" else "partnership"
            claim = _held(kind, _mended(kind, {}), current.case)
            current = current.add(claim) if claim is not None else current
    return current


def _ask(question: str) -> str:
    """Ask a question; an answer from a pipe is printed too."""
    answer = input(question).strip()
    if not sys.stdin.isatty():
        print(answer)
    return answer
