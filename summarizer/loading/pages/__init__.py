"""A web page → the article on it, or a clear word on why there is none.

facts      title, date, author, site and language, as the page says them
hidden     what no reader of the page sees: not the article, whatever it says
furniture  menus, shares, boxes that lead elsewhere, comments
body       trafilatura's choice of what is left, as plain text
refusals   a paywall, a consent wall, an error page, a page of links

The text begins with the headline, as a text file does. trafilatura finds the body; what it cannot know, as which words
are hidden, is taken out of its way first.
"""

import logging
import re

from ...errors import SourceError
from ..readers import LoadedText
from ..text_encoding import decode
from .text_size import Element

MOST_ELEMENTS = 50_000
"""The longest live blogs have 20,000; a few seconds of work, and no more, for what is built to cost time."""
_LONGEST_TAG = 20_000
"""Characters: a picture in an attribute is left out, and so are 10,000 attributes, which take the parser minutes."""
_ENDLESS = re.compile(rf"(<[A-Za-z][\w:-]{{0,40}})[^<>]{{{_LONGEST_TAG},}}")
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[12456789]|2\d|3[01]))(?:;|(?!\w))",
    re.IGNORECASE,
)
"""Signs that lxml takes and does not give back, bare and as references."""
_LOOKED_AT = 4_096
"""Bytes in which a page says its charset: browsers look at 1,024, but some pages begin with a long comment."""
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE
)


def read_page(raw: bytes, name: str, charset: str | None) -> LoadedText:
    """Read the article of a web page; `charset` is what the server said. Raises `SourceError` where there is none."""
    decoded = decode(raw, name, charset or _declared(raw))
    tree = _tree(decoded.text, name)
    try:
        read = _read(tree, name)
    except SourceError:
        raise
    except Exception as error:  # libraries that guess from any markup may stumble over any
        raise SourceError(f"cannot read {name!r}: its markup is broken ({error}); save its article as text") from error
    return read._replace(warnings=(*decoded.warnings, *read.warnings))


def _read(tree: Element, name: str) -> LoadedText:
    from . import article_body, boilerplate, hidden_elements, page_metadata, refusals

    _hush()
    unscripted = refusals.said_without_scripts(tree)
    boilerplate.shelter_quotes(tree)
    said = page_metadata.gather(tree)
    hidden_elements.remove(tree)
    seen = refusals.look(tree, unscripted)
    title = page_metadata.headline(tree, said)
    boilerplate.remove(tree)
    found = article_body.find(tree, title, said)
    refusals.check(seen, said, found, name)
    text = "\n\n".join((title, *found.lines) if title else found.lines)
    doubts = refusals.doubts(seen, said, found)
    published = said.date or page_metadata.day_in(found.datelines)
    return LoadedText(text, doubts, title, published, page_metadata.language(tree, text), said.author, said.site)


def _declared(raw: bytes) -> str | None:
    found = _CHARSET.search(raw[:_LOOKED_AT])
    return found[1].decode("ascii") if found else None


def _tree(text: str, name: str) -> Element:
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    if text.count("<") > 10 * MOST_ELEMENTS:  # a script may hold many, and is no element
        raise _too_many(name)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    markup = _UNPRINTABLE.sub(" ", _ENDLESS.sub(r"\1", text))
    try:
        tree = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError, AssertionError) as error:
        raise SourceError(f"cannot read {name!r}: there is nothing on the page; look at it in a browser") from error
    if sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        raise _too_many(name)
    return tree


def _too_many(name: str) -> SourceError:
    return SourceError(
        f"cannot read {name!r}: the page has more than {MOST_ELEMENTS:,} elements; save its article as plain text"
    )


def _hush() -> None:
    """Keep what the libraries say to programmers from a person's terminal."""
    for library in ("trafilatura", "htmldate", "courlan", "readability"):
        if not (logger := logging.getLogger(library)).handlers:
            logger.addHandler(logging.NullHandler())
