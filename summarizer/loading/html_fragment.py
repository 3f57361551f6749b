"""A fragment of HTML, as feeds carry it → text, a block a paragraph. Whole pages are for `pages`."""

import re
from collections.abc import Iterator
from typing import Any

LARGEST = 5_000_000
"""Characters of one fragment; the rest is not read."""

_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
_SILENT = frozenset(("script", "style", "noscript", "template", "head", "title", "iframe", "object", "form", "button"))
_INLINE = re.compile(
    "a|abbr|acronym|b|bd[io]|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|q|s|samp|small|span|strike"
    "|strong|su[bp]|time|tt|u|var|wbr"
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLOCK, _BREAK = "\n", "\v"


def to_text(fragment: str) -> str:
    """Return the words of a fragment of HTML, or a text without markup as it is."""
    if not _MARKUP.search(fragment):
        return fragment.strip()
    from lxml import etree, html

    try:
        parser = html.HTMLParser(huge_tree=True)
        root = html.fragment_fromstring(fragment[:LARGEST].replace("\x00", ""), create_parent="div", parser=parser)
    except (ValueError, AssertionError, etree.LxmlError):
        return _without_tags(fragment)
    blocks = "".join(_parts(etree.iterwalk(root, events=("start", "end", "comment", "pi")))).split(_BLOCK)
    filled = ("\n".join(_SPACES.sub(" ", line).strip() for line in block.split(_BREAK)) for block in blocks)
    if any("depth" in entry.message for entry in parser.error_log):
        return _without_tags(fragment)  # the parser has left out what lies deeper
    return "\n\n".join(filter(None, map(str.strip, filled)))


def _without_tags(fragment: str) -> str:
    """What is left where the parser gives up, as it does in a nest of thousands."""
    return " ".join(_MARKUP.sub(" ", fragment).split())


def _parts(walk: Any) -> Iterator[str]:
    """Words, and the borders of blocks between them; without recursion, for nests can be deep."""
    silent = 0
    for event, element in walk:
        border = _border(element.tag)
        if element.tag in _SILENT:
            silent += {"start": 1, "end": -1}.get(event, 0)
        if event == "start":
            yield border
            yield "" if silent else _flat(element.text)
        else:
            yield border.replace(_BREAK, "")
            yield "" if silent else _flat(element.tail)


def _border(tag: object) -> str:
    if tag == "br":
        return _BREAK
    unseen = not isinstance(tag, str) or tag in _SILENT  # a comment has no name of its own
    return "" if unseen or _INLINE.fullmatch(str(tag)) else _BLOCK


def _flat(words: str | None) -> str:
    return _SPACES.sub(" ", words or "")
