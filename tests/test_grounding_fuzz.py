"""`ground` never raises on a draft that validates, whatever is in it, and no offset of it is ever wrong."""

import random
import re

import pytest
from corruptions import fixtures
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.grounding import check_claim, ground
from summarizer.schema import Article, Draft, Status, Summary, salvage

pytestmark = pytest.mark.slow
fuzzed = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

ARTICLES = [fixture.article for fixture in fixtures() if not fixture.held]

# What has broken programs that read text: digits that are no decimal, letters that fold to several or to none, marks
# without a letter, the other line ends, numbers that are none, patterns, entities, half a character.
NASTY = (
    "", " ", "\n", "\r\n", "\u2028", "\x00", "\x1b[31m", "\ufeff", "\u200b", "\u200d", "\u0301", "\u0301\u0301a", "İ",
    "ı", "ß", "ẞ", "ﬁ", "ŉ", "ǰ", "㍍", "½", "²", "Ⅷ", "①", "٣٫٥", "۱۲۳", "१२", "１２．３", "1.2.3.4", "1e999",
    "9" * 400, "0" * 50 + "1", "1,2,3,,,4", "-", "–5", "€", "€€5", "5 €%", "% 5", "R$",
    "kk$5bn", "12億", "億", "3万4", "1万億兆",
    "1 000 00", "1’’000", "...", "…", "[…]", "(...)", "…a…", "[…] […]", "«", "»", "«»", '"', "''", "(", ")", "[a-z]+",
    "(?P<x>", "\\", "\\1", "$", "^", "&amp;", "&#0;", "&#x110000;", "&#xD800;", "&amp;amp;", "&nbsp;", "&",
    "👩‍👩‍👧", "🇫🇷", "\U0010ffff", "\U000e0041", "أَهْلًا", "שָׁלוֹם", "สวัสดี", "नमस्ते", "한국어", "東京", "ﾊﾟ", "\ud83d",
    "a\udc00b", "\ud83d\ude00", "n’a pas", "not", "nicht", "ne", "no", "The", "the", "SA", "Inc.", "A", "a", "l’",
    "d'", "M.", "U.S.", "2024", "31 février", "mai", "May", "lundi", "in talks", "dément", "selon", "partenariat",
    "alliance", "avec", "Apple", "Apple Inc.", "apple", "APPLE", "Alibaba", "x" * 3000, "a " * 500, "A " * 500,
    "1 " * 300, ". " * 200, "«" * 200, "," * 200,
)  # fmt: skip

loose = st.text(max_size=40)  # lone surrogates too: a model's JSON can escape one
snippets = st.sampled_from([article.text[at : at + 90] for article in ARTICLES for at in range(0, 900, 90)])
piece = st.one_of(st.sampled_from(NASTY), loose, snippets)
words = st.lists(piece, min_size=1, max_size=6).map(" ".join)
glued = st.lists(piece, min_size=1, max_size=6).map("".join)
strings = st.one_of(words, glued, piece)
optional = st.one_of(st.none(), strings)
tags = st.sampled_from(["fr", "en", "de", "es", "it", "pt-BR", "nl", "ja", "zh-Hant", "th", "ar", "und", "xx", "-", ""])

TAKEAWAYS = {"text": strings, "quotes": st.lists(strings, min_size=1, max_size=3)}
PARTNERSHIPS = {
    "parties": st.lists(strings, min_size=2, max_size=4),
    "status": st.sampled_from(list(Status)),
    "purpose": optional,
    "region": optional,
    "date": optional,
    "attribution": optional,
    "quotes": st.lists(strings, min_size=1, max_size=3),
}


def _draft(takeaways: list[dict[str, object]], partnerships: list[dict[str, object]]) -> Draft:
    return salvage({"takeaways": takeaways, "partnerships": partnerships})


drafts = st.builds(
    _draft,
    st.lists(st.fixed_dictionaries(TAKEAWAYS), max_size=3),
    st.lists(st.fixed_dictionaries(PARTNERSHIPS), max_size=3),
)
articles = st.builds(
    Article,
    text=st.one_of(strings, st.sampled_from([article.text for article in ARTICLES])),
    language=tags,
)


