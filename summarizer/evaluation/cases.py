"""A golden case: a folder with an article, the recorded draft of a model, and the gold.

`expected.json` is the gold. `approved.json` exists only where the result of a replay differs from the gold and a person
approved that: then a replay is compared with it instead.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, combinations
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, ValidationError

from ..errors import SourceError
from ..foreign_json import read_json
from ..language.entities.names import aliases_of, core
from ..language.normalization import fold
from ..language.statuses import has_unspaced
from ..loading import load
from ..schema import Article, ClaimKind, Evidence, FrozenModel, Partnership, Takeaway

DRAFT, EXPECTED, APPROVED = "draft.json", "expected.json", "approved.json"
RECORDED = "recorded"
"""The key of `draft.json` with its provenance: model, date, and settings."""
_SHORTEST = 3
"""Characters of a short name that may stand for a longer one."""


class Trap(StrEnum):
    """Why two organisations that an article names together are not partners."""

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
    """Merely named near each other."""
    INSTRUCTION = "instruction"
    """The article holds a prompt injection that calls them partners."""


class NotPartnership(FrozenModel):
    """Organisations that are easily mistaken for partners."""

    parties: tuple[str, ...]
    kind: Trap
    evidence: tuple[Evidence, ...] = ()


class Planted(FrozenModel):
    """A claim of the recorded draft that must be rejected, and the acceptable reasons."""

    kind: ClaimKind
    claim_index: int
    """Its index in the draft's list of that kind."""
    codes: tuple[str, ...] = ()
    field: str | None = None


class Reviewed(FrozenModel):
    """The review of a gold: by whom, when, and which claims are settled while it is not done."""

    by: str
    on: str
    """ISO 8601 date."""
    settled: tuple[str, ...] = ()
    done: bool = True


class Facts(FrozenModel):
    """The takeaways and partnerships of an article."""

    takeaways: tuple[Takeaway, ...] = ()
    partnerships: tuple[Partnership, ...] = ()


class Gold(Facts):
    """The correct facts of an article, written or accepted by a person; unknown keys are kept."""

    model_config = ConfigDict(extra="allow")

    held_out: bool = False
    """Whether no rule may be written or tuned on it."""
    rejected: tuple[Planted, ...] = ()
    not_partnerships: tuple[NotPartnership, ...] = ()
    aliases: tuple[tuple[str, ...], ...] = ()
    """Groups of names of one organisation that the article does not connect."""
    reviewed: Reviewed | None = None
    """Null in the file: generated from a draft, not reviewed yet. No such key: written by hand."""

    @property
    def parties(self) -> list[str]:
        """Every organisation that it names, partners or not."""
        named = chain((one.parties for one in self.partnerships), (one.parties for one in self.not_partnerships))
        return list(chain.from_iterable(named))

    @property
    def human(self) -> bool:
        """Whether a person wrote or reviewed it, so that no command may change it unasked."""
        return self.reviewed is not None or "reviewed" not in self.model_fields_set


@dataclass(frozen=True)
class Case:
    """A case that was read from its folder."""

    folder: Path
    article: Article
    draft: Mapping[str, Any] | None
    """The recorded draft: takeaways and partnerships with quotes; None where none was recorded."""
    recorded: Mapping[str, Any]
    """The provenance of the draft; empty where it was not recorded."""
    gold: Gold
    approved: Facts | None = None

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.resolve().name

    @property
    def required_draft(self) -> Mapping[str, Any]:
        """The recorded draft. Raises `SourceError` where there is none."""
        if self.draft is None:
            raise SourceError(
                f"the case {str(self.folder)!r} has no {DRAFT} to replay: "
                "record one with `summarizer golden add --force`, or ask a model with -m"
            )
        return self.draft

    @property
    def held_out(self) -> bool:
        """Whether no rule may be written or tuned on it."""
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
    """Read a case, of which only the draft and the approved result may be missing. Raises `SourceError`."""
    draft = dict(_object(folder / DRAFT)) if (folder / DRAFT).is_file() else None
    recorded = draft.pop(RECORDED, None) if draft else None
    approved = folder / APPROVED
    articles = sorted(folder.glob("article.*"))
    if len(articles) != 1:
        count = f"{len(articles)} files" if articles else "no file"
        raise SourceError(f"the case {str(folder)!r} has {count} named article.*: exactly one is needed")
    return Case(
        folder=folder,
        article=load(articles[0]),
        draft=draft,
        recorded=recorded if isinstance(recorded, dict) else {},
        gold=_validated(Gold, folder / EXPECTED),
        approved=_validated(Facts, approved) if approved.is_file() else None,
    )


