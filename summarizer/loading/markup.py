"""What the readers of markup share: the size of elements, the text of fragments, and the patterns of `markup.toml`."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

Element = Any
"""An element of lxml, which has no types."""

_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")
_DENSE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")  # scripts without spaces between words


class TextSize(NamedTuple):
    """The number of words of an element, how many of them are in links, and how many in paragraphs."""

    words: int
    linked: int
    prose: int

    @property
    def share(self) -> float:
        """The share of words that are in links."""
        return self.linked / self.words if self.words else 0.0


def flat(text: str | None) -> str:
    """Return a text on one line, without soft hyphens, zero-width spaces and surrounding spaces."""
    return _SPACES.sub(" ", (text or "").replace("\u00ad", "").replace("\u200b", "")).strip()


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, case-folded, to compare texts regardless of punctuation."""
    return "".join(filter(str.isalnum, text.casefold()))


def words_in(text: str) -> int:
    """Count words; two characters of Chinese, Japanese or Korean count as one."""
    if text.isspace() or not text:
        return 0
    dense = len(_DENSE.findall(text))
    return len(_WORD.findall(_DENSE.sub(" ", text) if dense else text)) + (dense + 1) // 2


def text_of(element: Element) -> str:
    """Return the text of an element on one line, with a space between blocks."""
    return flat(" ".join(element.itertext()))


PARAGRAPH = 12
"""Words: shorter blocks are labels and links."""


def measure(tree: Element) -> dict[Element, TextSize]:
    """Return the size of each element, computed in one pass from the leaves to the root."""
    sizes: dict[Element, TextSize] = {}
    for element in reversed(list(tree.iter())):
        words = run = words_in(element.text or "")
        linked = run_linked = prose = 0
        for child in element:
            size, tail = sizes[child], words_in(child.tail or "")
            words += size.words + tail
            linked += size.linked
            prose += size.prose
            run += tail
            if not size.prose and _INLINE.fullmatch(child.tag):
                run += size.words
                run_linked += size.linked
        if run >= PARAGRAPH and run_linked * 2 < run and not _INLINE.fullmatch(element.tag):
            prose += run
        sizes[element] = TextSize(words, words if element.tag == "a" else linked, prose)
    return sizes


# --- hidden elements -------------------------------------------------------------------------------------------------

_LONGEST_STYLE = 2_000
_ZERO = r"0+(?:\.0+)?(?:px|em|rem|pt|%|vh|vw)?(?:;|!|$)"
_FADING = re.compile(rf"opacity:{_ZERO}")
_HIDING = re.compile(
    rf"display:none|visibility:(?:hidden|collapse)|opacity:{_ZERO}|font-size:{_ZERO}|content-visibility:hidden"
    rf"|(?:^|;)(?:max-)?(?:height|width):(?:{_ZERO}|1px)|transform:scale\(0\)"
    r"|(?:left|right|top|bottom|text-indent|margin-left|margin-top):-\d{3,}|clip:rect\([01]|clip-path:inset\((?:50|100)%"
)
_SHOWN_AGAIN = re.compile(r"\b\w+:(?:block|flex|grid|inline\S*|table)\b|\bd-\w+-(?:block|flex|grid|inline\S*)")
"""Classes that hide an element on small screens only: `hidden md:block`, `d-none d-lg-flex`."""


def is_hidden(element: Element) -> bool:
    """Return whether an element is not displayed, by its attributes, its own style, or a class that says so."""
    attributes = element.attrib
    if not attributes:
        return False
    classes = attributes.get("class", "")[:_LONGEST_STYLE]
    return (
        "hidden" in attributes
        or attributes.get("layout") == "nodisplay"
        or attributes.get("aria-hidden", "").lower() == "true"
        or (element.tag == "dialog" and "open" not in attributes)
        or ("style" in attributes and hides(attributes["style"]))
        or (names("unseen").search(classes) is not None and not _SHOWN_AGAIN.search(classes))
    )


def hides(style: str) -> bool:
    """Return whether CSS declarations hide an element."""
    return _HIDING.search("".join(style[:_LONGEST_STYLE].lower().split())) is not None


