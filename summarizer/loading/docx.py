"""DOCX → text: the body in its order, as it would be printed if every tracked change were accepted.

python-docx opens the package; the words are taken from the XML itself, for it passes over tracked insertions, text
boxes and content controls. Foot- and endnotes, heads, feet and comments are no part of the article.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from ..errors import SourceError
from .metadata import real_date, real_title
from .readers import PLAIN, LoadedText

if TYPE_CHECKING:
    from docx.document import Document

UNPACKED = 200_000_000
"""Bytes of all members of the package, pictures among them."""
MARKUP = 30_000_000
"""Bytes of its XML: ten times a report of 100,000 words."""
RATIO = 200
"""Unpacked to packed bytes: a document reaches 30, a bomb a thousand."""
MEMBERS = 10_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # the same, for old readers
_LEFT_OUT = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", f"{_W}instrText", _FALLBACK))
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}softHyphen": "\u00ad"}


def read_word(raw: bytes, name: str, charset: str | None) -> LoadedText:
    """Read a Word document. Raises `SourceError` for one that is damaged, locked, or a bomb."""
    _refuse_bombs(raw, name)
    try:
        document = _opened(raw)
        if document.element.getroottree().docinfo.doctype:
            raise ValueError("it declares a document type, as Word never does")
        text = "\n\n".join(filter(None, _blocks(document.element.body)))
        title = real_title(document.core_properties.title, text) or _titled(document)
        made = document.core_properties.created
    except Exception as error:
        raise _damaged(name, error) from error
    return LoadedText(text, (), title, real_date(made.isoformat() if made else None, text))


def _refuse_bombs(raw: bytes, name: str) -> None:
    """Look at the sizes that the package declares: no member ever unpacks to more than it declares."""
    try:
        members = ZipFile(BytesIO(raw)).infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise _damaged(name, error) from error
    size = sum(member.file_size for member in members)
    markup = sum(member.file_size for member in members if member.filename.lower().endswith((".xml", ".rels")))
    if len(members) > MEMBERS or size > UNPACKED or markup > MARKUP or size > RATIO * len(raw):
        raise SourceError(
            f"cannot read {name!r}: unpacked it is {size:,} bytes in {len(members):,} parts, from {len(raw):,}; "
            f"it may be made to do harm: {PLAIN}"
        )
    if any(member.flag_bits & 1 for member in members):
        raise SourceError(f"cannot read {name!r}: it wants a password; open it, and save it without one")


def _opened(raw: bytes) -> "Document":
    from docx import Document

    return Document(BytesIO(raw))


def _damaged(name: str, error: Exception) -> SourceError:
    said = str(error).partition("\n")[0][:100] or type(error).__name__
    return SourceError(f"cannot read {name!r}: the Word document is damaged ({said}); save it anew, or {PLAIN}")


# --- the body --------------------------------------------------------------------------------------------------------


def _blocks(parent: Any) -> Iterator[str]:
    """Paragraphs, and the rows of tables, in their order."""
    for element in parent.iterchildren():
        if element.tag == f"{_W}p":
            yield from _paragraph(element)
        elif element.tag == f"{_W}tbl":
            yield "\n".join(filter(None, map(_row, element.iter(f"{_W}tr"))))
        elif element.tag not in _LEFT_OUT and isinstance(element.tag, str):
            yield from _blocks(element)  # a content control, a tracked insertion


def _row(row: Any) -> str:
    cells = (" ".join(filter(None, _blocks(cell))).replace("\n", " ") for cell in row.iterchildren(f"{_W}tc"))
    return "\t".join(cells).strip()


def _paragraph(paragraph: Any) -> Iterator[str]:
    """The words of a paragraph; a text box that hangs on it comes after it."""
    boxes: list[Any] = []
    yield "".join(_words(paragraph, boxes)).strip()
    for box in boxes:
        yield from _blocks(box)


def _words(element: Any, boxes: list[Any]) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag not in _LEFT_OUT and not _is_hidden(child):
            yield from _words(child, boxes)


def _is_hidden(element: Any) -> bool:
    return element.tag == f"{_W}r" and element.find(f"{_W}rPr/{_W}vanish") is not None


def _titled(document: "Document") -> str | None:
    """The first paragraph where it is set as a title."""
    for paragraph in document.paragraphs[:10]:
        if paragraph.text.strip():
            style = (paragraph.style.style_id if paragraph.style else "") or ""
            return paragraph.text.strip() if style in ("Title", "Titre", "Titel", "Heading1", "Titre1") else None
    return None
