"""How much of a window a text takes: a window is counted in characters of Western European languages.

Tokenizers cut other scripts finer. Tokens a character of news, by the tokenizer of Mistral 7B, which is among the
coarsest in use: English 0.22, French 0.32, Russian 0.39, Vietnamese 0.63, Arabic 0.90, Greek and Thai 1.0, Hindi and
Korean 1.1, Chinese 1.12, Japanese 1.26.
"""

import re

HEAVIEST = 5
"""The most that one character takes."""
_TWICE = re.compile("[\u0400-\u052f\u1ea0-\u1eff]+")  # Cyrillic, and the letters that Vietnamese alone has
_HEAVY = re.compile("[^\x00-\xff\u0400-\u052f\u2000-\u20ff]+")  # neither Western letters nor general punctuation


def weight(text: str) -> int:
    """How many characters of a window a text takes: 2 for a Cyrillic one, 4 for one of most other scripts."""
    if text.isascii():
        return len(text)
    size = len(text)
    twice, heavy = size - len(_TWICE.sub("", text)), size - len(_HEAVY.sub("", text))
    return size + twice + 3 * heavy
