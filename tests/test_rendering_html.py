"""The page: whole expected output, and what it forbids itself."""

import base64
import hashlib
import re

from rendering_samples import ARTICLE, EMPTY, SUMMARY, TEXT

from summarizer.rendering import render
from summarizer.schema import Evidence, Match, Takeaway

HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
"""

TITLE = """\
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Airbus et Thales [sic] s’allient</title>
<style>"""

BODY = """\
</style>
</head>
<body>
<a class="skip" href="#article">Skip to the article</a>
<header>
<h1 lang="fr" dir="auto">Airbus et Thales [sic] s’allient</h1>
<p class="soft">airbus.txt · 2026-01-12 · fr · 256 characters</p>
</header>
<main>
<div class="claims" lang="fr">
<section aria-labelledby="takeaways">
<h2 id="takeaways">À retenir</h2>
<ol>
<li class="claim" id="claim-1" tabindex="-1"><span class="number">1</span><span dir="auto">Airbus et Thales créent une coentreprise de 1 150 millions d’euros.</span><blockquote lang="fr" dir="auto"><a href="#quote-1">“Airbus et Thales créent une coentreprise [sic] de 1 150 millions d’euros”</a> <span lang="en" class="soft">(line 3)</span></blockquote></li>
<li class="claim" id="claim-2" tabindex="-1"><span class="number">2</span><span dir="auto">Le projet avec Boeing est abandonné.</span><blockquote lang="fr" dir="auto"><a href="#quote-2">“le projet avec Boeing est abandonné”</a> <span lang="en" class="soft">(line 4, close)</span></blockquote></li>
</ol>
</section>
<section aria-labelledby="partnerships">
<h2 id="partnerships">Partenariats</h2>
<ol>
<li class="claim" id="claim-3" tabindex="-1"><span class="number">3</span><strong dir="auto">Airbus + Thales</strong> <span lang="en" class="status established">established</span><dl><dt lang="en">purpose</dt><dd dir="auto">satellites</dd><dt lang="en">region</dt><dd dir="auto">Europe</dd><dt lang="en">date</dt><dd dir="auto">12 janvier 2026</dd><dt lang="en">source</dt><dd dir="auto">Les Échos</dd></dl><blockquote lang="fr" dir="auto"><a href="#quote-3">“Airbus et Thales créent une coentreprise [sic]”</a> <span lang="en" class="soft">(line 3)</span></blockquote><blockquote lang="fr" dir="auto"><a href="#quote-4">“annoncée le 12 janvier 2026 par Les Échos”</a> <span lang="en" class="soft">(line 3)</span></blockquote></li>
<li class="claim" id="claim-4" tabindex="-1"><span class="number">4</span><strong dir="auto">Airbus + Boeing + Saab</strong> <span lang="en" class="status in_talks">in talks</span><blockquote lang="fr" dir="auto"><a href="#quote-5">“Airbus discute avec Boeing et Saab”</a> <span lang="en" class="soft">(line 4)</span></blockquote></li>
</ol>
</section>
<section aria-labelledby="rejected">
<h2 id="rejected">Écarté</h2>
<ol>
<li class="rejected"><span lang="en" class="number">takeaway</span><span dir="auto">Le chiffre d’affaires a reculé de 17,9 %.</span><p lang="en" class="why">17,9 % is not in the evidence</p></li>
<li class="rejected"><span lang="en" class="number">field</span><span dir="auto">Airbus + Boeing: region &#x27;Asie&#x27;</span><p lang="en" class="why">Asie is not in the article</p></li>
</ol>
</section>
</div>
<article id="article" lang="fr" aria-label="Article" tabindex="-1">
<div class="text" dir="auto">Airbus et Thales [sic] s’allient

<span id="quote-1"></span><span id="quote-3"></span><mark class="quote-1 of-1 quote-3 of-3">Airbus et Thales créent une coentreprise [sic]</mark><a class="back" href="#claim-3" aria-label="to claim 3">3</a><mark class="quote-1 of-1"> de 1 150 millions d’euros</mark><a class="back" href="#claim-1" aria-label="to claim 1">1</a> en Europe, <span id="quote-4"></span><mark class="quote-4 of-3">annoncée le 12 janvier 2026 par Les Échos</mark><a class="back" href="#claim-3" aria-label="to claim 3">3</a>, pour des satellites.
<span id="quote-5"></span><mark class="quote-5 of-4">Airbus discute avec Boeing et Saab</mark><a class="back" href="#claim-4" aria-label="to claim 4">4</a> ; <span id="quote-2"></span><mark class="quote-2 of-2">le projet avec Boeing est abandonné</mark><a class="back" href="#claim-2" aria-label="to claim 2">2</a>.
</div>
</article>
</main>
<footer>
<p class="soft">openai/gpt-5.4-mini · prompt summarize · cached, made 2026-01-13 · $0 · 0.2 s</p>
<p class="soft">note: it is not UTF-8; it was read as cp1252, a guess</p>
</footer>
</body>
</html>
"""  # noqa: E501 - a claim is a line


def test_the_page_is_whole() -> None:
    page = render(SUMMARY, ARTICLE, "html")
    assert page.startswith(HEAD)
    assert TITLE in page
    assert page[page.index("</style>") :] == BODY


def test_the_page_allows_itself_its_own_style_and_nothing_else() -> None:
    page = render(SUMMARY, ARTICLE, "html")
    style = page[page.index("<style>") + len("<style>") : page.index("</style>")]
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert (
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'\">"
    ) in page
    assert "url(" not in style
    assert "@import" not in style


def test_every_link_leads_to_a_place_on_the_page() -> None:
    page = render(SUMMARY, ARTICLE, "html")
    places = re.findall(r' id="([^"]+)"', page)
    assert len(places) == len(set(places))
    assert set(re.findall(r' href="#([^"]+)"', page)) <= set(places)


def test_nothing_found_is_said_on_the_page() -> None:
    page = render(EMPTY, None, "html")
    assert page.count('<p lang="en">None found.</p>') == 2
    assert 'id="rejected"' not in page
    assert "href" not in page


def test_quotes_that_overlap_in_any_way_leave_the_text_as_it_is() -> None:
    spans: list[tuple[int, int, Match]] = [
        (0, 20, "verbatim"),
        (5, 30, "folded"),
        (5, 10, "close"),
        (0, len(TEXT), "elided"),
    ]
    evidence = tuple(Evidence(quote=TEXT[a:b], start=a, end=b, match=match) for a, b, match in spans)
    summary = SUMMARY.model_copy(update={"takeaways": (Takeaway(text="All", evidence=evidence),), "partnerships": ()})
    page = render(summary, ARTICLE, "html")
    text = page[page.index('<div class="text" dir="auto">') : page.index("</article>")]
    without_links = re.sub(r'<a class="back".*?</a>', "", text)
    assert re.sub(r"<[^>]*>", "", without_links) == TEXT + "\n"
