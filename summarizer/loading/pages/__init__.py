"""A web page → its article, or the reason why there is none.

page_metadata    title, date, author, site and language, as the page declares them
boilerplate      hidden elements, menus, share buttons, related links, comments
article_body     the body that trafilatura finds in what is left, as plain text
refusals         paywalls, consent walls, error pages, pages of links

The text begins with the headline, as a text file does. trafilatura finds the body; what would mislead it, such as
hidden elements, is removed first.
"""

import logging
import re

from ...errors import SourceError
from ..loaded_text import LoadedText
from ..markup import Element, measure
from ..text_encoding import decode

MAX_ELEMENTS = 50_000
"""The longest live blogs have 20,000; this limits a malicious page to a few seconds."""
_LONGEST_TAG = 20_000
"""Characters: longer tags hold an image in an attribute, or thousands of attributes, which take the parser minutes."""
_LONG_TAG = re.compile(rf"(<[A-Za-z][\w:-]{{0,40}})[^<>]{{{_LONGEST_TAG},}}")
_CONTROLS = bytes.maketrans(bytes((*range(9), *range(11, 32), 127)), b" " * 31)
_REFERENCES = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[12456789]|2\d|3[01]))(?:;|(?!\w))", re.IGNORECASE
)
"""Characters that lxml accepts and drops, bare and as references."""
_HEAD = 4_096
"""Bytes in which a page declares its charset: browsers read 1,024, but some pages begin with a long comment."""
_FEW = 0.01
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE
)


def parse(raw: bytes, name: str, charset: str | None) -> LoadedText:
    """Read the article of a web page; `charset` is the server's. Raises `SourceError` where there is no article."""
    if 0 < raw.count(b"\0") < _FEW * len(raw):  # UTF-16 has more; browsers ignore them
        raw = raw.replace(b"\0", b"")
    declared = _CHARSET.search(raw[:_HEAD])
    decoded = decode(raw, name, charset or (declared and declared[1].decode("ascii")))
    tree = _tree(decoded.text, name)
    try:
        loaded = _article(tree, name)
    except SourceError:
        raise
    except Exception as error:  # heuristic libraries may fail on any markup
        raise SourceError(f"cannot read {name!r}: its markup is broken ({error}); save its article as text") from error
    return loaded._replace(warnings=(*decoded.warnings, *loaded.warnings))


def _article(tree: Element, name: str) -> LoadedText:
    from . import article_body, boilerplate, page_metadata, refusals

    _silence_loggers()
    noscript = refusals.noscript_text(tree)
    metadata = page_metadata.extract(tree)
    hidden = boilerplate.remove_hidden(tree)
    sizes = measure(tree)
    signals = refusals.signals(tree, sizes, noscript)
    headline = page_metadata.headline(tree, metadata)
    spare = boilerplate.remove(tree, sizes)
    body = article_body.find(tree, spare, headline, metadata)
    refusals.check(signals, metadata, body, name)
    title = headline.title
    text = "\n\n".join((title, *body.lines) if title else body.lines)
    warnings = refusals.warnings(signals, metadata, body, hidden)
    published = metadata.date or page_metadata.day_in(body.datelines)
    language = page_metadata.language(tree, text)
    return LoadedText(text, warnings, title, published, language, metadata.authors, metadata.site)


def _tree(text: str, name: str) -> Element:
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    if text.count("<") > 10 * MAX_ELEMENTS:  # scripts may hold more of them than there are elements
        raise _too_many(name)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    if max(map(len, text.split("<"))) > _LONGEST_TAG:
        text = _LONG_TAG.sub(r"\1", text)
    text = _REFERENCES.sub(" ", text) if "&#" in text else text
    markup = text.replace("\ufffe", " ").replace("\uffff", " ").encode("utf-8", "replace").translate(_CONTROLS)
    try:
        tree = document_fromstring(markup, parser=parser)
    except (LxmlError, ValueError, AssertionError) as error:
        raise SourceError(f"cannot read {name!r}: there is nothing on the page; look at it in a browser") from error
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        raise _too_many(name)
    return tree


def _too_many(name: str) -> SourceError:
    return SourceError(
        f"cannot read {name!r}: the page has more than {MAX_ELEMENTS:,} elements; save its article as plain text"
    )


def _silence_loggers() -> None:
    """Keep the libraries' log messages off the terminal."""
    for library in ("trafilatura", "htmldate", "courlan", "readability"):
        if not (logger := logging.getLogger(library)).handlers:
            logger.addHandler(logging.NullHandler())
