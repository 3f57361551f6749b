"""The nouns that travel between the rooms: frozen, and nothing but data.

`Article` is what was read, `Draft` what a model proposes about it (quotes, no offsets), `Summary` what the article
proves of that (quotes with offsets, and `rejected`). The docstring under a field is the description that a language
model reads in the JSON schema: changing one changes a prompt.
"""

import hashlib
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import CoreSchema

from .docstrings import docstrings_of
from .errors import SourceError
from .language.identification import identify
from .language.titles import find_title


class FrozenModel(BaseModel):
    """Frozen; unknown keys are dropped."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        serialize_by_alias=True,
        validate_by_name=True,
        validate_by_alias=True,
    )


class DescribedModel(FrozenModel):
    """A noun that a model reads: the docstring under a field is its description in the JSON schema."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the JSON schema with the descriptions, for which pydantic asks when it is wanted."""
        made = handler(schema)
        fields = handler.resolve_ref_schema(made)["properties"]
        for name, words in docstrings_of(cls).items():
            if name in fields:
                fields[name]["description"] = words
        return made


class Status(StrEnum):
    """How far a partnership has come, as the article tells it."""

    ESTABLISHED = "established"
    IN_TALKS = "in_talks"
    CONSIDERED = "considered"
    ABANDONED = "abandoned"
    ENDED = "ended"
    DENIED = "denied"


Match = Literal["verbatim", "folded", "elided", "close"]
ClaimKind = Literal["takeaway", "partnership", "field"]


_SURROGATES = re.compile("[\ud800-\udfff]")


def _printable(value: str) -> str:
    """Replace halves of characters, which no file and no JSON can hold; every offset stays."""
    try:
        value.encode()  # says so of a whole text in a tenth of the time
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", value)
    return value


Words = Annotated[str, AfterValidator(_printable)]


# --- what was read ---------------------------------------------------------------------------------------------


class ArticleInfo(FrozenModel):
    """What a summary says of the article that it summarizes."""

    source: str | None = None
    """Path, URL, identifier, or null for text that came from nowhere."""
    title: str | None = None
    language: str = "und"
    """BCP 47; `und` where it could not be told."""
    published: str | None = None
    """Date of publication as ISO 8601, where the source gives it."""
    characters: int = 0
    """Length of the text in Python characters: what every offset counts."""
    sha256: str = ""
    """Of the text in UTF-8."""


class Article(FrozenModel):
    """One news text. `text` is fixed when it is loaded, and every offset in the program indexes it."""

    text: Words
    source: Words | None = None
    title: Words | None = None
    language: str = "und"
    published: str | None = None
    warnings: tuple[str, ...] = ()
    """What the reader should know of how it was read: a guessed encoding, bytes that were replaced."""

    @classmethod
    def from_text(cls, text: str, *, source: str | None = None) -> Self:
        """Make an article of a text that is already in memory; title and language are found in it.

        Raises `SourceError` when there is nothing to read in it.
        """
        if not text.strip():
            raise SourceError(f"{source or 'the text'!r} is empty: give an article with at least one sentence")
        return cls(text=text, source=source, title=find_title(text), language=identify(text))

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def info(self) -> ArticleInfo:
        """What a summary keeps of it."""
        return ArticleInfo(
            source=self.source,
            title=self.title,
            language=self.language,
            published=self.published,
            characters=len(self.text),
            sha256=self.sha256,
        )


class Passage(FrozenModel):
    """A stretch of an article that a model drafts from at one time: `article.text[start:end]`."""

    article: Article
    start: int
    end: int
    output_language: str
    """BCP 47: the language of `text` and `purpose` in the draft."""
    takeaways: int = 5
    """How many takeaways at the most."""

    @property
    def text(self) -> str:
        """The words of the passage."""
        return self.article.text[self.start : self.end]


# --- what a model answers --------------------------------------------------------------------------------------


