"""A quote buried in random text of any script comes back with its exact span; every folded character leads back."""

import random
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from summarizer.grounding import ground
from summarizer.grounding.alignment import find_quote
from summarizer.grounding.document import Document
from summarizer.language.normalization import FoldedText, fold
from summarizer.schema import Article, salvage

planted = settings(max_examples=25, deadline=None, derandomize=True)

# The letters of a word by script; "/" separates what goes at its beginning and end from what may also stand inside.
SCRIPTS = {
    "latin": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZéèàçüßøñåœæłŠŽİı/'-’ﬁ",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЁёїєґў/-",
    "greek": "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔάέήίόύώϊΐς/",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإ/\u064b\u064e\u064f\u0651\u0640",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשתםןץ/\u05b0\u05b7\u05bc״׳",
    "devanagari": "अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह/\u093e\u093f\u0940\u0947\u094d\u0902",
    "hangul": "가나다라마바사아자차카타파하각한국어글정부기업/",
    "digits": "",
    "emoji": "xyz/😀👩🏽👍🏿❤️🇫🇷\u200d",
    "marks": "aeioun/\u0301\u0308\u0327\u0303\u0323",
}
UNSPACED = {
    "han": "中文新闻公司合作协议签署宣布市场增长百分阿里巴苹果",
    "kana": "あいうえおかがきぎくぐはばぱひびぴアイウカガハバパンー東京株式会社提携",
    "thai": "กขคงจฉชซญดตถทนบปผฝพฟภมยรลวศษสหอฮะาำเแโใไิีึืุู่้๊๋็์",
}


def word(script: str) -> st.SearchStrategy[str]:
    edge, _, inside = SCRIPTS[script].partition("/")
    if script == "digits":
        return st.from_regex(r"[1-9][0-9]{3,7}([.,][0-9]{1,2})?", fullmatch=True)  # "1 000" would be one number
    middle = st.text(edge + edge + edge + inside, max_size=7)
    return st.builds("{}{}{}".format, st.sampled_from(edge), middle, st.sampled_from(edge))


def words(script: str, least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(word(script), min_size=least, max_size=most).map(" ".join)


@st.composite
def burials(draw: st.DrawFn, script: str = "latin") -> tuple[str, str, int]:
    """A text, a quote that stands in it once, and where."""
    quote = draw(words(script, 4, 10))
    before = draw(words(draw(st.sampled_from([script, *SCRIPTS])), 0, 12))
    after = draw(words(draw(st.sampled_from([script, *SCRIPTS])), 0, 12))
    gap = draw(st.sampled_from([" ", "\n", ". ", " « ", "\u00a0"]))
    end = draw(st.sampled_from([" ", "\n", ". ", " » ", ", "]))
    text = before + gap + quote + end + after
    assume(_times(quote, text) == 1)
    return text, quote, len(before + gap)


@st.composite
def unspaced_burials(draw: st.DrawFn, script: str) -> tuple[str, str, int]:
    """The same in a script that writes no spaces, in the middle of its sentence."""
    letters = UNSPACED[script]
    quote = draw(st.text(letters, min_size=8, max_size=40))
    before, after = draw(st.text(letters + "。、", max_size=60)), draw(st.text(letters + "。、", max_size=60))
    text = before + quote + after
    # A mark belongs to the letter before it: a quote cannot begin with one, nor stop before one.
    assume(not any(unicodedata.category(c) == "Mn" for c in (quote[0], (after or " ")[0])))
    assume(_times(quote, text) == 1 and unicodedata.is_normalized("NFC", text))
    return text, quote, len(before)


def _times(quote: str, text: str) -> int:
    """Count how often a quote stands in a text, overlapping."""
    return len(re.findall(f"(?={re.escape(fold(quote))})", fold(text)))


def _spaced(quote: str) -> str:
    return quote.replace(" ", " \u00a0\n", 2)


def _invisible(quote: str) -> str:
    middle = len(quote) // 2
    return quote[:middle] + "\u00ad\u200b" + quote[middle:]


def _full_width(quote: str) -> str:
    return quote.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})


