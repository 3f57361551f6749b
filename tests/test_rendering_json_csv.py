"""JSON, JSON lines, CSV and Markdown: whole expected outputs."""

import csv
import io
import json

import pytest
from rendering_samples import ARTICLE, EMPTY, SUMMARY, expected

from summarizer.errors import ConfigError
from summarizer.rendering import render
from summarizer.rendering.json_csv import to_line
from summarizer.schema import Failure, Status, Summary


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


@pytest.mark.parametrize("rows", ["partnerships", "takeaways", "rejected", "all"])
def test_csv_has_a_row_for_each_claim_that_was_asked_for(rows: str) -> None:
    assert render(SUMMARY, ARTICLE, "csv", rows=rows) == expected(f"{rows}.csv")


def test_csv_has_a_row_for_each_partnership_unless_asked() -> None:
    assert render(SUMMARY, ARTICLE, "csv") == expected("partnerships.csv")
    assert render(EMPTY, ARTICLE, "csv").count("\n") == 1


def test_csv_is_read_back_by_a_reader() -> None:
    first, second = csv.DictReader(io.StringIO(render(SUMMARY, ARTICLE, "csv"), newline=""))
    airbus = SUMMARY.partnerships[0]
    assert first["parties"] == "; ".join(airbus.parties)
    assert first["quotes"] == " | ".join(evidence.quote for evidence in airbus.evidence)
    assert [first[field] for field in ("purpose", "region", "date", "attribution")] == [
        airbus.purpose,
        airbus.region,
        airbus.date,
        airbus.attribution,
    ]
    assert Status(first["status"]) is airbus.status
    assert second["status"] == "in_talks"
    assert second["region"] == ""


def test_a_row_of_another_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError) as refused:
        render(SUMMARY, ARTICLE, "csv", rows="quotes")
    assert str(refused.value) == "there is no row 'quotes'; the rows are partnerships, takeaways, rejected, all"


def test_markdown_is_a_page_with_a_table() -> None:
    assert render(SUMMARY, ARTICLE, "markdown") == expected("page.md")
    assert render(EMPTY, None, "markdown") == expected("nothing.md")


def test_markdown_with_quotes_shows_the_evidence_and_the_rejected() -> None:
    assert render(SUMMARY, ARTICLE, "markdown", quotes=True) == expected("quotes.md")
