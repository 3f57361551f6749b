"""What stands under a field is what a model, a person and a message read."""

import hashlib
import json

from summarizer.docstrings import docstrings_of
from summarizer.schema import Draft, DraftPartnership
from summarizer.settings import Settings


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
    assert "effort" in docstrings_of(Draft)
    assert set(Draft.model_json_schema()["properties"]) == {"takeaways", "partnerships"}


def test_the_fingerprint_is_that_of_what_the_model_reads() -> None:
    """Answers to another schema are not taken for answers to this one: they are remembered by it."""
    canonical = json.dumps(Draft.model_json_schema(), sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == Draft.fingerprint


def test_every_setting_says_what_it_may_be() -> None:
    assert set(docstrings_of(Settings)) == set(Settings.model_fields)


def test_a_class_that_inherits_has_the_docstrings_of_both() -> None:
    wrapped = type("Wrapped", (DraftPartnership,), {"__module__": __name__})
    assert docstrings_of(wrapped) == docstrings_of(DraftPartnership)
