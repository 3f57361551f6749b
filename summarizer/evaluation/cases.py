"""A golden case: a folder with an article, the answer of a model to play back, and the gold.

`expected.json` is the truth about the article. `approved.json` is there only where what the program makes of the answer
differs from that truth and somebody took note of it: then it, not the truth, is what a replay is compared with.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, ValidationError

from ..errors import SourceError
from ..loading import load
from ..schema import Article, ClaimKind, Evidence, FrozenModel, Partnership, Takeaway

DRAFT, EXPECTED, APPROVED = "draft.json", "expected.json", "approved.json"
RECORDED = "recorded"
"""The key of a draft that says who answered, when, asked what."""


class Trap(StrEnum):
    """Why two organisations that an article names together are no partners."""

    PURCHASE = "purchase"
    SUPPLY = "supply"
    ACQUISITION = "acquisition"
    MERGER = "merger"
    LOAN = "loan"
    INVESTMENT = "investment"
    CUSTOMER = "customer"
    COMPETITOR = "competitor"
    LAWSUIT = "lawsuit"
    REGULATOR = "regulator"
    NAMED = "named"
    """Merely named near one another."""
    INSTRUCTION = "instruction"
    """An order to machines in the article says that they are partners."""


class NotPartnership(FrozenModel):
    """Organisations that a careless reader would take for partners."""

    parties: tuple[str, ...]
    kind: Trap
    evidence: tuple[Evidence, ...] = ()


class Planted(FrozenModel):
    """A claim of the recorded answer that must fall, and the reasons that would be fair."""

    kind: ClaimKind
    claim_index: int
    """Its place in the answer's list of that kind."""
    codes: tuple[str, ...] = ()
    field: str | None = None


class Reviewed(FrozenModel):
    """A person's word on a gold: whose, since when, and which claims are settled while some are not."""

    by: str
    on: str
    """ISO 8601 date."""
    settled: tuple[str, ...] = ()
    done: bool = True


class Facts(FrozenModel):
    """What an article says, as far as a summary has it."""

    takeaways: tuple[Takeaway, ...] = ()
    partnerships: tuple[Partnership, ...] = ()


class Gold(Facts):
    """The truth about an article, as a person wrote or accepted it; keys of their own stay where they are."""

    model_config = ConfigDict(extra="allow")

    held_out: bool = False
    """No rule may be made or tuned on it."""
    rejected: tuple[Planted, ...] = ()
    not_partnerships: tuple[NotPartnership, ...] = ()
    aliases: tuple[tuple[str, ...], ...] = ()
    """Names of one organisation that cannot be told from the article, each group in a list."""
    reviewed: Reviewed | None = None
    """Null in the file: a model's answer, not looked at yet. No such key: written by hand."""

    @property
    def human(self) -> bool:
        """Whether a person stands behind it, so that no command may change it unasked."""
        return self.reviewed is not None or "reviewed" not in self.model_fields_set


@dataclass(frozen=True)
class Case:
    """One folder, read."""

    folder: Path
    article: Article
    answer: Mapping[str, Any] | None
    """The recorded answer: takeaways and partnerships with quotes; None where none was recorded."""
    recorded: Mapping[str, Any]
    """Who gave it; empty where nobody wrote that down."""
    gold: Gold
    approved: Facts | None = None

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self.folder.resolve().name

    @property
    def said(self) -> Mapping[str, Any]:
        """The recorded answer. Raises `SourceError` where there is none."""
        if self.answer is None:
            raise SourceError(
                f"the case {str(self.folder)!r} has no {DRAFT} to play back: "
                "record one with `summarizer golden add --force`, or ask a model with -m"
            )
        return self.answer

    @property
    def held_out(self) -> bool:
        """Whether its content is kept from those who make rules."""
        return self.gold.held_out


def find_cases(folder: Path) -> list[Path]:
    """Return the folders of the cases in a folder, or the folder itself where it is one. Raises `SourceError`."""
    if (folder / EXPECTED).is_file():
        return [folder]
    found = sorted(path.parent for path in folder.glob(f"*/{EXPECTED}")) if folder.is_dir() else []
    if not found:
        raise SourceError(
            f"there are no golden cases in {str(folder)!r}: make one with `summarizer golden add ARTICLE`, "
            "or name a folder of them"
        )
    return found


def read_case(folder: Path) -> Case:
    """Read a case; a recorded answer may be missing, the rest not. Raises `SourceError`."""
    answer = dict(_object(folder / DRAFT)) if (folder / DRAFT).is_file() else None
    recorded = answer.pop(RECORDED, None) if answer else None
    approved = folder / APPROVED
    return Case(
        folder=folder,
        article=load(_article_path(folder)),
        answer=answer,
        recorded=recorded if isinstance(recorded, dict) else {},
        gold=_validated(Gold, folder / EXPECTED),
        approved=_validated(Facts, approved) if approved.is_file() else None,
    )


def read_cases(folders: Iterable[Path]) -> list[Case]:
    """Read several. Raises `SourceError`."""
    return [read_case(folder) for folder in folders]


def _article_path(folder: Path) -> Path:
    found = sorted(folder.glob("article.*"))
    if len(found) != 1:
        count = "no file" if not found else f"{len(found)} files"
        raise SourceError(f"the case {str(folder)!r} has {count} named article.*: exactly one is needed")
    return found[0]


_N = TypeVar("_N", bound=FrozenModel)


def _validated(noun: type[_N], path: Path) -> _N:
    try:
        return noun.model_validate(_object(path))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise SourceError(f"{str(path)!r} is not as a case has it: {where}: {fault['msg']}") from error


def _object(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(f"cannot read {str(path)!r}: {error.strerror or error}") from error
    except ValueError as error:
        raise SourceError(f"{str(path)!r} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise SourceError(f"{str(path)!r} holds no JSON object: a case has takeaways and partnerships there")
    return found


def write_json(path: Path, content: Any) -> None:
    """Write a file of a case, whole or not at all. Raises `SourceError`."""
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise SourceError(f"cannot write {str(path)!r}: {error.strerror or error}") from error


def plain(facts: Facts) -> dict[str, Any]:
    """Return the takeaways and partnerships as `expected.json` and `approved.json` have them."""
    return {
        "takeaways": [one.model_dump(mode="json") for one in facts.takeaways],
        "partnerships": [one.model_dump(mode="json") for one in facts.partnerships],
    }


def plain_gold(gold: Gold) -> dict[str, Any]:
    """Return a gold as `expected.json` has it: what was never said is left out."""
    said = {key: value for key, value in gold.model_dump(mode="json").items() if key in gold.model_fields_set}
    return {"held_out": gold.held_out, **plain(gold), **{key: said[key] for key in said if key not in _FIRST}}


_FIRST = ("held_out", "takeaways", "partnerships")
