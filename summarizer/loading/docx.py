"""DOCX → text: the body in document order, with every tracked change accepted.

python-docx opens the package; the text is taken from the XML itself, because python-docx skips tracked insertions, text
boxes and content controls. Notes, headers, footers and comments are not part of the article.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from ..errors import SourceError
from .loaded_text import SAVE_AS_TEXT, LoadedText, damaged, plausible_date, plausible_title
from .markup import phrases

if TYPE_CHECKING:
    from docx.document import Document

MAX_UNPACKED = 200_000_000
"""Bytes of all members of the package, pictures included."""
MAX_MARKUP = 30_000_000
"""Bytes of its XML: ten times a report of 100,000 words."""
MAX_RATIO = 200
"""Unpacked to packed bytes: a document reaches 30, a decompression bomb a thousand."""
MAX_MEMBERS = 10_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The same again, for old versions of Word.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", f"{_W}instrText", _FALLBACK))
_CHARACTERS = {
    f"{_W}{tag}": character
    for tag, character in (("tab", "\t"), ("br", "\n"), ("cr", "\n"), ("noBreakHyphen", "-"), ("softHyphen", "\u00ad"))
}


def parse(raw: bytes, name: str, charset: str | None) -> LoadedText:
    """Read a Word document. Raises `SourceError` for one that is damaged, encrypted, or a decompression bomb."""
    from docx import Document

    _refuse_bombs(raw, name)
    try:
        document = Document(BytesIO(raw))
        if document.element.getroottree().docinfo.doctype:
            raise ValueError("it declares a document type, which Word never does")
        text = "\n\n".join(filter(None, _blocks(document.element.body)))
        title = plausible_title(document.core_properties.title, text) or _first_title(document)
        created = document.core_properties.created
    except Exception as error:
        raise damaged(name, "document", error, "save it again") from error
    return LoadedText(text, (), title, plausible_date(created.isoformat() if created else None, text))


def _refuse_bombs(raw: bytes, name: str) -> None:
    """Check the sizes that the package declares: zipfile never unpacks a member beyond its declared size."""
    try:
        members = ZipFile(BytesIO(raw)).infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise damaged(name, "document", error, "save it again") from error
    size = sum(member.file_size for member in members)
    markup = sum(member.file_size for member in members if member.filename.lower().endswith((".xml", ".rels")))
    if len(members) > MAX_MEMBERS or size > MAX_UNPACKED or markup > MAX_MARKUP or size > MAX_RATIO * len(raw):
        raise SourceError(
            f"cannot read {name!r}: unpacked it is {size:,} bytes in {len(members):,} parts, from {len(raw):,}; "
            f"it may be malicious: {SAVE_AS_TEXT}"
        )
    if any(member.flag_bits & 1 for member in members):
        raise SourceError(f"cannot read {name!r}: it is protected by a password; open it, and save it without one")


# --- the body --------------------------------------------------------------------------------------------------------


def _blocks(parent: Any) -> Iterator[str]:
    """Paragraphs and tables, in document order."""
    for element in parent.iterchildren():
        if element.tag == f"{_W}p":
            yield from _paragraph(element)
        elif element.tag == f"{_W}tbl":
            yield "\n".join(filter(None, map(_row, element.iter(f"{_W}tr"))))
        elif element.tag not in _SKIPPED and isinstance(element.tag, str):
            yield from _blocks(element)  # a content control, a tracked insertion


def _row(row: Any) -> str:
    cells = (" ".join(filter(None, _blocks(cell))).replace("\n", " ") for cell in row.iterchildren(f"{_W}tc"))
    return "\t".join(cells).strip()


def _paragraph(paragraph: Any) -> Iterator[str]:
    """The text of a paragraph, then of the text boxes anchored in it."""
    boxes: list[Any] = []
    yield "".join(_runs(paragraph, boxes)).strip()
    for box in boxes:
        yield from _blocks(box)


def _runs(element: Any, boxes: list[Any]) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag not in _SKIPPED and child.find(f"{_W}rPr/{_W}vanish") is None:  # hidden text
            yield from _runs(child, boxes)


def _first_title(document: "Document") -> str | None:
    """The first paragraph, where it has the style of a title."""
    for paragraph in document.paragraphs[:10]:
        if paragraph.text.strip():
            style = (paragraph.style.style_id if paragraph.style else "") or ""
            return paragraph.text.strip() if phrases("title_style").match(style) else None
    return None
