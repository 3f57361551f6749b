"""One table of words that try to act, for every format: in each they are shown as text, never act, and are never lost.

`places(text)` puts the words wherever words of an article, of a model or of a user can come to.
"""

import re

import pytest

from summarizer.schema import (
    Article,
    Evidence,
    Partnership,
    Provenance,
    Reason,
    ReasonCode,
    Rejected,
    Status,
    Summary,
    Takeaway,
)

HOSTILE = {
    # terminals
    "rich markup": "[sic] [bold]x[/bold] [/b] [/sic] [link=http://evil.example]y[/link] :smile:",
    "clear the screen": "before \x1b[2J\x1b[H after",
    "colour": "\x1b[31mred\x1b[0m \x1b[38;5;196mmore\x1b[m",
    "a title for the terminal": "\x1b]0;owned\x07 rest",
    "a link for the terminal": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "a clipboard for the terminal": "\x1b]52;c;cm0gLXJmIH4=\x07 paste",
    "device control": "\x1bP$q\"p\x1b\\ \x1b_apc\x1b\\ \x1b^pm\x1b\\ \x1bc reset",
    "an escape that never ends": "Airbus \x1b]8;;http://evil.example",
    "eight-bit controls": "a\x9b31mb\x9d0;owned\x9cc\x90d\x84e\x85f",
    "carriage return": "true words\rfalse words",
    "backspaces": "Apple\x08\x08\x08\x08\x08Baidu",
    "bells, nulls and deletes": "a\x07b\x00c\x7fd",
    # what is not seen, or seen elsewhere
    "direction": "user \u202egnp.exe\u202c and \u2066isolated\u2069 \u200f mark \u061c \u200e \u2067 \u2068 \u202a",
    "direction that is not closed": "Airbus \u202e\u2067 and Thales",
    "invisible": "Air\u200bbus \u2060Tha\ufeffles \u00adsoft \U000e0041\U000e0042 tags \u180e\u3164\u115f",
    "variation selectors": "A\ufe0fB\U000e0100C",
    "joiners that are words": "می‌خواهم 👩‍💻",
    "right to left": "אלאופ ושטרומבאו חתמו על הסכם, וقالت النيل للاتصالات إنها وقعت",
    "wide": "日本精密と東海光学が提携、全角：［＝１＋１］",
    "marks that pile up": "Z̸̡̢̛̗̘͓̥ͫ̏͐a̴̢̛͎̞͐l̷̡̛̗̈́g̶̢̛̺̓o",
    "look-alikes": "Аpple and Αlibaba",
    "line ends": "one\u2028two\u2029three\x85four\nfive\r\nsix\vseven\feight\x1cnine\x1dten\x1eeleven",
    "half a character": "Airbus \ud800 and \udfffThales",
    "not characters": "a\ufffeb\uffffc\ufdd0d\U0001ffffe\ufffdf\U0010fff0g\ue000h",
    "a very long word": "Donaudampfschifffahrts" * 40,
    "only white space within": "a\u00a0\u2003\u3000\u202fb",
    # pages
    "a script": "<script>window.__hacked=1;alert(1)</script><ScRiPt/src=//evil.example/x.js></sCrIpT >",
    "an image": "<img src=x onerror=\"window.__hacked=1\"> <svg/onload=window.__hacked=1> <iframe src=//evil.example>",
    "entities": "&lt;b&gt; &#60;b&#62; &#x3c;b&#x3e; &amp;amp; AT&T &copy &nbsp; &notit;",
    "attributes": "\" onmouseover=\"window.__hacked=1\" autofocus onfocus=window.__hacked=1 ' x='y' `z` =",
    "end of a script": "</script><script>window.__hacked=1</script><!-- <script> ]]>",
    "end of a style sheet": "</style></title></textarea></noscript></template>--><!--",
    "style": "<style>@import 'http://evil.example/x.css';</style> url(http://evil.example/y) } body{display:none} \\3c",
    "a form": "<form action=http://evil.example><button autofocus formaction=javascript:window.__hacked=1>x</button>",
    "metadata": "<meta http-equiv=refresh content=\"0;url=http://evil.example\"><base href=//evil.example>",
    "names of elements": "<a id=claim-1 name=article><form id=body><input name=attributes>",
    "a script as an address": "javascript:window.__hacked=1//http://evil.example JaVaScRiPt:x java\tscript:x",
    "an address of data": "data:text/html,<script>window.__hacked=1</script>",
    "an address with a quote": "https://evil.example/\"onclick=\"window.__hacked=1",
    "a file as an address": "file:///etc/passwd",
    "prototype": "__proto__ constructor toString",
    "a string of a script": "\"};window.__hacked=1;//' + `${window.__hacked=1}` \\u003cscript\\u003e \\",
    "xml": "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e; <![CDATA[x]]> <?xml version=\"1.0\"?> ]]>",
    # Markdown
    "markdown link": "[click](javascript:alert(1)) ![x](http://evil.example/p.png) <http://evil.example>",
    "markdown link by name": "[ref][a] [ref]: http://evil.example 'title' [^1] [[wiki]] {{template}}",
    "reference": "[ref]: http://evil.example 'title'",
    "bare links": "http://evil.example www.evil.example javascript:alert(1) mailto:a@evil.example a@evil.example",
    "mentions": "@everyone @torvalds #1 GH-1 evil/evil#1 !1 ~label",
    "markdown blocks": "# heading",
    "markdown list": "1. one",
    "markdown bullets": "- one",
    "markdown task": "- [ ] todo",
    "markdown quote": "> quoted",
    "markdown rule": "---",
    "markdown title underneath": "===",
    "markdown code": "```sh rm``` ~~~ `code` ~~gone~~ **bold** __bold__ _x_ $x^2$ | cell | \\",
    "markdown fence": "```",
    "markdown indent": "    code",
    "markdown mathematics": "$$\\href{javascript:alert(1)}{x}$$ $`x`$ \\(y\\)",
    "front matter": "+++ = + | a | b",
    "a table": "| a | b |",
    # sheets
    "formula": "=HYPERLINK(\"http://evil.example\",\"x\")",
    "formula with plus": "+1+cmd|' /C calc'!A0",
    "formula with minus": "-11 % de ventes",
    "formula with at": "@SUM(A1)",
    "formula behind white space": "\t=1+1",
    "formula behind a line end": "\n=1+1",
    "formula behind a space that is none": "\u00a0\u200b=1+1",
    "formula behind a quote": "\"=1+1",
    "formula behind a semicolon": "a;=1+1,=2;\"=3\n=4",
    "formula with a bar": "|calc",
    "formula with a percent": "%0A=1+1",
    "wide formula": "＝1+1 ＋1 －1 ＠SUM",
    "dde": "=cmd|'/C calc'!A0",
    "what a sheet takes for another thing": "00123",
    # diagrams, graphs, and the rest
    "mermaid": "A[\"x\"] --> B; click A href \"javascript:alert(1)\" %%{init: {'securityLevel': 'loose'}}%%",
    "mermaid ends": "end subgraph style class linkStyle #quot; #35; ]):::x",
    "dot": "\"]; evil [label=<<b>x</b>>, URL=\"javascript:alert(1)\"] // \\N \\G \\E \\l {a|b}",
    "dot keyword": "strict digraph node edge subgraph -> --",
    "template": "{{ 7*7 }} {% raw %} ${x} %s {0} {x!r} #{y}",
    "shell": "$(rm -rf ~) `id` ; rm -rf / && | > /etc/passwd",
    "a path": "../../../etc/passwd C:\\windows\\system32 \\\\evil.example\\share NUL con.txt",
}  # fmt: skip
"""By what it is a trick of."""

