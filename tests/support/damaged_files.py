"""Files of every kind that is read, and ways to damage them: for the tests, and for longer runs by hand."""

import random
import zlib
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from docx import Document
from pdf_files import Page, pdf

from summarizer.loading import docx, feeds, mail, pages, source_formats, text_encoding
from summarizer.loading import pdf as pdfs

WORDS = "Norvik a signé mardi un accord avec Zelba. « Bien », dit-il ; 3,5 € le 5 mars 2024."
PAGE = f"""<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Norvik</title>
<meta property="og:title" content="Norvik et Zelba"><script type="application/ld+json">{{"@type": "NewsArticle",
"datePublished": "2024-03-05", "headline": "Norvik"}}</script></head><body><nav><a href="/">Menu</a></nav>
<article><h1>Norvik et Zelba</h1><p>{WORDS}</p><table><tr><td>1<td>2</table><ul><li>{WORDS}</ul></article></body>"""
FEED = f"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss [<!ENTITY e "x">]>
<rss version="2.0"><channel><title>F</title><item><guid>1</guid><title>Norvik</title><link>https://example.org/1</link>
<pubDate>Tue, 05 Mar 2024 10:00:00 +0100</pubDate><description><![CDATA[<p>{WORDS}</p>]]></description></item>
<item><title>&amp;e; &e;</title><description>&lt;b&gt;{WORDS}</description></item></channel></rss>"""


def _pdf() -> bytes:
    page = Page().put(50, 800, "La Lettre", 8).put(50, 760, "Norvik et Zelba", 18)
    page.column(50, 720, [WORDS[:40], WORDS[40:] + " Bundes-", "regierung"] * 5).column(310, 720, [WORDS[:40]] * 9)
    return pdf([page, page], info="/Title (Norvik et Zelba) /CreationDate (D:20240305101500)", packed=True)


def _word() -> bytes:
    document, out = Document(), BytesIO()
    document.add_heading("Norvik", 0)
    document.add_paragraph(WORDS)
    document.add_table(2, 2).cell(0, 0).text = WORDS
    document.save(out)
    return out.getvalue()


def _mail() -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "Re: Norvik s’allie", "Adèle <a@example.org>"
    message["Date"], message["Message-ID"] = "Tue, 05 Mar 2024 10:00:00 +0100", "<1@example.org>"
    message.set_content(f"{WORDS}\n\nLe 4 mars, Bob a écrit :\n> Quoi ?\n\n-- \nAdèle", cte="quoted-printable")
    message.add_alternative(PAGE, subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="é.pdf")
    return bytes(message)


READERS: dict[str, tuple[bytes, Callable[[bytes, str, str | None], object]]] = {
    "text": (WORDS.encode("cp1252"), text_encoding.parse),
    "pdf": (_pdf(), pdfs.parse),
    "docx": (_word(), docx.parse),
    "mail": (_mail(), mail.parse),
    "feed": (FEED.encode(), feeds.parse),
    "page": (PAGE.encode(), pages.parse),
}
"""Kind → a valid file, and what reads it here and now."""

SPLICES = (
    *(b"", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"<", b">", b"&#x110000;", b"]]>", b"<!--", b"%", b"(", b"[", b"<<"),
    *(b"\n\n", b"\r\n ", b"0", b"-1", b"99999999999999999999", b"1e999", b"obj", b"endstream", b" R", b"=?utf-8?b?"),
    *(b"?=", b"charset=utf-16", b"boundary=", b"<td>", b"<rss>", b"encoding='x'", b"PK\x03\x04", b"D:99999999", b"="),
)  # fmt: skip


def damaged(raw: bytes, dice: random.Random) -> bytes:
    """Return a file with a few bytes flipped, cut, doubled, moved or put in; a member of a ZIP rather than the ZIP."""
    if raw.startswith(b"PK") and dice.random() < 0.7:
        with suppress(BadZipFile, EOFError, zlib.error, ValueError, OSError, NotImplementedError):
            return _with_damaged_member(raw, dice)
    broken = bytearray(raw)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at = dice.randrange(len(broken) + 1)
        match dice.randrange(7):
            case 0:
                del broken[at:]
            case 1:
                broken[at : at + 1] = bytes([dice.randrange(256)])
            case 2:
                broken[at:at] = dice.choice(SPLICES)
            case 3:
                del broken[at : at + dice.randrange(1, 60)]
            case 4:
                broken[at:at] = broken[at : at + dice.randrange(1, 200)] * dice.choice((1, 2, 50))
            case 5:
                other = dice.randrange(len(broken) + 1)
                broken[at:at] = broken[other : other + dice.randrange(1, 100)]
            case _:
                broken[at : at + dice.randrange(1, 8)] = dice.choice(SPLICES)
    return bytes(broken)


def _with_damaged_member(raw: bytes, dice: random.Random) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(raw)) as whole, ZipFile(out, "w", ZIP_DEFLATED) as made:
        names = whole.namelist()
        chosen = dice.choice([*names, "word/document.xml", "word/document.xml"])
        for name in names:
            content = whole.read(name)
            made.writestr(name, damaged(content, dice) if name == chosen else content)
    return out.getvalue()


def kind(raw: bytes, dice: random.Random) -> str:
    """Choose the kind of some bytes, under any name: must never raise."""
    return source_formats.detect(
        raw, dice.choice(("", ".txt", ".pdf", ".xml", ".?")), dice.choice((None, "text/html"))
    ).name
