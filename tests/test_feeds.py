"""Feeds: each entry an article of its own, told from the others from one day to the next."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest

from summarizer import SourceError, load, summarize_many
from summarizer.batch import summaries
from summarizer.loading import load_all
from summarizer.loading.feeds import parse
from summarizer.loading.markup import to_text
from summarizer.schema import Draft, Failure, Summary

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>La Lettre</title>
<item><guid isPermaLink="false">a1</guid><title>Norvik &amp;amp; Zelba s’allient</title>
<link>https://example.org/a1</link><pubDate>Tue, 05 Mar 2024 10:00:00 +0100</pubDate><author>Adèle Roy</author>
<description>Un court résumé.</description>
<content:encoded>
<![CDATA[<p>Norvik a signé un accord avec <b>Zelba</b>.</p>
<script>x()</script><p>Fin.</p>]]>
</content:encoded>
</item>
<item><guid>a2</guid><title>Dolma quitte Brevik</title>
<description>&lt;p&gt;Dolma a rompu.&lt;/p&gt;</description></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>
<entry><id>tag:example.org,2024:1</id><title type="html">Norvik &lt;i&gt;signe&lt;/i&gt;</title>
<updated>2024-03-05T09:00:00Z</updated><summary>Court.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Norvik a signé un accord.</p></div></content></entry>
</feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"

 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.org/"/>
<item rdf:about="https://example.org/1"><title>Norvik signe</title><link>https://example.org/1</link>
<description>Norvik a signé un accord avec Zelba.</description><dc:date>2024-03-05T09:00:00Z</dc:date></item>
</rdf:RDF>"""


def item(number: int, words: str = "Norvik a signé un accord avec Zelba.") -> str:
    return f"<item><guid>g{number}</guid><title>Titre {number}</title><description>{words}</description></item>"


def rss(*items: str, prologue: str = "") -> str:
    return f'{prologue}<rss version="2.0"><channel><title>F</title>{"".join(items)}</channel></rss>'


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    file = tmp_path / "feed.xml"
    file.write_text(RSS, encoding="utf-8")
    return file


def test_each_entry_is_an_article_of_its_whole_text(feed: Path) -> None:
    first, second = load_all(feed)
    assert first.source == f"{feed}#a1"
    assert first.text == "Norvik & Zelba s’allient\n\nNorvik a signé un accord avec Zelba.\n\nFin."
    assert (first.title, first.language) == ("Norvik & Zelba s’allient", "fr")
    assert first.published == "2024-03-05"
    assert (second.source, second.text) == (f"{feed}#a2", "Dolma quitte Brevik\n\nDolma a rompu.")


@pytest.mark.parametrize(
    ("text", "id", "words"),
    [
        (ATOM, "tag:example.org,2024:1", "Norvik signe\n\nNorvik a signé un accord."),
        (RDF, "https://example.org/1", "Norvik signe\n\nNorvik a signé un accord avec Zelba."),
    ],
)
def test_a_feed_of_one_entry_is_that_article(tmp_path: Path, text: str, id: str, words: str) -> None:
    file = tmp_path / "feed"
    file.write_text(text, encoding="utf-8")
    article = load(file)
    assert (article.source, article.text) == (f"{file}#{id}", words)
    assert article.published == "2024-03-05"


def test_a_feed_of_several_entries_is_not_one_article(feed: Path) -> None:
    with pytest.raises(
        SourceError, match="as one article: it is a feed of 2; give it to the command, to summarize_many"
    ):
        load(feed)


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_the_declared_encoding_counts(encoding: str) -> None:
    raw = RSS.replace('encoding="utf-8"', f'encoding="{encoding}"').replace("’", "'").encode(encoding)
    ((_, read), _) = parse(raw, "it", None)
    assert read.text.startswith("Norvik & Zelba s'allient\n\nNorvik a signé")
    assert read.warnings == ()


def test_what_cannot_be_decoded_is_counted() -> None:
    raw = rss(item(1, "Norvik a signé un accord à l'été, dit le groupe ; é è à ç")).encode() + b"<!-- \xe9 -->"
    (_, read), *_ = parse(raw, "it", None)
    assert read.warnings == ("1 bytes are not UTF-8, as the rest is; they were read as cp1252, a guess",)


