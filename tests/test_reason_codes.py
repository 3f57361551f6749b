"""Reason codes are a closed set for this version, and open for the summaries of another one."""

import pickle

import pytest
from pydantic import ValidationError

from summarizer.schema import Reason, ReasonCode

UNKNOWN = '{"code":"tense_conflict","grade":"refuted","message":"it is told of the past","value":null}'


def test_a_known_code_is_read_as_its_member() -> None:
    assert Reason.model_validate({"code": "duplicate", "message": "m"}).code is ReasonCode.DUPLICATE


def test_a_code_of_another_version_is_kept_and_written_as_it_stands() -> None:
    reason = Reason.model_validate_json(UNKNOWN)
    assert reason.code == "tense_conflict"
    assert reason.code not in list(ReasonCode)
    assert f"{reason.code}" == "tense_conflict"
    assert reason.model_dump_json() == UNKNOWN
    assert pickle.loads(pickle.dumps(reason)) == reason  # noqa: S301 - our own


@pytest.mark.parametrize("code", [None, 1, ["duplicate"]])
def test_what_is_no_text_is_no_code(code: object) -> None:
    with pytest.raises(ValidationError):
        Reason.model_validate({"code": code, "message": "m"})
