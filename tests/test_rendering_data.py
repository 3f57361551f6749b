"""JSON, JSON lines, CSV and Markdown: whole expected outputs."""

import csv
import io
import json

from rendering_samples import ARTICLE, EMPTY, SUMMARY

from summarizer.rendering import render
from summarizer.rendering.data import csv_header, csv_rows, to_line
from summarizer.schema import Failure, Summary

CSV = """\
"kind","text","parties","status","purpose","region","date","attribution","quotes","source","title","language","model"
"takeaway","Airbus et Thales créent une coentreprise de 1 150 millions d’euros.","","","","","","","Airbus et Thales créent une coentreprise [sic] de 1 150 millions d’euros","airbus.txt","Airbus et Thales [sic] s’allient","fr","openai/gpt-5.4-mini"
"takeaway","Le projet avec Boeing est abandonné.","","","","","","","le projet avec Boeing est abandonné","airbus.txt","Airbus et Thales [sic] s’allient","fr","openai/gpt-5.4-mini"
"partnership","","Airbus; Thales","established","satellites","Europe","12 janvier 2026","Les Échos","Airbus et Thales créent une coentreprise [sic] | annoncée le 12 janvier 2026 par Les Échos","airbus.txt","Airbus et Thales [sic] s’allient","fr","openai/gpt-5.4-mini"
"partnership","","Airbus; Boeing; Saab","in talks","","","","","Airbus discute avec Boeing et Saab","airbus.txt","Airbus et Thales [sic] s’allient","fr","openai/gpt-5.4-mini"
"""  # noqa: E501 - a row is a line

MARKDOWN = """\
# Airbus et Thales \\[sic\\] s’allient

airbus.txt · 2026-01-12 · fr · 256 characters

## À retenir

- Airbus et Thales créent une coentreprise de 1 150 millions d’euros.
- Le projet avec Boeing est abandonné.

## Partenariats

| Parties | Status | Purpose | Region | Date | Source |
|---|---|---|---|---|---|
| Airbus + Thales | established | satellites | Europe | 12 janvier 2026 | Les Échos |
| Airbus + Boeing + Saab | in talks | – | – | – | – |

1 claim and 1 detail not proven, and left out: number not in evidence, field not in article

---

openai/gpt-5.4-mini · prompt summarize · cached, made 2026-01-13 · \\$0 · 0.2 s  
note: it is not UTF-8; it was read as cp1252, a guess
"""  # noqa: W291 - two spaces break a line in Markdown

QUOTED = """\
## À retenir

- Airbus et Thales créent une coentreprise de 1 150 millions d’euros.
  > “Airbus et Thales créent une coentreprise \\[sic\\] de 1 150 millions d’euros” (line 3)
- Le projet avec Boeing est abandonné.
  > “le projet avec Boeing est abandonné” (line 4, close)

## Partenariats

| Parties | Status | Purpose | Region | Date | Source |
|---|---|---|---|---|---|
| Airbus + Thales | established | satellites | Europe | 12 janvier 2026 | Les Échos |
| Airbus + Boeing + Saab | in talks | – | – | – | – |

- Airbus + Thales: established
  > “Airbus et Thales créent une coentreprise \\[sic\\]” (line 3)
  > “annoncée le 12 janvier 2026 par Les Échos” (line 3)
- Airbus + Boeing + Saab: in talks
  > “Airbus discute avec Boeing et Saab” (line 4)

## Écarté

- takeaway: Le chiffre d’affaires a reculé de 17,9 %.: 17,9 % is not in the evidence
- field: Airbus + Boeing: region 'Asie': Asie is not in the article
"""

NOTHING = """\
# brief.txt

brief.txt · en · 12 characters

## Key takeaways

None found.

## Partnerships

None found.

---

extractive: sentences chosen by the embedded model, no language model · 0.0 s  
note: the answer was cut short, so something may be missing
"""  # noqa: W291 - two spaces break a line in Markdown


def test_json_is_the_summary_indented() -> None:
    shown = render(SUMMARY, ARTICLE, "json")
    assert json.loads(shown) == json.loads(SUMMARY.model_dump_json())
    assert Summary.model_validate_json(shown) == SUMMARY
    assert shown.startswith('{\n  "schema": "summary/1",\n  "article": {\n    "source": "airbus.txt",\n')
    assert shown.endswith("}\n")


def test_json_lines_is_one_line() -> None:
    shown = render(SUMMARY, ARTICLE, "jsonl")
    assert len(shown.splitlines()) == 1
    assert Summary.model_validate_json(shown) == SUMMARY


def test_a_failure_is_a_line_too() -> None:
    failure = Failure(source="a.txt", error="SourceError", message="cannot read 'a.txt'")
    assert to_line(failure) == (
        '{"schema":"failure/1","source":"a.txt","error":"SourceError","message":"cannot read \'a.txt\'"}\n'
    )


def test_csv_has_a_row_for_each_claim() -> None:
    assert render(SUMMARY, ARTICLE, "csv") == CSV
    assert csv_header() + csv_rows(SUMMARY) == CSV
    assert csv_rows(EMPTY) == ""


def test_csv_is_read_back_by_a_reader() -> None:
    rows = list(csv.DictReader(io.StringIO(render(SUMMARY, ARTICLE, "csv"))))
    assert [row["parties"] for row in rows] == ["", "", "Airbus; Thales", "Airbus; Boeing; Saab"]


def test_markdown_is_a_page_with_a_table() -> None:
    assert render(SUMMARY, ARTICLE, "markdown") == MARKDOWN
    assert render(EMPTY, None, "markdown") == NOTHING


def test_markdown_with_quotes_shows_the_evidence_and_the_rejected() -> None:
    assert QUOTED in render(SUMMARY, ARTICLE, "markdown", quotes=True)
