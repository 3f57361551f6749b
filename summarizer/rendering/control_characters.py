"""Make untrusted text safe to show: characters that control a terminal or hide text are made visible.

Nothing is dropped, so that the output can be compared with the article: a control character becomes its picture or its
code point, white space becomes a space, and the rest is unchanged.
"""

import re

_SPACE = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+ *")
# Control characters; bidirectional marks, embeddings, overrides and isolates; invisible characters; lone surrogates.
# The joiners U+200C and U+200D are kept: Persian and emoji need them.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f\U0010fff0-\U0010ffff]"
)


def visible(text: str) -> str:
    """Return `text` on one line, with every control and invisible character spelled out."""
    return _HIDDEN.sub(_spelled, _SPACE.sub(" ", text))


def _spelled(hidden: re.Match[str]) -> str:
    code = ord(hidden[0])
    if code < 0x20:
        return chr(0x2400 + code)  # the pictures of control characters: ␛
    return "\u2421" if code == 0x7F else f"‹U+{code:04X}›"