every_string = pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, id=name, marks=() if number % 7 == 0 else pytest.mark.slow)
        for number, (name, text) in enumerate(HOSTILE.items())
    ],
)
"""Runs a test with each of them; the quick tier has every seventh."""

NEVER_SEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What no format for people may hold: it acts instead of being seen. A line end is for each format to judge."""


def places(text: str) -> tuple[Summary, Article]:
    """Put the words into every place of a summary and its article that words can come to."""
    article = Article(text=f"{text} {text}", source=text, title=text, language=text, published=text, warnings=(text,))
    evidence = (Evidence(quote=article.text, start=0, end=len(article.text), match="verbatim"),)
    reasons = (Reason(code=ReasonCode(text), message=text, value=text),)
    return Summary(
        article=article.info,
        takeaways=(Takeaway(text=text, evidence=evidence),),
        partnerships=(
            Partnership(
                parties=(text, "Other"),
                status=Status.DENIED,
                purpose=text,
                region=text,
                date=text,
                attribution=text,
                evidence=evidence,
            ),
        ),
        rejected=(
            Rejected(kind="takeaway", claim={"text": text}, reasons=reasons),
            Rejected(kind="partnership", claim={"parties": [text, 3, None], "status": text}, reasons=reasons),
            Rejected(kind="field", claim={"parties": [text], "field": text, "value": [text]}, reasons=reasons),
            Rejected(kind="takeaway", claim={text: {"deep": [text]}}, reasons=reasons),
        ),
        provenance=Provenance(
            model=text, prompt=text, created=text, cached=True, output_language=text, warnings=(text,)
        ),
    ), article
