"""Text: whole expected outputs, for a pipe and for terminals of several widths."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from rendering_samples import ARTICLE, EMPTY, SUMMARY
from rich.cells import cell_len

from summarizer.errors import ConfigError
from summarizer.rendering import render

PIPED = """\
Airbus et Thales [sic] s’allient
airbus.txt · 2026-01-12 · fr · 256 characters

À RETENIR
- Airbus et Thales créent une coentreprise de 1 150 millions d’euros.
- Le projet avec Boeing est abandonné.

PARTENARIATS
- Airbus + Thales | established | satellites | region: Europe | date: 12 janvier 2026 | source: Les Échos
- Airbus + Boeing + Saab | in talks

1 claim and 1 detail not proven, and left out: number not in evidence, field not in article

openai/gpt-5.4-mini · prompt summarize · cached, made 2026-01-13 · $0 · 0.2 s
note: it is not UTF-8; it was read as cp1252, a guess
"""

QUOTED = """\
Airbus et Thales [sic] s’allient
airbus.txt · 2026-01-12 · fr · 256 characters

À RETENIR
- Airbus et Thales créent une coentreprise de 1 150 millions d’euros.
    “Airbus et Thales créent une coentreprise [sic] de 1 150 millions d’euros” (line 3)
- Le projet avec Boeing est abandonné.
    “le projet avec Boeing est abandonné” (line 4, close)

PARTENARIATS
- Airbus + Thales | established | satellites | region: Europe | date: 12 janvier 2026 | source: Les Échos
    “Airbus et Thales créent une coentreprise [sic]” (line 3)
    “annoncée le 12 janvier 2026 par Les Échos” (line 3)
- Airbus + Boeing + Saab | in talks
    “Airbus discute avec Boeing et Saab” (line 4)

ÉCARTÉ
- takeaway: Le chiffre d’affaires a reculé de 17,9 %.: 17,9 % is not in the evidence
- field: Airbus + Boeing: region 'Asie': Asie is not in the article

openai/gpt-5.4-mini · prompt summarize · cached, made 2026-01-13 · $0 · 0.2 s
note: it is not UTF-8; it was read as cp1252, a guess
"""

NOTHING = """\
brief.txt
brief.txt · en · 12 characters

KEY TAKEAWAYS
None found.

PARTNERSHIPS
None found.

extractive: sentences chosen by the embedded model, no language model · 0.0 s
note: the answer was cut short, so something may be missing
"""

FORTY = """\
Airbus et Thales [sic] s’allient
airbus.txt · 2026-01-12 · fr · 256
characters

À retenir
• Airbus et Thales créent une
  coentreprise de 1 150 millions
  d’euros.
• Le projet avec Boeing est abandonné.

Partenariats
• Airbus + Thales: established
  purpose: satellites
  region: Europe
  date: 12 janvier 2026
  source: Les Échos
• Airbus + Boeing + Saab: in talks

1 claim and 1 detail not proven, and
left out: number not in evidence, field
not in article

openai/gpt-5.4-mini · prompt summarize ·
cached, made 2026-01-13 · $0 · 0.2 s
note: it is not UTF-8; it was read as
cp1252, a guess
"""

EIGHTY = """\
Airbus et Thales [sic] s’allient
airbus.txt · 2026-01-12 · fr · 256 characters

À retenir
• Airbus et Thales créent une coentreprise de 1 150 millions d’euros.
• Le projet avec Boeing est abandonné.

Partenariats
Parties             Status        Purpose      Region   Date           Source
────────────────────────────────────────────────────────────────────────────────
Airbus + Thales     established   satellites   Europe   12 janvier     Les Échos
                                                        2026
Airbus + Boeing +   in talks      –            –        –              –
Saab

1 claim and 1 detail not proven, and left out: number not in evidence, field not
in article

openai/gpt-5.4-mini · prompt summarize · cached, made 2026-01-13 · $0 · 0.2 s
note: it is not UTF-8; it was read as cp1252, a guess
"""

WIDE = """\
Parties                  Status        Purpose      Region   Date              Source
────────────────────────────────────────────────────────────────────────────────────────
Airbus + Thales          established   satellites   Europe   12 janvier 2026   Les Échos
Airbus + Boeing + Saab   in talks      –            –        –                 –
"""


def test_in_a_pipe_each_claim_is_a_line() -> None:
    assert render(SUMMARY, ARTICLE, "text") == PIPED


def test_with_quotes_the_evidence_and_the_rejected_are_shown() -> None:
    assert render(SUMMARY, ARTICLE, "text", quotes=True) == QUOTED


def test_what_was_rejected_is_shown_without_the_quotes_when_asked() -> None:
    shown = render(SUMMARY, ARTICLE, "text", verbose=True)
    assert "ÉCARTÉ\n- takeaway: Le chiffre d’affaires" in shown
    assert "“" not in shown


def test_nothing_found_is_said_and_the_embedded_model_says_what_it_is() -> None:
    assert render(EMPTY, None, "text") == NOTHING


@pytest.mark.parametrize(("width", "expected"), [(40, FORTY), (80, EIGHTY)])
def test_a_terminal_is_filled_to_its_width(width: int, expected: str) -> None:
    assert render(SUMMARY, ARTICLE, "text", width=width) == expected


def test_a_wide_terminal_shows_each_partnership_in_a_row() -> None:
    assert WIDE in render(SUMMARY, ARTICLE, "text", width=200)


def test_colour_adds_nothing_but_colour() -> None:
    coloured = render(SUMMARY, ARTICLE, "text", width=80, color=True)
    assert "\x1b[1m\x1b[32mestablished" in coloured or "\x1b[1;32mestablished" in coloured
    assert "\x1b" not in render(SUMMARY, ARTICLE, "text", width=80)


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
    done = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