def _quotes(quote: str) -> str:
    return quote.translate(str.maketrans("'’״׳", "’'\"'"))


def _dashes(quote: str) -> str:
    return quote.replace("-", "\u2011")


VARIATIONS: dict[str, Callable[[str], str]] = {
    "verbatim": str,
    "wrapped": lambda quote: f"“{quote}”",
    "nfc": lambda quote: unicodedata.normalize("NFC", quote),
    "nfd": lambda quote: unicodedata.normalize("NFD", quote),
    "nfkc": lambda quote: unicodedata.normalize("NFKC", quote),
    "lower": str.lower,
    "upper": str.upper,
    "spaces": _spaced,
    "invisible": _invisible,
    "full width": _full_width,
    "quotes": _quotes,
    "dashes": _dashes,
}


def _where(text: str, quote: str) -> tuple[int, int] | None:
    document = Document(Article(text=text, language="und"))
    found = find_quote(quote, document)
    evidence = found and found.evidence(document)
    return evidence and (evidence.start, evidence.end)


def _assert_found_in_every_variation(text: str, quote: str, start: int) -> None:
    for name, vary in VARIATIONS.items():
        varied = vary(quote)
        if name in ("lower", "upper") and fold(varied) != fold(quote):
            continue  # some letters have no way back from the other case
        if name == "wrapped" and re.search("[«»]", text):
            continue  # the article's own marks may be the ones that are meant
        assert (name, _where(text, varied)) == (name, (start, start + len(quote)))


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_planted_quote_comes_back_with_its_exact_span(script: str) -> None:
    @planted
    @given(burial=burials(script))
    def comes_back(burial: tuple[str, str, int]) -> None:
        _assert_found_in_every_variation(*burial)

    comes_back()


@pytest.mark.parametrize("script", UNSPACED)
def test_a_quote_planted_where_nobody_writes_spaces_comes_back(script: str) -> None:
    @planted
    @given(burial=unspaced_burials(script))
    def comes_back(burial: tuple[str, str, int]) -> None:
        _assert_found_in_every_variation(*burial)

    comes_back()


@planted
@given(burial=burials(), data=st.data())
def test_a_planted_quote_without_its_middle_comes_back_whole(burial: tuple[str, str, int], data: st.DataObject) -> None:
    text, quote, start = burial
    pieces = quote.split(" ")
    assume(len(pieces) >= 6)
    cut = data.draw(st.integers(2, len(pieces) - 3))
    dots = data.draw(st.sampled_from(["…", " … ", " [...] ", "(…)", "... "]))
    head, tail = " ".join(pieces[:cut]), " ".join(pieces[cut + 1 :])
    assume(_times(head, text) == 1 and _times(tail, text) == 1)
    assume(not re.search(r"\d$", head) and not re.match(r"\d", tail))
    assert _where(text, head + dots + tail) == (start, start + len(quote))


@planted
@given(burial=burials(), data=st.data())
def test_a_quote_of_which_one_word_is_another_is_not_there(burial: tuple[str, str, int], data: st.DataObject) -> None:
    text, quote, _ = burial
    pieces = quote.split(" ")
    at = data.draw(st.integers(0, len(pieces) - 1))
    pieces[at] = data.draw(st.sampled_from(["Alphaville", "4711", "沈黙", "мимоза"]))
    assert _where(text, " ".join(pieces)) is None


@planted
@given(burial=burials())
def test_what_ground_keeps_is_the_article_s_own_words(burial: tuple[str, str, int]) -> None:
    text, quote, _ = burial
    article = Article(text=text, language="und")
    draft = salvage({"takeaways": [{"text": quote, "quotes": [quote.upper(), quote]}]})
    for evidence in (one for takeaway in ground(draft, article).takeaways for one in takeaway.evidence):
        assert text[evidence.start : evidence.end] == evidence.quote


