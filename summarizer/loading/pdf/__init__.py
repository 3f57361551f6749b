"""PDF → text: pypdf says which letters stand where; in which order they are read is found here.

page     letters of one page → its lines, column after column
running  what stands on every page is no part of the article
prose    lines → paragraphs, words that were divided made whole
"""

import logging
import re
from io import BytesIO
from typing import TYPE_CHECKING

from ...errors import SourceError
from ..metadata import real_date, real_title
from ..readers import PLAIN, LoadedText
from ..sandbox import run_bounded
from .page_lines import PdfLine, lines_of, ordered
from .paragraphs import paragraphs
from .running_heads import without_running

if TYPE_CHECKING:
    from pypdf import PdfReader

PAGES = 2_000
"""Four times the longest annual report."""
LETTERS = 20_000_000
"""As for texts."""

_CATALOGUE = re.compile(rb"\b(\d{1,10}) (\d{1,5}) obj\s*<<[^>]{0,300}?/Type\s*/Catalog\b")
_HEADING = 1.2
"""Times the size of the text."""
_OCR = "run it through OCR first (ocrmypdf does that), and give what comes out"


def read_pdf(raw: bytes, name: str, charset: str | None) -> LoadedText:
    """Read a PDF in a process of its own. Raises `SourceError` for a scan, a locked or a damaged one."""
    text, warnings, *rest = run_bounded("pdf", raw, name)
    return LoadedText(text, tuple(warnings), *rest)


def parse(raw: bytes, name: str, charset: str | None = None) -> LoadedText:
    """Read a PDF here and now: whoever calls it bounds its time and memory."""
    try:
        with _Repairs() as repairs:
            reader = _opened(raw, name)
            pages, warnings = _pages(reader, name, repairs)
            about = {key: str(value) for key, value in (reader.metadata or {}).items()}
    except (SourceError, MemoryError):
        raise
    except Exception as error:
        raise _damaged(name, error) from error
    text, lost = _letters_of(paragraphs(list(map(ordered, without_running(pages)))), name)
    if lost:
        warnings.append(f"{lost} characters of its fonts stand for no letter, and were left out")
    title = real_title(about.get("/Title"), text) or _largest(next(filter(None, pages), []), text)
    return LoadedText(text, tuple(warnings), title, real_date(about.get("/CreationDate"), text))


def _opened(raw: bytes, name: str) -> "PdfReader":
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import PdfReadError

    try:
        reader = PdfReader(BytesIO(raw), strict=False)
    except PdfReadError:
        reader = PdfReader(BytesIO(raw + _ending(raw)), strict=False)
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise SourceError(f"cannot read {name!r}: it wants a password; open it, print it to a new PDF, and give that")
    if len(reader.pages) > PAGES:
        raise SourceError(
            f"cannot read {name!r}: it has {len(reader.pages):,} pages, more than {PAGES:,}; give the part that counts"
        )
    return reader


def _ending(raw: bytes) -> bytes:
    """What a file that was cut off has lost: where all else is. pypdf looks for that itself, but for the catalogue."""
    found = _CATALOGUE.findall(raw)
    trailer = b"\ntrailer << /Root %s %s R >>" % found[-1] if found else b""
    return trailer + b"\nstartxref\n0\n%%EOF\n"


class _Repairs(logging.Handler):
    """Hears what pypdf says when it makes do with a damaged stream; nothing of it goes to standard error."""

    def __enter__(self) -> "_Repairs":
        self.count = 0
        self._logger = logging.getLogger("pypdf")
        self._logger.addHandler(self)
        self._logger.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
        self._logger.propagate = True

    def emit(self, record: logging.LogRecord) -> None:
        """Count it."""
        self.count += record.name == "pypdf.filters"


def _pages(reader: "PdfReader", name: str, repairs: _Repairs) -> tuple[list[list[PdfLine]], list[str]]:
    """The lines of each page; a page that is damaged costs only itself, and is named."""
    pages: list[list[PdfLine]] = []
    broken: list[int] = []
    doubtful: list[int] = []
    letters = 0
    for number in range(1, len(reader.pages) + 1):
        repaired = repairs.count
        try:
            pages.append(lines_of(reader.pages[number - 1]))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - as above
            pages.append([])
            broken.append(number)
        if repairs.count > repaired:
            doubtful.append(number)
        letters += sum(len(line.text) for line in pages[-1])
        if letters > LETTERS:
            raise SourceError(f"cannot read {name!r}: it has more than {LETTERS:,} letters; give the part that counts")
    if not letters:
        raise _without_letters(reader, name, [*broken, *doubtful])
    return pages, _doubts(pages, broken, doubtful)


def _doubts(pages: list[list[PdfLine]], broken: list[int], doubtful: list[int]) -> list[str]:
    """What a reader should know of the pages that are not as they were made."""
    empty = [number for number, page in enumerate(pages, start=1) if not page and number not in {*broken, *doubtful}]
    doubts = (
        (broken, "could not be read, and was left out"),
        (doubtful, "is damaged; what could be saved of it was read"),
        (empty, "has no text; if it is an image of text, that was not read"),
    )
    return [f"page {_listed(numbers)} {what}" for numbers, what in doubts if numbers]


def _largest(page: list[PdfLine], text: str) -> str | None:
    """What a page sets in its largest letters, where that is short and larger than its text; spelt as in the text."""
    sizes = sorted(round(line.size) for line in page for _ in line.text)
    top = max((round(line.size) for line in page if len(line.text) > 3), default=0)
    if not sizes or top < _HEADING * sizes[len(sizes) // 2]:
        return None
    title = " ".join(line.text for line in page if round(line.size) == top)
    spelt = (paragraph for paragraph in text.split("\n\n", 50) if _letters(paragraph) == _letters(title))
    return next(spelt, title) if 10 <= len(title) <= 200 else None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text[:300])).casefold()


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown}, and {len(numbers) - 10} more,"


def _without_letters(reader: "PdfReader", name: str, broken: list[int]) -> SourceError:
    count = len(reader.pages)
    if broken:
        whole = "its page is not whole" if count == 1 else f"none of its {count} pages is whole"
        return SourceError(f"cannot read {name!r}: {whole}; get it again, or {PLAIN}")
    if not count:
        return SourceError(f"cannot read {name!r}: it has no pages; get it again, or {PLAIN}")
    pages = "its page shows" if count == 1 else f"its {count} pages show"
    return SourceError(f"cannot read {name!r}: {pages} no text; where it is a scan, {_OCR}; else get it again")


def _letters_of(text: str, name: str) -> tuple[str, int]:
    """The text without what its fonts give no letter for, and how much that is. Raises where that is a third."""
    kept = "".join(c for c in text if c.isprintable() or c in "\n\t\u00ad\u200b\u200c\u200d\u200e\u200f")
    kept = kept.replace("\ufffd", "")
    lost = len(text) - len(kept)
    if 3 * lost > len(text):
        raise SourceError(f"cannot read {name!r}: its fonts do not say which letters they show; {_OCR}")
    return kept, lost


def _damaged(name: str, error: Exception) -> SourceError:
    said = str(error).partition("\n")[0][:100] or type(error).__name__
    return SourceError(f"cannot read {name!r}: the PDF is damaged ({said}); get it again, or {PLAIN}")
