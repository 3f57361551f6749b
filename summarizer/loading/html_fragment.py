"""HTML fragments, as in feeds → text, with a paragraph for each block. Whole pages are for `pages`."""

import re
from collections.abc import Iterator
from typing import Any

LARGEST = 5_000_000
"""Characters of a fragment; the rest is ignored."""

_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
_SILENT = frozenset(("script", "style", "noscript", "template", "head", "title", "iframe", "object", "form", "button"))
_INLINE = re.compile(
    "a|abbr|acronym|b|bd[io]|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|q|s|samp|small|span|strike"
    "|strong|su[bp]|time|tt|u|var|wbr"
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLOCK, _BREAK = "\n", "\v"


def to_text(fragment: str) -> str:
    """Return the text of an HTML fragment; a text without markup is returned as it is."""
    if not _MARKUP.search(fragment):
        return fragment.strip()
    from lxml import etree, html

    try:
        parser = html.HTMLParser(huge_tree=True)
        root = html.fragment_fromstring(fragment[:LARGEST].replace("\x00", ""), create_parent="div", parser=parser)
    except (ValueError, AssertionError, etree.LxmlError):
        return _without_tags(fragment)
    blocks = "".join(_text_parts(etree.iterwalk(root, events=("start", "end", "comment", "pi")))).split(_BLOCK)
    filled = ("\n".join(_SPACES.sub(" ", line).strip() for line in block.split(_BREAK)) for block in blocks)
    if any("depth" in entry.message for entry in parser.error_log):
        return _without_tags(fragment)  # the parser dropped what is nested deeper
    return "\n\n".join(filter(None, map(str.strip, filled)))


def _without_tags(fragment: str) -> str:
    """The text where the parser fails, as it does on thousands of nested elements."""
    return " ".join(_MARKUP.sub(" ", fragment).split())


def _text_parts(walk: Any) -> Iterator[str]:
    """Yield the text and the block separators; without recursion, because nesting can be deep."""
    silent = 0
    for event, element in walk:
        separator = _separator(element.tag)
        if element.tag in _SILENT:
            silent += {"start": 1, "end": -1}.get(event, 0)
        if event == "start":
            yield separator
            yield "" if silent else _collapsed(element.text)
        else:
            yield separator.replace(_BREAK, "")
            yield "" if silent else _collapsed(element.tail)


def _separator(tag: object) -> str:
    if tag == "br":
        return _BREAK
    skipped = not isinstance(tag, str) or tag in _SILENT  # the tag of a comment is a function
    return "" if skipped or _INLINE.fullmatch(str(tag)) else _BLOCK


def _collapsed(text: str | None) -> str:
    return _SPACES.sub(" ", text or "")