_Model = TypeVar("_Model", bound=FrozenModel)


def _validated(model: type[_Model], path: Path) -> _Model:
    try:
        return model.model_validate(_object(path))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise SourceError(f"{str(path)!r} is not valid: {where}: {fault['msg']}") from error


def _object(path: Path) -> Mapping[str, Any]:
    try:
        content = read_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(f"cannot read {str(path)!r}: {error.strerror or error}") from error
    except ValueError as error:
        raise SourceError(f"{str(path)!r} is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise SourceError(f"{str(path)!r} is not a JSON object with takeaways and partnerships")
    return content


def write_json(path: Path, content: Any) -> None:
    """Write a file of a case atomically. Raises `SourceError`."""
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise SourceError(f"cannot write {str(path)!r}: {error.strerror or error}") from error


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """Return the facts as `expected.json` and `approved.json` hold them."""
    proof = {"__all__": {"proof", "doubts"}}
    return facts.model_dump(
        mode="json", include={"takeaways", "partnerships"}, exclude={"takeaways": proof, "partnerships": proof}
    )


def gold_to_json(gold: Gold) -> dict[str, Any]:
    """Return a gold as `expected.json` holds it: without the fields that were never set."""
    content = {"held_out": gold.held_out, **facts_to_json(gold)}
    fields = gold.model_dump(mode="json")
    return content | {key: fields[key] for key in fields if key in gold.model_fields_set and key not in content}


# --- organisations -------------------------------------------------------------------------------------------------


class OrganisationMatcher:
    """The organisations of one article.

    Two names match where they differ by legal form, grammatical article or an acronym that the article introduces, or
    where one is contained in exactly one other. Names that are added first take precedence: those of the gold.
    """

    def __init__(self, text: str, names: Iterable[str], aliases: Iterable[Iterable[str]] = ()) -> None:
        self._text = fold(text)
        self._names = sorted({fold(name).strip() for name in names}, key=lambda name: (-len(name), name))
        self._key: dict[str, str] = {}
        self._forms: dict[str, set[str]] = {}
        for group in aliases:
            folded = [fold(name).strip() for name in group]
            self._forms.setdefault(folded[0], set())
            self._key |= dict.fromkeys(folded, folded[0])
        for name in self._names:
            self.key(name)

    def key(self, name: str) -> str:
        """Return the key of an organisation, by any of its names."""
        folded = fold(name).strip()
        if folded not in self._key:
            self._key[folded] = self._find(folded)
        return self._key[folded]

    def keys(self, parties: Iterable[str]) -> frozenset[str]:
        """Return the keys of several organisations."""
        return frozenset(map(self.key, parties))

    def pairs(self, parties: Iterable[str]) -> list[frozenset[str]]:
        """Return the keys of each two of several organisations."""
        return [frozenset(pair) for pair in combinations(self.keys(parties), 2)]

    def _find(self, folded: str) -> str:
        forms = set(aliases_of(folded, self._text, lambda _: self._names))
        for known, known_forms in self._forms.items():
            if core(known) == core(folded) or forms & known_forms:
                known_forms |= forms
                return known
        containing = [known for known in self._forms if _contains(core(known), core(folded))]
        if len(containing) == 1:
            return containing[0]
        self._forms[folded] = forms
        return folded


def _contains(left: str, right: str) -> bool:
    short, long = sorted((left, right), key=len)
    if len(short) < _SHORTEST:
        return False
    return short in long if has_unspaced(short) else f" {short} " in f" {long} "
