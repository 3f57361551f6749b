"""A package that brings an engine, `-m headline/2`, and a reader for files of a wire service."""

from dataclasses import dataclass

from summarizer import ConfigError, Draft, DraftTakeaway, Engine, Passage, Settings, SourceError


@dataclass(frozen=True)
class Headline:
    """The first lines of an article are what matters."""

    lines: int
    window: int = 10_000

    @property
    def identity(self) -> str:
        """Change it when drafts change: it is part of cache keys."""
        return f"headline/{self.lines}"

    async def draft(self, passage: Passage) -> Draft:
        """Propose each of the first lines, which proves itself."""
        lines = passage.text.splitlines()[: self.lines]
        return Draft(takeaways=tuple(DraftTakeaway(text=line, quotes=(line,)) for line in lines))


def open_headline(model: str, settings: Settings) -> Engine:
    """Open `headline/N`."""
    _, _, number = model.partition("/")
    if number and not number.isdecimal():
        raise ConfigError(f"{model!r} names no number of lines: give headline/1 or headline/2")
    return Headline(int(number or 1))


def read_wire(raw: bytes, name: str, charset: str | None) -> str:
    """Read a text behind a header line."""
    header, _, text = raw.decode(charset or "latin-1").partition("\n")
    if not header.startswith("ZCZC"):
        raise SourceError(f"cannot read {name!r}: it does not begin with ZCZC")
    return text


def read_broken(raw: bytes, name: str, charset: str | None) -> str:
    """Fail as no reader should."""
    raise KeyError("content.xml")