def _some(values: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(value for value in values if value.strip())
    if not kept:
        raise ValueError("at least one is needed")
    return kept


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
    if len(kept) < 2:
        raise ValueError("two or more distinct organisations are needed")
    return kept


def _words(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


Quotes = Annotated[tuple[Words, ...], AfterValidator(_some), Field(json_schema_extra={"minItems": 1})]
Parties = Annotated[tuple[Words, ...], AfterValidator(_distinct), Field(json_schema_extra={"minItems": 2})]


class DraftTakeaway(DescribedModel):
    """One thing that a busy reader must retain."""

    text: Annotated[Words, AfterValidator(_words)]
    """One self-contained sentence in the output language; only what its quotes say."""
    quotes: Quotes
    """Words copied from the article, letter by letter, that prove every name, number and date of the sentence."""


class DraftPartnership(DescribedModel):
    """Two or more named organisations that do, plan, discuss, drop or deny doing something together."""

    parties: Parties
    """The organisations, each as the article spells its name."""
    status: Status
    """established: agreed, signed or running. in_talks: being negotiated. considered: one side envisages it.
    abandoned: talks or plans dropped before any deal. ended: was running, is over. denied: a party says that there is
    none."""
    purpose: Words | None = None
    """What they do together, as a short phrase in the output language; null if the article does not say."""
    region: Words | None = None
    """Where it applies, in the article's own words; null if the article does not say."""
    date: Words | None = None
    """When it was agreed, announced or ended, in the article's own words; null if the article does not say."""
    attribution: Words | None = None
    """Who the article says reports it, in the article's own words; null if the article states it by itself."""
    quotes: Quotes
    """Words copied from the article, letter by letter, that name the parties and show the status."""


class Reason(FrozenModel):
    """Why a claim, or a field of one, was not proven."""

    code: str
    """One of the contract's codes, `number_not_in_evidence` for one."""
    message: str
    """The same for a person."""
    value: str | None = None
    """The words of the claim that fell."""


class Rejected(FrozenModel):
    """A claim that fell, as the model wrote it, with all its reasons."""

    kind: ClaimKind
    claim: dict[str, Any]
    """For `field`: `parties` and `status` of the kept partnership, `field` and `value` of what was nulled."""
    reasons: tuple[Reason, ...]


Unread = tuple[int, int]
"""Start and end, exclusive, of a stretch of the article."""


class Effort(FrozenModel):
    """What one or more answers took, and what was wrong with them. Adds up with `+`."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    """Null as soon as one call's price is unknown."""
    cached: bool = False
    created: str | None = None
    """ISO 8601 in UTC: when the oldest answer was made, where it was remembered; null for one made just now."""
    truncated: bool = False
    unread: tuple[Unread, ...] = ()
    """Stretches of the article that no answer came for."""
    malformed: tuple[Rejected, ...] = ()
    """Items of an answer that never took the shape that was asked for."""
    warnings: tuple[str, ...] = ()

    def __add__(self, other: "Effort") -> "Effort":
        costs = (self.cost_usd, other.cost_usd)
        return Effort(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
            cached=self.cached and other.cached,
            created=min(filter(None, (self.created, other.created)), default=None),
            truncated=self.truncated or other.truncated,
            unread=self.unread + other.unread,
            malformed=self.malformed + other.malformed,
            warnings=tuple(dict.fromkeys(self.warnings + other.warnings)),
        )


class Draft(DescribedModel):
    """What a model proposes about an article: claims with quotes, no offsets, nothing proven yet."""

    fingerprint: ClassVar[str] = "93583b577a2f3099ea10df28b8169557c85af24ee2cc903569a3ffeaeaa42840"
    """SHA-256 of the JSON schema that the model reads, written down because making it takes longer than finding a
    summary that is remembered. A test says the new one where a field or a docstring has changed."""

    takeaways: tuple[DraftTakeaway, ...] = ()
    """The most important first; an empty list when nothing is worth retaining."""
    partnerships: tuple[DraftPartnership, ...] = ()
    """An empty list when the article states none."""
    effort: SkipJsonSchema[Effort] = Field(default=Effort(), exclude=True)
    """What it took to get this answer: ours to fill, never the model's to say."""

    @classmethod
    def salvage(cls, answer: Mapping[str, Any]) -> Self:
        """Keep every item of an answer that is well formed; the others go to `effort.malformed`, each with its reasons.

        One malformed item never costs its siblings. Unknown keys are dropped and noted in `effort.warnings`.
        """
        notes = [f"unknown key {key!r} in the answer was dropped" for key in answer if key not in _DRAFT_KEYS]
        malformed: list[Rejected] = []
        takeaways = _salvage(answer.get("takeaways"), DraftTakeaway, "takeaway", malformed, notes)
        partnerships = _salvage(answer.get("partnerships"), DraftPartnership, "partnership", malformed, notes)
        effort = Effort(malformed=tuple(malformed), warnings=tuple(dict.fromkeys(notes)))
        return cls(takeaways=tuple(takeaways), partnerships=tuple(partnerships), effort=effort)


_N = TypeVar("_N", bound="FrozenModel")
_DRAFT_KEYS = ("takeaways", "partnerships")


def _salvage(items: Any, noun: type[_N], kind: ClaimKind, malformed: "list[Rejected]", notes: list[str]) -> list[_N]:
    if items is None:
        return []
    kept: list[_N] = []
    for item in items if isinstance(items, list | tuple) else [items]:
        try:
            kept.append(noun.model_validate(item))
        except ValidationError as error:
            malformed.append(Rejected(kind=kind, claim=_as_claim(item), reasons=_reasons(error)))
            continue
        if isinstance(item, Mapping):
            unknown = [key for key in item if key not in noun.model_fields]
            notes += [f"unknown key {key!r} of a {kind} was dropped" for key in unknown]
    return kept


def _as_claim(item: Any) -> dict[str, Any]:
    return {str(key): value for key, value in item.items()} if isinstance(item, Mapping) else {"answer": item}


def _reasons(error: ValidationError) -> "tuple[Reason, ...]":
    return tuple(
        Reason(
            code="malformed",
            message=f"{'.'.join(str(part) for part in fault['loc']) or 'the item'}: {fault['msg']}",
            value=None if isinstance(fault["input"], Mapping) else str(fault["input"])[:200],
        )
        for fault in error.errors(include_url=False)
    )


class Engine(Protocol):
    """The one seam: a language model, the embedded model, a recording, or a cache around any of them."""

    @property
    def model(self) -> str:
        """Who answers, as a person names it: `extractive`, `openai/gpt-…`."""

    @property
    def identity(self) -> str:
        """All that shapes an answer beside the passage: model, endpoint, prompt, schema; never a key."""

    @property
    def prompt(self) -> tuple[str, str] | None:
        """Name and SHA-256 of the prompt template, None where no prompt is used."""

    @property
    def window(self) -> int:
        """How many characters of an article one draft may see."""

    async def draft(self, passage: Passage) -> Draft:
        """Propose takeaways and partnerships of a passage; `draft.effort` says what it took.

        Raises `EngineError` and its children when there is no usable answer.
        """

    async def aclose(self) -> None:
        """Let go of connections; the engine is not used afterwards."""


# --- what comes out --------------------------------------------------------------------------------------------


class Evidence(FrozenModel):
    """The article's own words: `article.text[start:end] == quote`, always."""

    quote: str
    start: int
    """Python string offset into `article.text`."""
    end: int
    """Exclusive."""
    match: Match
    """How the model's quote compares with the article's words."""


class Takeaway(FrozenModel):
    """One thing to retain, proven."""

    text: str
    evidence: tuple[Evidence, ...]


class Partnership(FrozenModel):
    """Who with whom, in which state, proven."""

    parties: tuple[str, ...]
    status: Status
    purpose: str | None = None
    region: str | None = None
    date: str | None = None
    attribution: str | None = None
    evidence: tuple[Evidence, ...]


class Usage(FrozenModel):
    """Tokens, re-asks and repairs included, each call counted once."""

    input_tokens: int = 0
    output_tokens: int = 0


class Provenance(FrozenModel):
    """Who answered, asked what, at what price, and what the reader should know of it."""

    model: str = "unknown"
    prompt: str | None = None
    prompt_sha256: str | None = None
    request: str | None = None
    """Fingerprint of all that was asked beside the article: engine, prompt, language, how many. What an output
    holds under the same one is not done again."""
    version: str = ""
    created: str = ""
    """ISO 8601 in UTC: when the draft was made, which a cached one keeps."""
    output_language: str = "und"
    cached: bool = False
    calls: int = 0
    repaired: int = 0
    passages: int = 1
    """In how many parts the article was read: one, if it fits into what the model can see at one time."""
    truncated: bool = False
    unread: tuple[Unread, ...] = ()
    """Stretches of the article that were not read, `[start, end)` each; `warnings` say why."""
    usage: Usage = Usage()
    cost_usd: float | None = None
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()


class Summary(FrozenModel):
    """What survived: claims whose every part is proven, plus what did not survive and why."""

    schema_: Literal["summary/1"] = Field(default="summary/1", alias="schema")
    article: ArticleInfo
    takeaways: tuple[Takeaway, ...] = ()
    partnerships: tuple[Partnership, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    provenance: Provenance = Provenance()


class Failure(FrozenModel):
    """An article of a batch that could not be summarized: a value in the stream, the run goes on."""

    schema_: Literal["failure/1"] = Field(default="failure/1", alias="schema")
    source: str
    error: str
    """Class of the error, `SourceError` for one."""
    message: str


class Verdict(FrozenModel):
    """Whether an article bears out one claim in words."""

    supported: bool
    score: float
    """0 to 1: how well the best sentences of the article cover the claim."""
    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[Reason, ...] = ()