@pytest.mark.parametrize("script", UNSPACED)
def test_a_quote_is_found_among_a_thousand_that_begin_alike(script: str) -> None:
    draw = random.Random(script)
    letters = UNSPACED[script][:20]
    alike = [letters[:6] + "".join(draw.choices(letters, k=8)) for _ in range(1000)]
    text = "。".join(alike)
    quote = alike[777]
    assert _where(text, quote) == (text.index(quote), text.index(quote) + len(quote))


# --- folding ---------------------------------------------------------------------------------------------------

LETTERS = "aAéÉ\u0301 \n\t\u00a0\u202f\u00ad\u200b'’«»\"-–…0１1２.,%&;:ßﬁœŒİıẞ½㍍가ᄀ\u1161がか\u3099ー東、。\u05b0שٌت"
PIECES = ("&amp;", "&#233;", "1 000", "1’000’000", "12.000", "«\u00a0", "\u202f»", "ﬃ", "A\u030a", "\r\n", "ǆ", "™")
ANY = st.one_of(
    st.text(max_size=60), st.text(LETTERS, max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
)
folding = settings(max_examples=120, deadline=None, derandomize=True)


@folding
@given(text=ANY)
def test_every_folded_character_leads_back_into_the_text_in_order(text: str) -> None:
    folded = FoldedText(text)
    spans = [folded.source(i, i + 1) for i in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    assert [end for _, end in spans] == sorted(end for _, end in spans)


@folding
@given(text=ANY, data=st.data())
def test_a_folded_stretch_leads_back_to_what_folds_to_it(text: str, data: st.DataObject) -> None:
    folded = FoldedText(text)
    assume(folded.text.strip())
    a = data.draw(st.integers(0, len(folded.text) - 1))
    b = data.draw(st.integers(a + 1, len(folded.text)))
    start, end = folded.source(a, b)
    assert folded.source(a, a + 1)[0] == start
    assert folded.source(b - 1, b)[1] == end


@folding
@given(text=ANY.filter(lambda text: "&" not in text))  # "&amp;lt;" is unfolded once, as a browser does
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@folding
@given(parts=st.lists(st.one_of(*(word(script) for script in SCRIPTS)), min_size=1, max_size=20), data=st.data())
def test_the_folding_of_some_words_stands_in_the_folding_of_all(parts: list[str], data: st.DataObject) -> None:
    a = data.draw(st.integers(0, len(parts) - 1))
    b = data.draw(st.integers(a + 1, len(parts)))
    assume(not any(part[:1].isdigit() or part[-1:].isdigit() for part in parts))  # "1 000" is one number
    assert fold(" ".join(parts[a:b])) in fold(" ".join(parts))


@folding
@given(text=ANY.filter(lambda text: "&" not in text))
def test_unicode_forms_fold_alike(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold(composed) == fold(decomposed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("l’intelligence", "l'intelligence"),
        ("« Bonjour »", '"Bonjour"'),
        ("11 %", "11 %"),
        ("11 %", "11%"),
        ("1 150 000", "1150000"),
        ("1’150’000 francs", "1 150 000 francs"),
        ("１’１５０’０００ francs", "1 150 000 francs"),
        ("Forschungs\u00adallianz", "Forschungsallianz"),
        ("Straße", "STRASSE"),
        ("ﬁnance", "finance"),
        ("œuvre", "OEUVRE"),
        ("７・３％", "7・3%"),
        ("co\u2011entreprise", "co-entreprise"),
        ("a\nb", "a b"),
        ("AT&amp;T", "AT&T"),
        ("ガ", "カ\u3099"),
        ("가", "\u1100\u1161"),
        ("é", "e\u0301"),
        ("И\u0306", "Й"),
        ("…", "..."),
        ("word\u200bword", "wordword"),
        ("vrai : oui", "vrai: oui"),
    ],
)
def test_spellings_of_the_same_words_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("か", "が"), ("ハ", "パ"), ("1 5", "15"), ("2,5", "25"), ("0,5", "05"), ("a b", "ab")]
)
def test_different_words_do_not_fold_alike(one: str, other: str) -> None:
    assert fold(one) != fold(other)