def fades(style: str) -> bool:
    """Return whether CSS declarations make an element transparent, as until a script fades it in."""
    return _FADING.search("".join(style[:_LONGEST_STYLE].lower().split())) is not None


# --- fragments, as in feeds: a paragraph for each block ---------------------------------------------------------------

LARGEST_FRAGMENT = 5_000_000
"""Characters of a fragment; the rest is ignored."""

_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
_SILENT = frozenset(("script", "style", "noscript", "template", "head", "title", "iframe", "object", "form", "button"))
_INLINE = re.compile(
    "a|abbr|acronym|b|bd[io]|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|q|s|samp|small|span|strike"
    "|strong|su[bp]|time|tt|u|var|wbr"
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_BLOCK, _BREAK = "\n", "\v"


def to_text(fragment: str) -> str:
    """Return the text of an HTML fragment; a text without markup is returned as it is."""
    if not _MARKUP.search(fragment):
        return fragment.strip()
    from lxml import etree, html

    without_tags = " ".join(_MARKUP.sub(" ", fragment).split())
    try:
        parser = html.HTMLParser(huge_tree=True)
        markup = fragment[:LARGEST_FRAGMENT].replace("\x00", "")
        root = html.fragment_fromstring(markup, create_parent="div", parser=parser)
    except (ValueError, AssertionError, etree.LxmlError):
        return without_tags
    if any("depth" in entry.message for entry in parser.error_log):
        return without_tags  # the parser dropped what is nested deeper
    blocks = "".join(_text_parts(etree.iterwalk(root, events=("start", "end", "comment", "pi")))).split(_BLOCK)
    filled = ("\n".join(_BLANKS.sub(" ", line).strip() for line in block.split(_BREAK)) for block in blocks)
    return "\n\n".join(filter(None, map(str.strip, filled)))


def _text_parts(walk: Any) -> Iterator[str]:
    """Yield the text and the block separators; without recursion, because nesting can be deep."""
    silent = 0
    for event, element in walk:
        separator = _separator(element.tag)
        if isinstance(element.tag, str) and (element.tag in _SILENT or is_hidden(element)):
            silent += {"start": 1, "end": -1}.get(event, 0)
        yield separator if event == "start" else separator.replace(_BREAK, "")
        text = element.text if event == "start" else element.tail
        yield "" if silent else _BLANKS.sub(" ", text or "")


def _separator(tag: object) -> str:
    if tag == "br":
        return _BREAK
    skipped = not isinstance(tag, str) or tag in _SILENT  # the tag of a comment is a function
    return "" if skipped or _INLINE.fullmatch(str(tag)) else _BLOCK


# --- patterns, each compiled on first use -----------------------------------------------------------------------------

_FRAMES = {  # what surrounds the alternatives of a table, or of a row of `names`
    "elsewhere": r"^\W*(?:{})",
    "noise": r"^\W*(?:{})\W*$",
    "share": r"^\W*(?:{})\W*$",
    "subject_prefix": r"^(?:\s*(?:{})\s*(?:\[\d+\])?\s*:)+\s*",
    "quote_header": r"^[^\n]{{0,300}}\b(?:{})\s*:\s*$",
    "boilerplate": r"(?:^|[\s_-])(?:{})(?:$|[\s_-])",
    "unseen": r"(?:^|\s)(?:{})(?:$|\s)",
}


@cache
def phrases(table: str) -> re.Pattern[str]:
    """Return the pattern of the phrases of a table, in all languages."""
    return _compiled(table, (pattern for language in _tables()[table].values() for pattern in language))


@cache
def names(row: str) -> re.Pattern[str]:
    """Return the pattern of the class names, ids and roles in a row of `names`."""
    return _compiled(row, _tables()["names"][row])


def _compiled(table: str, alternatives: Iterable[str]) -> re.Pattern[str]:
    return re.compile(_FRAMES.get(table, "{}").format("|".join(alternatives)), re.IGNORECASE)


@cache
def _tables() -> dict[str, Any]:
    import tomllib  # imported here: most sources need no pattern
    from importlib.resources import files

    return tomllib.loads((files(__package__) / "markup.toml").read_text(encoding="utf-8"))
