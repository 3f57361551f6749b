"""The optional fields of a partnership stand in one table, which agrees with the models and with every frame."""

import pytest

from summarizer.rendering import graph_exports
from summarizer.rendering.json_csv import COLUMNS
from summarizer.rendering.summary_view import words_of
from summarizer.schema import OPTIONAL_FIELDS, PROOF_FIELDS, DraftPartnership, Partnership, Status, field_values

NAMES = [field.name for field in OPTIONAL_FIELDS]


@pytest.mark.parametrize("model", [DraftPartnership, Partnership])
def test_a_partnership_has_each_field_and_needs_none(model: type[DraftPartnership | Partnership]) -> None:
    optional = [name for name, field in model.model_fields.items() if not field.is_required()]
    assert [name for name in optional if name not in PROOF_FIELDS] == NAMES


def test_the_values_of_a_partnership_are_told_by_name() -> None:
    pact = Partnership(parties=("A", "B"), status=Status.DENIED, region="Chine", evidence=())
    assert field_values(pact) == dict.fromkeys(NAMES) | {"region": "Chine"}


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "nl", "pt", "ja", "zh", "ar", "he"])
def test_each_field_has_a_label_in_each_language(language: str) -> None:
    labels = words_of(language).labels
    assert list(labels) == NAMES
    assert len(set(labels.values())) == len(NAMES)


def test_the_english_label_is_that_of_the_table() -> None:
    assert words_of("en").labels == {field.name: field.label for field in OPTIONAL_FIELDS}


def test_each_field_has_a_column_in_both_sheets() -> None:
    assert set(NAMES) <= set(COLUMNS) and set(NAMES) <= set(graph_exports.COLUMNS)
    assert len(set(COLUMNS)) == len(COLUMNS) and len(set(graph_exports.COLUMNS)) == len(graph_exports.COLUMNS)
