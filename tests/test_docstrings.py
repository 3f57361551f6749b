"""What stands under a field is what a model, a person and a message read."""

import inspect
from pathlib import Path

import pytest

from summarizer import schema
from summarizer.docstrings import docstrings_of
from summarizer.schema import (
    DescribedModel,
    Draft,
    DraftPartnership,
    DraftTakeaway,
    ReasonCode,
    Status,
    draft_fingerprint,
)
from summarizer.schema.fingerprint import SOURCES, fingerprint_of
from summarizer.settings import Settings

FOLDER = Path(schema.__file__).parent


def test_a_model_reads_the_docstring_under_a_field_as_its_description() -> None:
    takeaway = Draft.model_json_schema()["$defs"]["DraftTakeaway"]["properties"]
    assert takeaway["text"]["description"] == (
        "One self-contained sentence in the output language; only what its quotes say."
    )


def test_lines_of_a_docstring_keep_their_breaks_and_lose_their_indent() -> None:
    status = Draft.model_json_schema()["$defs"]["DraftPartnership"]["properties"]["status"]
    assert status["description"].splitlines()[1].startswith("abandoned: talks or plans dropped")
    assert status["description"] == docstrings_of(DraftPartnership)["status"]


def test_what_is_never_said_by_a_model_is_not_described_to_it() -> None:
    assert "usage" in docstrings_of(Draft)
    assert set(Draft.model_json_schema()["properties"]) == {"takeaways", "partnerships"}


def test_the_fingerprint_covers_every_class_that_shapes_what_the_model_reads() -> None:
    """Answers to another schema are not taken for answers to this one: their cache keys hold its fingerprint."""
    described = [*Draft.model_json_schema()["$defs"], *(cls.__name__ for cls in Draft.__mro__)]
    ours = [cls for name in described if (cls := getattr(schema, name, None)) is not None]
    assert {DraftPartnership, DraftTakeaway, Status, DescribedModel} <= set(ours)
    assert {Path(inspect.getfile(cls)) for cls in ours} == {FOLDER / name for name in SOURCES}


@pytest.mark.parametrize("name", SOURCES)
def test_a_changed_word_changes_the_fingerprint(tmp_path: Path, name: str) -> None:
    for source in SOURCES:
        (tmp_path / source).write_bytes((FOLDER / source).read_bytes())
    assert fingerprint_of(tmp_path) == draft_fingerprint()
    changed = (tmp_path / name).read_text(encoding="utf-8").replace("frozen", "thawed").replace("quote", "citation")
    (tmp_path / name).write_text(changed, encoding="utf-8")
    assert fingerprint_of(tmp_path) != draft_fingerprint()


def test_without_its_source_the_schema_itself_is_fingerprinted(tmp_path: Path) -> None:
    assert len(fingerprint_of(tmp_path)) == 64


def test_every_reason_code_says_what_was_found() -> None:
    said = docstrings_of(ReasonCode)
    assert set(said) == {code.name for code in ReasonCode}
    assert all(text.endswith(".") for text in said.values())


def test_every_setting_says_what_it_may_be() -> None:
    assert set(docstrings_of(Settings)) == set(Settings.model_fields)


def test_a_class_that_inherits_has_the_docstrings_of_both() -> None:
    wrapped = type("Wrapped", (DraftPartnership,), {"__module__": __name__})
    assert docstrings_of(wrapped) == docstrings_of(DraftPartnership)
