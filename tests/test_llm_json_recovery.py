"""Answers are mended without a call where only one reading is possible."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.engines.llm.parsing import is_cut, normalized, read_object, repaired_object, whole_items

KEYS = ("takeaways", "partnerships")
ONE: dict[str, Any] = {"takeaways": [{"text": "T {x} [1]", "quotes": ['q "}" \\']}], "partnerships": []}
TEXT = json.dumps(ONE)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"```json\n{TEXT}\n```",
        f"```\n{TEXT}```",
        f"Sure! {TEXT} Anything else?",
        f"{TEXT} [1]",
        f"[{TEXT}]",
        f"<think>{{}} hm</think>{TEXT}",
        f"<think>it could be {TEXT.replace('T ', 'draft ')}</think>\n{TEXT}",
        f"<think>never closed {TEXT}",
        f"{{broken {TEXT}",
        f'{{"name": "Draft", "parameters": {TEXT}}}',
        f'{{"Draft": {TEXT}}}',
        json.dumps({"arguments": TEXT}),
        TEXT.replace("T {x}", "T {x}"),
    ],
)
def test_object_is_found_in_what_surrounds_it(text: str) -> None:
    assert read_object(text, KEYS) == (ONE, [])


@pytest.mark.parametrize("text", ["", "no", "{}", "[]", "[1, 2]", '{"other": 1, "keys": 2}', "null", "{" * 5000])
def test_nothing_is_found_where_there_is_nothing(text: str) -> None:
    assert read_object(text, KEYS) == (None, [])


def test_last_object_counts() -> None:
    assert read_object('{"takeaways": [1]} or rather {"takeaways": [2]}', KEYS)[0] == {"takeaways": [2]}


def test_lists_of_duplicate_keys_are_joined_and_noted() -> None:
    found, notes = read_object('{"takeaways": [1], "takeaways": [2], "x": 1, "x": 1}', KEYS)
    assert found == {"takeaways": [1, 2], "x": 1}
    assert notes == ["the key 'takeaways' stood twice in the answer"]


def test_number_keeps_the_form_that_it_was_written_in() -> None:
    found, _ = read_object('{"takeaways": [{"text": 1.10}]}', KEYS)
    assert found is not None and found["takeaways"][0]["text"] == "1.10"


@pytest.mark.parametrize(
    ("item", "mended"),
    [
        ({"status": " In-Talks "}, {"status": "in_talks"}),
        ({"date": 2025, "region": "", "purpose": "null"}, {"date": "2025", "region": None, "purpose": None}),
        ({"quotes": "q", "parties": ["A", 3]}, {"quotes": ["q"], "parties": ["A", "3"]}),
        ({" text ": 5}, {"text": "5"}),
        ("words", "words"),
        ({"status": None, "quotes": None, "date": True}, {"status": None, "quotes": None, "date": True}),
    ],
)
def test_values_get_the_only_type_they_can_have(item: Any, mended: Any) -> None:
    assert normalized(item) == mended


ITEM = '{"text": "a", "quotes": ["b"]}'


@pytest.mark.parametrize(
    "text",
    [
        '{"takeaways": [{"text": "a", "quotes": ["b"],},], "partnerships": [],}',
        "{'takeaways': [{'text': 'a', 'quotes': ['b']}], 'partnerships': []} Hope it helps!",
        '```json\n{takeaways: [{text: "a", quotes: ["b"]}], partnerships: []}\n```',
        '{"takeaways": [ // the first\n' + ITEM + '], "partnerships": []}',
        '{"takeaways": [{"text": "a" "quotes": ["b"]}], "partnerships": []}',
        "{“takeaways”: [{“text”: “a”, “quotes”: [“b”]}], “partnerships”: []}",
    ],
)
def test_what_is_not_quite_json_is_repaired(text: str) -> None:
    assert read_object(text, KEYS) == (None, [])
    assert repaired_object(text, KEYS) == {"takeaways": [{"text": "a", "quotes": ["b"]}], "partnerships": []}


def test_quotation_marks_that_were_not_escaped_stay_in_the_words() -> None:
    found = repaired_object(
        '{"takeaways": [{"text": "He said "no" today", "quotes": ["b"]}], "partnerships": []}', KEYS
    )
    assert found is not None and found["takeaways"] == [{"text": 'He said "no" today', "quotes": ["b"]}]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I am happy to help!",
        "{'takeaways': [" + ITEM + ", {'text': 'Sales fell by 1",  # cut off within an item
        "{'takeaways': [" + ITEM + "]",  # cut off before the other list
        "{'takeaways': [" + ITEM + "], 'takeaways': [], 'partnerships': []}",
        '{"takeaways": ["' + 'x"y ' * 5_000 + '"], "partnerships": []}',
        '{"takeaways": ' + "[" * 50_000 + '"partnerships": []}',
    ],
)
def test_what_a_repair_would_have_to_guess_is_left_alone(text: str) -> None:
    assert repaired_object(text, KEYS) is None


def test_number_that_a_repair_would_rewrite_stays_malformed() -> None:
    found = repaired_object("{'takeaways': [{'text': 1.10, 'quotes': ['b']}], 'partnerships': []}", KEYS)
    assert found is not None and normalized(found["takeaways"][0])["text"] == 1.1


def test_cut_is_seen() -> None:
    assert is_cut(TEXT[:-1]) and is_cut('{"a": [') and is_cut('{"a": "x')
    assert not is_cut(TEXT) and not is_cut("no JSON") and not is_cut("")


ITEMS = [{"text": f'{n} }} \\ " {{', "quotes": ["«a»", "b } ]"]} for n in range(4)]
FULL = json.dumps({"takeaways": ITEMS, "partnerships": []}, ensure_ascii=False)


@settings(deadline=None)
@given(st.integers(0, len(FULL)))
def test_whole_items_survive_any_cut_and_no_half_item_does(cut: int) -> None:
    found = whole_items(FULL[:cut])
    kept = [] if found is None else found["takeaways"]
    assert kept == ITEMS[: len(kept)]
    assert len(kept) >= sum(FULL[:cut].count(json.dumps(item, ensure_ascii=False)) for item in ITEMS)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    read_object(text, KEYS)
    whole_items(text)
    is_cut(text)
    repaired_object(text, KEYS)