_SURROGATE = re.compile(r"\\ud[89a-f]")


def assert_sound(summary: Summary, draft: Draft, article: Article) -> None:
    """Every quote is the article's own words, and every claim is somewhere."""
    kept = [*summary.takeaways, *summary.partnerships]
    for evidence in (one for claim in kept for one in claim.evidence):
        assert evidence.quote
        assert article.text[evidence.start : evidence.end] == evidence.quote
    fallen = [one for one in summary.rejected if one.kind != "field"]
    assert len(kept) + len(fallen) == len(draft.takeaways) + len(draft.partnerships) + len(draft.usage.malformed)
    assert all(one.reasons for one in summary.rejected)
    assert all(claim.evidence for claim in kept)
    if not _SURROGATE.search(repr((draft, article))):
        Summary.model_validate_json(summary.model_dump_json())


@fuzzed
@given(draft=drafts, article=articles, output_language=st.one_of(st.none(), tags))
def test_whatever_a_draft_says_ground_answers(draft: Draft, article: Article, output_language: str | None) -> None:
    assert_sound(ground(draft, article, output_language=output_language), draft, article)


@fuzzed
@given(data=st.data())
def test_quotes_cut_out_of_the_article_anywhere_are_answered(data: st.DataObject) -> None:
    article = data.draw(st.sampled_from(ARTICLES))
    cut = st.integers(0, len(article.text)).flatmap(
        lambda a: st.integers(1, 300).map(lambda size: article.text[a : a + size])
    )
    quote = data.draw(st.lists(st.one_of(cut, st.sampled_from(NASTY)), min_size=1, max_size=4).map("".join))
    parties = data.draw(st.lists(st.one_of(cut, strings), min_size=2, max_size=3))
    status = data.draw(st.sampled_from(list(Status)))
    draft = _draft(
        [{"text": data.draw(st.one_of(cut, strings)), "quotes": [quote]}],
        [{"parties": parties, "status": status, "quotes": [quote]}],
    )
    assert_sound(ground(draft, article), draft, article)


@fuzzed
@given(claim=strings, article=articles)
def test_whatever_a_claim_says_it_gets_a_verdict(claim: str, article: Article) -> None:
    verdict = check_claim(claim, article)
    assert 0.0 <= verdict.score <= 1.0
    assert verdict.supported or verdict.reasons
    for evidence in verdict.evidence:
        assert article.text[evidence.start : evidence.end] == evidence.quote


@pytest.mark.parametrize(
    "quote",
    [
        "a" * 200_000,
        "a " * 100_000,
        "… " * 20_000,
        "a… " * 2_000,
        "1 000 " * 20_000,
        "«" * 50_000,
        "Apple a scellé un partenariat avec Alibaba " * 2_000,
        "&amp;" * 20_000,
        "-" * 100_000 + "a",
        "\u0301" * 50_000,
        "１" * 50_000,
        "A. " * 20_000,
    ],
    ids=lambda quote: quote[:12].strip(),
)
def test_a_huge_quote_is_answered_in_time(quote: str) -> None:
    article = ARTICLES[1]
    pact = {"parties": ["Apple", quote], "status": "ended", "quotes": [quote], "region": quote}
    draft = _draft([{"text": quote, "quotes": [quote]}], [pact])
    summary = ground(draft, article)
    assert not summary.takeaways
    assert not summary.partnerships


def test_a_huge_article_of_one_sentence_is_answered_in_time() -> None:
    draw = random.Random(1)
    filler = " ".join("".join(draw.choices("abcdefgh", k=draw.randint(2, 9))) for _ in range(20_000))
    article = Article(text=f"{filler} Apple signed an alliance with Alibaba {filler}", language="en")
    quote = "Apple signed an alliance with Alibaba"
    draft = _draft([], [{"parties": ["Apple", "Alibaba"], "status": "established", "quotes": [quote]}])
    summary = ground(draft, article)
    assert [one.quote for pact in summary.partnerships for one in pact.evidence] == [quote]
