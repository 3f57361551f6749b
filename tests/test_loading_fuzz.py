"""Whatever is done to a file, its reader gives an article or says what is wrong: nothing else comes out of it."""

import random
from time import process_time

import pytest
from damaged_files import READERS, damaged, kind
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import SourceError

pytestmark = pytest.mark.slow
SLOWEST = 10
"""Seconds of computing for a file of some kilobytes."""


@pytest.mark.parametrize("name", READERS)
@settings(deadline=None, max_examples=60, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_is_read_or_refused(name: str, seed: int) -> None:
    valid, read = READERS[name]
    dice = random.Random(seed)
    raw = damaged(valid, dice)
    began = process_time()
    assert kind(raw, dice)
    try:
        read(raw, "it", dice.choice((None, "utf-8", "utf-16", "no such", "cp1252")))
    except SourceError as error:
        assert str(error).startswith("cannot read 'it'")
    assert process_time() - began < SLOWEST


@pytest.mark.parametrize("name", READERS)
@settings(deadline=None, max_examples=25, derandomize=True)
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(name: str, raw: bytes) -> None:
    valid, read = READERS[name]
    for tried in (raw, valid[:60] + raw, valid[: len(valid) // 2] + raw + valid[len(valid) // 2 :]):
        try:
            read(tried, "it", None)
        except SourceError as error:
            assert str(error).startswith("cannot read 'it'")


@pytest.mark.parametrize("name", READERS)
def test_a_whole_file_is_read(name: str) -> None:
    valid, read = READERS[name]
    assert "Norvik" in str(read(valid, "it", None))