def test_entries_with_the_same_id_are_told_apart() -> None:
    entries = parse(rss(item(1), item(1), item(2)).encode(), "it", None)
    assert [entry.id for entry in entries] == ["g1", "g1#2", "g2"]


def test_entries_without_words_are_left_out_and_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "feed.rss"
    file.write_text(rss("<item><guid>x</guid></item>", item(1)), encoding="utf-8")
    (article,) = load_all(file)
    assert article.warnings == (f"1 of 2 entries of {str(file)!r} have no words, and were left out",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (rss(), "the feed has no entries"),
        ('<?xml version="1.0"?><root><a/></root>', "it is XML, but not a feed"),
        (rss(item(1, "")).replace("Titre 1", ""), "there is no article in it"),
    ],
)
def test_what_holds_no_article_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        load_all(file)


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
BOMBS = [
    f'<!DOCTYPE rss [<!ENTITY e0 "lol">{BOMB}]>',
    f'<!DOCTYPE rss [<!ENTITY e0 "{"x" * 1_000_000}"><!ENTITY e11 "{"&e0;" * 10_000}">]>',
    '<!DOCTYPE rss [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
]


@pytest.mark.parametrize("prologue", BOMBS)
def test_entities_are_not_expanded(prologue: str) -> None:
    began = process_time()
    entries = parse(rss(item(1, "Norvik signe. &e11;"), prologue=prologue).encode(), "it", None)
    assert "root:" not in str(entries)
    assert all(len(entry.loaded.text) < 10_000 for entry in entries)
    assert process_time() - began < 10


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("AT&T <3 Norvik", "AT&T <3 Norvik"),
        ("AT&amp;T", "AT&T"),
        ("<p>Un</p><p>Deux<br>Trois</p>fin", "Un\n\nDeux\nTrois\n\nfin"),
        ("<ul><li>Un<li>Deux</ul>", "Un\n\nDeux"),
        ("Nor<b>vik</b> si<!-- non -->gne<script>x()</script><style>y</style>.", "Norvik signe."),
        ("<p>Norvik\n  signe\tici.</p>", "Norvik signe ici."),
        ("<p></p><script>x()</script>", ""),
        ("<div>" * 5_000 + "Norvik" + "</div>" * 5_000, "Norvik"),
    ],
)
def test_markup_becomes_text(fragment: str, text: str) -> None:
    assert to_text(fragment) == text


# --- many ------------------------------------------------------------------------------------------------------------


