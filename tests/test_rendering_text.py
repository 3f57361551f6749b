"""Text: whole expected outputs, for a pipe and for terminals of several widths."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from rendering_samples import ARTICLE, EMPTY, SUMMARY, expected
from rich.cells import cell_len

from summarizer.errors import ConfigError
from summarizer.rendering import render
from summarizer.rendering.summary_view import words_of
from summarizer.schema import OPTIONAL_FIELDS, Evidence, Partnership, Status, Takeaway


def test_in_a_pipe_each_claim_is_a_line() -> None:
    assert render(SUMMARY, ARTICLE, "text") == expected("pipe.txt")


def test_with_quotes_the_evidence_and_the_rejected_are_shown() -> None:
    assert render(SUMMARY, ARTICLE, "text", quotes=True) == expected("pipe-quotes.txt")


def test_what_was_rejected_is_shown_without_the_quotes_when_asked() -> None:
    shown = render(SUMMARY, ARTICLE, "text", verbose=True)
    assert "ÉCARTÉ\n- à retenir : Le chiffre d’affaires" in shown
    assert "“Airbus" not in shown


def test_nothing_found_is_said_and_the_embedded_model_says_what_it_is() -> None:
    assert render(EMPTY, None, "text") == expected("pipe-nothing.txt")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_terminal_is_filled_to_its_width(width: int) -> None:
    assert render(SUMMARY, ARTICLE, "text", width=width) == expected(f"terminal-{width}.txt")


def test_a_terminal_shows_the_evidence_under_each_claim_when_asked() -> None:
    assert render(SUMMARY, ARTICLE, "text", width=80, quotes=True) == expected("terminal-quotes.txt")


def test_colour_adds_nothing_but_colour() -> None:
    coloured = render(SUMMARY, ARTICLE, "text", width=80, color=True)
    assert "\x1b[32m●\x1b[0m établi" in coloured
    assert "\x1b[1m1 150 millions d’euros\x1b[0m" in coloured
    plain = render(SUMMARY, ARTICLE, "text", width=80)
    assert "\x1b" not in plain
    without = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in without.splitlines()] == plain.splitlines()


@pytest.mark.parametrize("space", ["\u00a0", "\u202f"])
def test_a_figure_is_never_broken_at_the_end_of_a_line(space: str) -> None:
    figure = f"1{space}150{space}millions"
    takeaway = Takeaway(text=f"La coentreprise vaut {figure} d’euros et {figure} de dollars.", evidence=())
    summary = SUMMARY.model_copy(update={"takeaways": (takeaway,)})
    for width in range(20, 80):
        assert render(summary, None, "text", width=width).count(figure) == 2


def test_a_terminal_that_follows_links_is_led_to_the_line() -> None:
    shown = render(SUMMARY, ARTICLE, "text", width=80, color=True, quotes=True, address="file://host/a%20b.txt")
    links = re.findall(r"\x1b]8;;(.+?)\x1b\\(.*?)\x1b]8;;\x1b\\", shown)
    places = [(address, re.sub(r"\x1b\[[0-9;]*m", "", words)) for address, words in links]
    assert places == [
        ("file://host/a%20b.txt#3", "ligne 3"),
        ("file://host/a%20b.txt#4", "ligne 4, à peu près"),
        ("file://host/a%20b.txt#3", "ligne 3"),
        ("file://host/a%20b.txt#3", "ligne 3"),
        ("file://host/a%20b.txt#4", "ligne 4"),
    ]


@pytest.mark.parametrize("source", ["a.pdf", "a.html", "rows.jsonl:3", "https://news.example/a.html"])
def test_a_line_is_not_given_where_the_file_has_no_such_lines(source: str) -> None:
    article = ARTICLE.model_copy(update={"source": source})
    shown = render(SUMMARY, article, "text", quotes=True)
    assert "“Airbus discute avec Boeing et Saab”\n" in shown
    assert "ligne" not in shown


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "nl", "pt", "ja", "zh", "ar", "he"])
def test_the_frame_is_in_one_language(language: str) -> None:
    words = words_of(language)
    assert words.language == language
    assert all(part for part in words if isinstance(part, str))
    assert len(set(words.statuses)) == len(Status)
    assert len({words.parties, words.status, *words.labels.values()}) == 2 + len(OPTIONAL_FIELDS)
    assert language == "en" or not set(words.statuses.values()) & set(words_of("en").statuses.values())


def test_a_language_without_words_of_its_own_has_an_english_frame() -> None:
    assert words_of("fi").language == "en"
    assert words_of("pt-BR").language == "pt"


WIDE_TEXT = (
    "東海光学と日本精密が提携し、全角の長い文章がこのように続いていくので、折り返しの幅が正しくなければならない。"
)
LEFTWARDS = "وقعت النيل للاتصالات اتفاق شراكة مع دلتا موبايل لتطوير شبكات الجيل الخامس في مصر بقيمة 450 مليون دولار"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3


@pytest.mark.parametrize("text", [WIDE_TEXT, LEFTWARDS, LONG_WORD, "אלאופ חתמה על הסכם", "👩‍💻" * 60])
@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("quotes", [False, True])
def test_wide_scripts_and_long_words_stay_within_the_width(text: str, width: int, quotes: bool) -> None:
    words = Evidence(quote=text, start=0, end=len(text), match="verbatim")
    partnership = Partnership(parties=(text, "B"), status=Status.IN_TALKS, purpose=text, region=text, evidence=(words,))
    summary = SUMMARY.model_copy(
        update={"takeaways": (Takeaway(text=text, evidence=(words,)),), "partnerships": (partnership,)}
    )
    shown = render(summary, None, "text", width=width, quotes=quotes)
    assert max(map(cell_len, shown.splitlines())) <= width
    assert "".join(text.split()) in "".join(shown.split()).replace("•", "")


@pytest.mark.parametrize("quotes", [False, True])
@pytest.mark.parametrize(("widths", "reference"), [(range(20, 72), 71), (range(72, 130), 300)])
def test_no_letter_is_lost_at_any_width(quotes: bool, widths: range, reference: int) -> None:
    def letters(width: int) -> Counter[str]:
        shown = render(SUMMARY, ARTICLE, "text", width=width, quotes=quotes)
        assert max(map(cell_len, shown.splitlines())) <= width
        return Counter(c for c in shown if not c.isspace() and c != "─")

    for width in widths:
        assert letters(width) == letters(reference)


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError) as refused:
        render(SUMMARY, ARTICLE, "pdf")
    assert str(refused.value) == ("there is no format 'pdf'; the formats are text, json, jsonl, markdown, html, csv")


def test_text_for_a_pipe_does_not_import_rich() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from rendering_samples import ARTICLE, SUMMARY\n"
        "from summarizer.rendering import render\n"
        "for format in ('text', 'json', 'jsonl', 'csv', 'markdown', 'html'): render(SUMMARY, ARTICLE, format)\n"
        "print('rich' in sys.modules)\n"
    )
    asked = [sys.executable, "-c", script, str(Path(__file__).parent / "support")]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
