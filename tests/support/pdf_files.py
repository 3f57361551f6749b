"""PDFs written by hand: text at places, as a layout program would set it, and whatever a hostile one would."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842

_HELVETICA = {  # thousandths of the size
    **dict.fromkeys("ijl'", 222),
    **dict.fromkeys(" .,:;ft!I/", 278),
    **dict.fromkeys("r-()", 333),
    **dict.fromkeys("cksvxyzJ", 500),
    **dict.fromkeys("mM", 833),
    **dict.fromkeys("wCDHNRUOGQ", 722),
}


def width(text: str, size: float) -> float:
    """About how wide a text is in Helvetica."""
    return sum(_HELVETICA.get(letter, 556) for letter in text) * size / 1000


@dataclass
class Page:
    """A page: text is put on it line by line."""

    parts: list[str] = field(default_factory=list)

    def put(self, x: float, y: float, text: str, size: float = 10) -> "Page":
        """Set a line of text at a place; `y` counts from the foot of the page."""
        shown = text.encode("cp1252").decode("latin-1").replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self.parts.append(f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({shown}) Tj ET")
        return self

    def column(self, x: float, y: float, lines: Sequence[str], size: float = 10, leading: float = 12) -> "Page":
        """Set lines below each other."""
        for line in lines:
            self.put(x, y, line, size)
            y -= leading
        return self

    @property
    def content(self) -> bytes:
        """The content stream."""
        return "\n".join(self.parts).encode("latin-1")


def pdf(pages: Sequence[Page | bytes], *, info: str = "", packed: bool = False, kids: str | None = None) -> bytes:
    """Return a PDF of pages, or of content streams; `kids` takes the place of the list of pages."""
    first = 5
    numbers = [first + 2 * place for place in range(len(pages))]
    listed = kids or " ".join(f"{number} 0 R" for number in numbers)
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{listed}] /Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: f"<< {info} >>".encode("latin-1"),
    }
    for number, page in zip(numbers, pages, strict=True):
        content = page.content if isinstance(page, Page) else page
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {number + 1} 0 R >>"
        ).encode()
        objects[number + 1] = stream(content, packed=packed)
    return assembled(objects)


def stream(content: bytes, *, packed: bool = False, more: str = "") -> bytes:
    """Return a stream object."""
    content = zlib.compress(content, 9) if packed else content
    packing = " /Filter /FlateDecode" if packed else ""
    return f"<< /Length {len(content)}{packing}{more} >>\nstream\n".encode() + content + b"\nendstream"


def assembled(objects: dict[int, bytes], trailer: str = "/Root 1 0 R /Info 4 0 R") -> bytes:
    """Put objects into a file, with the table that says where each is."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    size = max(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    for number in range(1, size):
        out += f"{places.get(number, 0):010} 00000 {'n' if number in places else 'f'} \n".encode()
    out += f"trailer\n<< /Size {size} {trailer} >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)