def test_a_feed_among_many_becomes_its_entries_in_order(feed: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Brevik a signé un accord avec Dolma.", encoding="utf-8")
    results = list(summarize_many([other, feed, other], model="extractive"))
    assert [result.article.source for result in results if isinstance(result, Summary)] == [
        str(other),
        f"{feed}#a1",
        f"{feed}#a2",
        str(other),
    ]


def test_a_feed_that_is_damaged_is_one_failure(tmp_path: Path) -> None:
    file = tmp_path / "feed.rss"
    file.write_text(rss(), encoding="utf-8")
    (failure,) = summarize_many([file], model="extractive")
    assert isinstance(failure, Failure)
    assert failure.source == str(file)


def test_the_entries_of_many_feeds_have_no_more_hands_than_there_are(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.rss" for number in range(4)]
    for file in files:
        file.write_text(rss(*(item(number) for number in range(6))), encoding="utf-8")
    engine = _Counting()

    async def all_of_them() -> int:
        return len([result async for result in summaries(files, engine, concurrency=3)])

    assert asyncio.run(all_of_them()) == 24
    assert engine.most == 3


class _Counting:
    """An engine that sees how many articles are in hand at one time."""

    model = identity = "counting"
    prompt = None
    window = 1_000_000

    def __init__(self) -> None:
        self.now = self.most = 0

    async def draft(self, passage: object) -> Draft:
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(9):
            await asyncio.sleep(0)
        self.now -= 1
        return Draft()

    async def aclose(self) -> None:
        """Nothing is open."""


def command(*arguments: str, **options: object) -> "subprocess.CompletedProcess[str]":
    asked = [sys.executable, "-m", "summarizer", "-m", "extractive", *arguments]
    return subprocess.run(asked, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.slow
def test_the_command_writes_a_result_for_each_entry_and_goes_on_where_it_stopped(feed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    first = command(str(feed), "-o", str(out))
    lines = out.read_text(encoding="utf-8").splitlines()
    out.write_text(lines[0] + "\n", encoding="utf-8")
    again = command(str(feed), "-o", str(out))

    assert (first.returncode, again.returncode) == (0, 0)
    assert "1 done, 1 done before" in again.stderr
    sources = [json.loads(line)["article"]["source"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert sources == [f"{feed}#a1", f"{feed}#a2"]


@pytest.mark.slow
def test_the_command_takes_feeds_from_a_folder(feed: Path) -> None:
    done = command("-q", "-f", "json", str(feed.parent))
    assert [summary["article"]["title"] for summary in json.loads(done.stdout)] == [
        "Norvik & Zelba s’allient",
        "Dolma quitte Brevik",
    ]


@pytest.mark.slow
def test_a_feed_on_standard_input_is_an_array() -> None:
    done = command("-q", "-f", "json", "-", input=RSS)
    assert [summary["article"]["source"] for summary in json.loads(done.stdout)] == ["-#a1", "-#a2"]


SENTENCE = "Norvik AS signed a partnership with Zelba Energy on Monday to build tidal turbines in Norway."


def channel(item: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Wire</title>'
    return f"{head}<link>https://example.org/</link><description>x</description>{item}</channel></rss>".encode()


# --- dates and hidden words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Sat, 29 Mar 2025 15:07:41 GMT", "2025-03-29"),
        ("Sat, 29 Mar 2025 23:30:00 -0500", "2025-03-29"),  # the day there, not in Greenwich
        ("29 Mar 2025", "2025-03-29"),
        ("2025-03-29T23:30:00+09:00", "2025-03-29"),
        ("2025-03-29", "2025-03-29"),
        ("2025/3/29 15:07:41", "2025-03-29"),
        ("2025.03.29", "2025-03-29"),
        ("2025年3月29日", "2025-03-29"),
        ("2025年03月29日 15:07", "2025-03-29"),
        ("2025년 3월 29일", "2025-03-29"),
        ("03/04/2025", None),  # the third of April, or the fourth of March
        ("2025-03", None),
        ("March 2025", None),
        ("Sat, 31 Feb 2025 10:00:00 GMT", None),
        ("yesterday", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("", None),
    ],
)
def test_an_entry_has_the_day_that_its_feed_writes_or_none(written: str, day: str | None) -> None:
    item = (
        f"<item><title>A</title><guid>1</guid><pubDate>{written}</pubDate><description>{SENTENCE}</description></item>"
    )
    (entry,) = parse(channel(item), "feed.xml", None)
    assert entry.loaded.published == day


@pytest.mark.parametrize(
    "hiding",
    [
        'style="display:none"',
        'style="display : NONE !important"',
        'style="font-size:0"',
        'style="position:absolute;left:-9999px"',
        'style="opacity:0"',
        'style="visibility:hidden"',
        'style="height:0;overflow:hidden"',
        "hidden",
        'aria-hidden="true"',
        'class="sr-only"',
        'class="visually-hidden note"',
    ],
)
@pytest.mark.parametrize("tag", ["div", "p", "span"])
def test_words_that_a_feed_hides_are_left_out(hiding: str, tag: str) -> None:
    body = f"<p>{SENTENCE}</p><{tag} {hiding}>Brel bought <b>Zelba</b>.</{tag}><p>Both build turbines.</p>"
    item = f"<item><title>A</title><guid>1</guid><description><![CDATA[{body}]]></description></item>"
    (entry,) = parse(channel(item), "feed.xml", None)
    assert "Brel" not in entry.loaded.text
    assert entry.loaded.text.endswith("Both build turbines.")


def test_an_entry_keeps_the_address_of_its_article(tmp_path: Path) -> None:
    item = f"<item><title>A</title><guid>1</guid><link>https://example.org/a</link><description>{SENTENCE}</description></item>"
    file = tmp_path / "feed.xml"
    file.write_bytes(channel(item))
    assert load(file).info.link == "https://example.org/a"
    file.write_bytes(channel(item.replace("https://example.org/a", "javascript:alert(1)")))
    assert load(file).info.link is None
