"""PDF → text: pypdf gives the positions of the glyphs, and the reading order is reconstructed here.

page_lines  glyphs of one page → its lines, column by column
paragraphs  lines of all pages → paragraphs, without headers and footers, hyphenated words joined
"""

import logging
import re
from io import BytesIO
from typing import TYPE_CHECKING

from ...errors import SourceError
from ..loaded_text import SAVE_AS_TEXT, LoadedText, damaged, plausible_date, plausible_title
from ..markup import letters_of
from .page_lines import NO_LETTER, PdfLine, lines_of, ordered
from .paragraphs import paragraphs, without_running

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 2_000
"""Four times the longest annual report."""
MAX_CHARACTERS = 20_000_000

_CATALOGUE = re.compile(rb"\b(\d{1,10}) (\d{1,5}) obj\s*<<[^>]{0,300}?/Type\s*/Catalog\b")
_HEADING = 1.2
"""Times the median size: larger text is a heading."""
_OCR = "run it through OCR first (for example with ocrmypdf), and give the result"


def parse(raw: bytes, name: str, charset: str | None = None) -> LoadedText:
    """Read a PDF. Raises `SourceError` for a scan, and for an encrypted or a damaged file."""
    try:
        with _RepairCounter() as repairs:
            reader = _open(raw, name)
            pages, warnings = _pages(reader, name, repairs)
            metadata = {key: str(value) for key, value in (reader.metadata or {}).items()}
    except (SourceError, MemoryError):
        raise
    except Exception as error:
        raise damaged(name, "PDF", error, "get it again") from error
    text, lost = _printable(paragraphs(list(map(ordered, without_running(pages)))), name)
    if lost:
        warnings.append(f"{lost} characters of its fonts map to no letter, and were left out")
    title = plausible_title(metadata.get("/Title"), text) or _largest_text(next(filter(None, pages), []), text)
    return LoadedText(text, tuple(warnings), title, plausible_date(metadata.get("/CreationDate"), text))


def _open(raw: bytes, name: str) -> "PdfReader":
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import PdfReadError

    try:
        reader = PdfReader(BytesIO(raw), strict=False)
    except PdfReadError:
        reader = PdfReader(BytesIO(raw + _trailer(raw)), strict=False)
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise SourceError(f"cannot read {name!r}: it is protected by a password; print it to a new PDF, and give that")
    if len(reader.pages) > MAX_PAGES:
        raise SourceError(
            f"cannot read {name!r}: it has {len(reader.pages):,} pages, more than {MAX_PAGES:,}; split it"
        )
    return reader


def _trailer(raw: bytes) -> bytes:
    """Return a trailer for a file that was cut off: pypdf recovers all but the reference to the catalogue."""
    found = _CATALOGUE.findall(raw)
    trailer = b"\ntrailer << /Root %s %s R >>" % found[-1] if found else b""
    return trailer + b"\nstartxref\n0\n%%EOF\n"


class _RepairCounter(logging.Handler):
    """Counts the damaged streams that pypdf logs, and keeps its messages off standard error."""

    def __enter__(self) -> "_RepairCounter":
        self.count = 0
        self._logger = logging.getLogger("pypdf")
        self._logger.addHandler(self)
        self._logger.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
        self._logger.propagate = True

    def emit(self, record: logging.LogRecord) -> None:
        """Count a message about a stream."""
        self.count += record.name == "pypdf.filters"


def _pages(reader: "PdfReader", name: str, repairs: _RepairCounter) -> tuple[list[list[PdfLine]], list[str]]:
    """Return the lines of each page, and warnings on pages that are damaged or empty."""
    pages: list[list[PdfLine]] = []
    broken: list[int] = []
    damaged: list[int] = []
    characters = 0
    for number in range(1, len(reader.pages) + 1):
        repaired = repairs.count
        try:
            pages.append(lines_of(reader.pages[number - 1]))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - pypdf raises anything
            pages.append([])
            broken.append(number)
        if repairs.count > repaired:
            damaged.append(number)
        characters += sum(len(line.text) for line in pages[-1])
        if characters > MAX_CHARACTERS:
            raise SourceError(f"cannot read {name!r}: it has more than {MAX_CHARACTERS:,} characters; split it")
    if not characters:
        raise _without_text(reader, name, [*broken, *damaged])
    return pages, _page_warnings(pages, broken, damaged)


def _page_warnings(pages: list[list[PdfLine]], broken: list[int], damaged: list[int]) -> list[str]:
    empty = [number for number, page in enumerate(pages, start=1) if not page and number not in {*broken, *damaged}]
    problems = (
        (broken, "could not be read, and was left out"),
        (damaged, "is damaged; what could be recovered was read"),
        (empty, "has no text; if it is an image of text, it was not read"),
    )
    return [f"page {_listed(numbers)} {what}" for numbers, what in problems if numbers]


def _largest_text(page: list[PdfLine], text: str) -> str | None:
    """Return the largest text of a page where it is short and clearly larger than the rest; spelt as in the text."""
    sizes = sorted(round(line.size) for line in page for _ in line.text)
    top = max((round(line.size) for line in page if len(line.text) > 3), default=0)
    if not sizes or top < _HEADING * sizes[len(sizes) // 2]:
        return None
    title = " ".join(line.text for line in page if round(line.size) == top)
    same = (paragraph for paragraph in text.split("\n\n", 50)[:50] if letters_of(paragraph) == letters_of(title))
    return next(same, title) if 10 <= len(title) <= 200 else None


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown}, and {len(numbers) - 10} more,"


def _without_text(reader: "PdfReader", name: str, broken: list[int]) -> SourceError:
    count = len(reader.pages)
    pages = "its page" if count == 1 else f"all of its {count} pages" if broken else f"its {count} pages"
    if broken or not count:
        problem = f"{pages} {'is' if count == 1 else 'are'} damaged" if count else "it has no pages"
        return SourceError(f"cannot read {name!r}: {problem}; get it again, or {SAVE_AS_TEXT}")
    shows = "shows" if count == 1 else "show"
    return SourceError(f"cannot read {name!r}: {pages} {shows} no text; if it is a scan, {_OCR}; else get it again")


def _printable(text: str, name: str) -> tuple[str, int]:
    """Remove the characters that the fonts map to no letter, and count them. Raises where they are a third."""
    kept = "".join(c for c in text if c.isprintable() or c in "\n\t\u00ad\u200b\u200c\u200d\u200e\u200f")
    kept = kept.replace(NO_LETTER, "")
    lost = len(text) - len(kept)
    if 3 * lost > len(text):
        raise SourceError(f"cannot read {name!r}: its fonts do not map to letters; {_OCR}")
    return kept, lost
